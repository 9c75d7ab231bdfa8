import type { DraftRow, ProposalRow } from '#engine/store/profile-rows.ts'
import type { ProfileVersionRow } from './engine-reads.ts'
import type { TenantReader } from './tenant-reader.ts'

export interface DraftComment {
  readonly id: string
  readonly path: string
  readonly text: string
  readonly by: string
  readonly at: number
}

const DRAFT = 'SELECT id, base_version, source, revision, begun_by, begun_at, changed_by, changed_at'

/** Those changed last first. */
export function profileDrafts(reader: TenantReader): (DraftRow & { readonly comments: number })[] {
  return reader.all(`${DRAFT}, (SELECT count(*) FROM profile_comments WHERE draft_id = profile_drafts.id) AS comments FROM profile_drafts ORDER BY changed_at DESC, id DESC`)
}

export function profileDraft(reader: TenantReader, input: { readonly draftId: string }): { readonly draft: DraftRow; readonly comments: DraftComment[] } | null {
  const draft = reader.one<[string], DraftRow>(`${DRAFT} FROM profile_drafts WHERE id = ?`, input.draftId)
  if (draft === undefined) return null
  return { draft, comments: reader.all('SELECT id, path, text, by, at FROM profile_comments WHERE draft_id = ? ORDER BY id', input.draftId) }
}

export interface VersionRow extends ProfileVersionRow {
  readonly published_at: number
  /** JSON of a ProfileOrigin. */
  readonly origin: string
  readonly effective_at: number | null
  /** When it became active, last. */
  readonly activated_at: number | null
  /** JSON: by, at and reason, where it was withdrawn before its time. */
  readonly withdrawn: string | null
}

/** Newest first; `before`: only those below this version. `brief`: without their documents. */
export function profileVersions(reader: TenantReader, input: { readonly before?: number; readonly limit?: number; readonly brief?: boolean }): VersionRow[] {
  return reader.all(`SELECT version, digest, ${input.brief === true ? `'' AS source` : 'source'}, packs, site, published_at, origin, effective_at, activated_at, withdrawn FROM profiles WHERE version < ? ORDER BY version DESC LIMIT ?`,
    input.before ?? Number.MAX_SAFE_INTEGER, input.limit ?? -1)
}

/** The version that waits for its time, with what it was published as. */
export function scheduledProfile(reader: TenantReader): (ProfileVersionRow & { readonly effective_at: number }) | null {
  return reader.one(`SELECT version, digest, source, packs, site, effective_at FROM profiles WHERE effective_at IS NOT NULL AND activated_at IS NULL AND withdrawn IS NULL`) ?? null
}

export interface ProposalView extends ProposalRow {
  /** JSON: by, at and reason. */
  readonly decided: string | null
  /** The version that it became. */
  readonly version: number | null
}

const PROPOSAL = 'SELECT id, digest, proposed, proposed_by, proposed_at, reason, state, decided, version FROM profile_proposals'

/** Those that wait first, then the newest; `id`: only that one. */
export function profileProposals(reader: TenantReader, input: { readonly id?: string; readonly limit?: number }): ProposalView[] {
  return input.id === undefined ? reader.all(`${PROPOSAL} ORDER BY state <> 'open', id DESC LIMIT ?`, input.limit ?? 50) : reader.all(`${PROPOSAL} WHERE id = ?`, input.id)
}

import type { DraftRow } from '#engine/store/profile-rows.ts'
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

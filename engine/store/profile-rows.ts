import type { ProfileContent } from '#engine/log/event-types.ts'
import type { StatementCache } from './sqlite.ts'

/** Where a profile version comes from. */
export interface ProfileOrigin extends Pick<ProfileContent, 'base' | 'rolledBackTo' | 'impactRun' | 'differences' | 'comments'> {
  /** Who published it; where it was proposed, who proposed it. */
  readonly by: string
  readonly reason: string | null
  readonly proposal: { readonly id: string; readonly acceptedBy: string; readonly reason: string | null } | null
}

export interface NewProfileVersion {
  readonly version: number
  readonly digest: string
  readonly source: string
  /** JSON: pack id to PinnedPack. */
  readonly packs: string
  /** JSON: path to value. */
  readonly site: string
  /** JSON of a ProfileOrigin. */
  readonly origin: string
  /** Null: at once. */
  readonly effectiveAt: number | null
  readonly timeMs: number
}

export interface ProposalRow {
  readonly id: string
  readonly digest: string
  /** JSON of the event's data without these two. */
  readonly proposed: string
  readonly proposed_by: string
  readonly proposed_at: number
  readonly reason: string | null
  readonly state: 'open' | 'accepted' | 'declined' | 'withdrawn'
}

export interface DraftRow {
  readonly id: string
  readonly base_version: number
  readonly source: string
  readonly revision: number
  readonly begun_by: string
  readonly begun_at: number
  readonly changed_by: string
  readonly changed_at: number
}

/** Rows of profile versions, proposals and drafts, as commands write them. */
export class ProfileRows {
  readonly #statements: StatementCache

  constructor(statements: StatementCache) {
    this.#statements = statements
  }

  insert({ version, digest, source, packs, site, origin, effectiveAt, timeMs }: NewProfileVersion): void {
    this.#statements.get<[number, string, string, string, number, string, string, number | null], unknown>(
      'INSERT INTO profiles (version, digest, source, packs, published_at, site, origin, effective_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(version, digest, source, packs, timeMs, site, origin, effectiveAt)
  }

  activate(version: number, timeMs: number): void {
    this.#statements.get<[number, number], unknown>('UPDATE profiles SET activated_at = ? WHERE version = ?').run(timeMs, version)
  }

  withdraw(version: number, withdrawn: string): void {
    this.#statements.get<[string, number], unknown>('UPDATE profiles SET withdrawn = ? WHERE version = ?').run(withdrawn, version)
  }

  newest(): number {
    return this.#statements.get<[], { v: number | null }>('SELECT max(version) AS v FROM profiles').get()?.v ?? 0
  }

  digestOf(version: number): string | null {
    return this.#statements.get<[number], { digest: string }>('SELECT digest FROM profiles WHERE version = ?').get(version)?.digest ?? null
  }

  /** The version that waits for its time; there is one at most. */
  scheduled(): { readonly version: number; readonly effective_at: number } | null {
    return this.#statements.get<[], { version: number; effective_at: number }>(
      'SELECT version, effective_at FROM profiles WHERE effective_at IS NOT NULL AND activated_at IS NULL AND withdrawn IS NULL').get() ?? null
  }

  propose(id: string, digest: string, proposed: string, at: { readonly actor: string; readonly timeMs: number; readonly reason: string | null }): void {
    this.#statements.get<[string, string, string, string, number, string | null], unknown>(
      'INSERT INTO profile_proposals (id, digest, proposed, proposed_by, proposed_at, reason) VALUES (?, ?, ?, ?, ?, ?)').run(id, digest, proposed, at.actor, at.timeMs, at.reason)
  }

  closeProposal(id: string, state: 'accepted' | 'declined' | 'withdrawn', decided: string, version: number | null): void {
    this.#statements.get<[string, string, number | null, string], unknown>('UPDATE profile_proposals SET state = ?, decided = ?, version = ? WHERE id = ?').run(state, decided, version, id)
  }

  proposal(id: string): ProposalRow | null {
    return this.#statements.get<[string], ProposalRow>('SELECT id, digest, proposed, proposed_by, proposed_at, reason, state FROM profile_proposals WHERE id = ?').get(id) ?? null
  }

  openProposalOf(digest: string): string | null {
    return this.#statements.get<[string], { id: string }>(`SELECT id FROM profile_proposals WHERE digest = ? AND state = 'open'`).get(digest)?.id ?? null
  }

  draft(id: string): DraftRow | null {
    return this.#statements.get<[string], DraftRow>('SELECT id, base_version, source, revision, begun_by, begun_at, changed_by, changed_at FROM profile_drafts WHERE id = ?').get(id) ?? null
  }

  beginDraft(id: string, base: number, source: string, by: string, timeMs: number): void {
    this.#statements.get<[string, number, string, string, number, string, number], unknown>(
      'INSERT INTO profile_drafts (id, base_version, source, revision, begun_by, begun_at, changed_by, changed_at) VALUES (?, ?, ?, 1, ?, ?, ?, ?)').run(id, base, source, by, timeMs, by, timeMs)
  }

  saveDraft(id: string, change: { readonly base: number; readonly source: string; readonly revision: number; readonly by: string; readonly timeMs: number }): void {
    this.#statements.get<[number, string, number, string, number, string], unknown>(
      'UPDATE profile_drafts SET base_version = ?, source = ?, revision = ?, changed_by = ?, changed_at = ? WHERE id = ?').run(change.base, change.source, change.revision, change.by, change.timeMs, id)
  }

  /** With its comments. */
  deleteDraft(id: string): void {
    this.#statements.get<[string], unknown>('DELETE FROM profile_drafts WHERE id = ?').run(id)
  }

  comment(id: string, draft: string, path: string, text: string, by: string, timeMs: number): void {
    this.#statements.get<[string, string, string, string, string, number], unknown>('INSERT INTO profile_comments (id, draft_id, path, text, by, at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, draft, path, text, by, timeMs)
  }

  comments(draft: string): { readonly id: string; readonly path: string; readonly text: string; readonly by: string; readonly at: number }[] {
    return this.#statements.get<[string], { id: string; path: string; text: string; by: string; at: number }>('SELECT id, path, text, by, at FROM profile_comments WHERE draft_id = ? ORDER BY id').all(draft)
  }

  commentBy(draft: string, id: string): string | null {
    return this.#statements.get<[string, string], { by: string }>('SELECT by FROM profile_comments WHERE draft_id = ? AND id = ?').get(draft, id)?.by ?? null
  }

  removeComment(id: string): void {
    this.#statements.get<[string], unknown>('DELETE FROM profile_comments WHERE id = ?').run(id)
  }
}

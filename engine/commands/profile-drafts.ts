import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { DraftRow } from '#engine/store/profile-rows.ts'
import { command } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** Drafts are work in progress: rows beside the log. What becomes of one, publishing puts into the log. */
export const profileDrafts = {
  'begin-profile-draft': command<{ readonly source: string; readonly base: number; readonly asked?: unknown }, { readonly draftId: string; readonly revision: number; readonly base: number }>((writer, { source, base }, invocation) => {
    const draftId = writer.ids.next()
    writer.store.profiles.beginDraft(draftId, base, source, invocation.actor.id, writer.clock.now())
    return ok({ draftId, revision: 1, base })
    // Which version was active then does not make it another command.
  }, ({ asked, source }) => asked ?? source),

  'save-profile-draft': command<{ readonly draftId: string; readonly revision: number; readonly document: string; readonly base?: number | undefined }, { readonly revision: number; readonly base: number }>((writer, input, invocation) => {
    const found = draftAt(writer, input.draftId, input.revision)
    if (!found.ok) return found
    const draft = found.value
    const base = input.base ?? draft.base_version
    if (base !== draft.base_version && base !== writer.store.activeProfileVersion()) return staleBase(base, writer.store.activeProfileVersion())
    if (draft.source === input.document && base === draft.base_version) return ok({ revision: draft.revision, base })
    const revision = draft.revision + 1
    writer.store.profiles.saveDraft(draft.id, { base, source: input.document, revision, by: invocation.actor.id, timeMs: writer.clock.now() })
    return ok({ revision, base })
  }),

  'discard-profile-draft': command<{ readonly draftId: string; readonly revision: number }, Record<string, never>>((writer, input) => {
    const found = draftAt(writer, input.draftId, input.revision)
    if (!found.ok) return found
    writer.store.profiles.deleteDraft(input.draftId)
    return ok({})
  }),

  'comment-on-profile-draft': command<{ readonly draftId: string; readonly path: string; readonly text: string }, { readonly commentId: string }>((writer, { draftId, path, text }, invocation) => {
    if (writer.store.profiles.draft(draftId) === null) return unknownDraft(draftId)
    const commentId = writer.ids.next()
    writer.store.profiles.comment(commentId, draftId, path, text, invocation.actor.id, writer.clock.now())
    return ok({ commentId })
  }),

  'remove-profile-comment': command<{ readonly draftId: string; readonly commentId: string }, Record<string, never>>((writer, { draftId, commentId }, invocation) => {
    const by = writer.store.profiles.commentBy(draftId, commentId)
    if (by === null) return ok({})
    if (by !== invocation.actor.id) return refuse('KS-DRAFT-COMMENT', 'The comment is somebody else\'s.', 'Answer it with one of your own.', { by })
    writer.store.profiles.removeComment(commentId)
    return ok({})
  }),
} as const

/** A draft that nobody has saved since the revision named. */
export function draftAt(writer: TenantWriter, draftId: string, revision: number): Result<DraftRow> {
  const draft = writer.store.profiles.draft(draftId)
  if (draft === null) return unknownDraft(draftId)
  if (draft.revision !== revision) {
    return refuse('KS-DRAFT-CHANGED', `The draft was saved by ${draft.changed_by} meanwhile.`, 'Look at what they changed, merge, and save again.',
      { draft: draftId, by: draft.changed_by, at: new Date(draft.changed_at).toISOString(), revision: draft.revision, yours: revision })
  }
  return ok(draft)
}

export function staleBase(base: number, active: number): Result<never> {
  return refuse('KS-PROFILE-BASE', `This was made from version ${base} of the profile, and version ${active} is active by now.`, 'Merge it with the active version, then publish again.', { base, active })
}

function unknownDraft(draftId: string): Result<never> {
  return refuse('KS-DRAFT-UNKNOWN', 'There is no such draft: it was published or thrown away.', 'Look at the list of drafts, or begin another.', { draft: draftId })
}

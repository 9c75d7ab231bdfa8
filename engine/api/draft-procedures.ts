import { RefusalError } from '#engine/core/refusal.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { DraftRow } from '#engine/store/profile-rows.ts'
import { actorOf } from './actors.ts'
import { profileViews, unknownDraft } from './profile-views.ts'
import type { Gated } from './procedures.ts'

/** Drafts of profiles, and remarks on them. */
export function draftProcedures({ commands, queries }: Gated, runtime: SiteRuntime) {
  const { done, iso, titleOf, commentView, activeVersion } = profileViews(runtime)
  const draftView = ({ id, base_version: base, source, revision, begun_by, begun_at, changed_by, changed_at }: DraftRow, tenant: string, active: number) => ({
    id, base, outdated: base !== active, revision, title: titleOf(source) ?? tenant,
    begunBy: actorOf(runtime.site, begun_by), begunAt: iso(begun_at), changedBy: actorOf(runtime.site, changed_by), changedAt: iso(changed_at),
  })
  return {
    commands: {
      'begin-profile-draft': commands['begin-profile-draft'].handler(async ({ input: { tenant, document, version }, context }) => {
        const base = await activeVersion(tenant)
        const from = await runtime.reader.read(tenant, 'profile-version', { version: version ?? base })
        if (from === null && document === undefined) {
          throw new RefusalError({ code: 'KS-PROFILE-VERSION-UNKNOWN', message: `There is no version ${version ?? base} of the profile.`, remedy: 'Look at the list of versions.', values: { version: version ?? base } })
        }
        return done(await runtime.tenant(tenant).run('begin-profile-draft', { source: document ?? from?.source ?? '', base, asked: { document, version } }, context.invocation))
      }),
      'save-profile-draft': commands['save-profile-draft'].handler(async ({ input: { tenant, draftId, revision, document, base }, context }) =>
        done(await runtime.tenant(tenant).run('save-profile-draft', { draftId, revision, document, base }, context.invocation))),
      'discard-profile-draft': commands['discard-profile-draft'].handler(async ({ input: { tenant, draftId, revision }, context }) =>
        done(await runtime.tenant(tenant).run('discard-profile-draft', { draftId, revision }, context.invocation))),
      'comment-on-profile-draft': commands['comment-on-profile-draft'].handler(async ({ input: { tenant, draftId, path, text }, context }) =>
        done(await runtime.tenant(tenant).run('comment-on-profile-draft', { draftId, path, text }, context.invocation))),
      'remove-profile-comment': commands['remove-profile-comment'].handler(async ({ input: { tenant, draftId, commentId }, context }) =>
        done(await runtime.tenant(tenant).run('remove-profile-comment', { draftId, commentId }, context.invocation))),
    },
    queries: {
      'profile-drafts': queries['profile-drafts'].handler(async ({ input: { tenant } }) => {
        const active = await activeVersion(tenant)
        const rows = await runtime.reader.read(tenant, 'profile-drafts', {})
        return { rows: rows.map(row => ({ ...draftView(row, tenant, active), comments: row.comments })) }
      }),
      'profile-draft': queries['profile-draft'].handler(async ({ input: { tenant, draftId } }) => {
        const active = await activeVersion(tenant)
        const found = await runtime.reader.read(tenant, 'profile-draft', { draftId })
        if (found === null) throw unknownDraft(draftId)
        return { ...draftView(found.draft, tenant, active), source: found.draft.source, active, comments: found.comments.map(each => commentView({ ...each, at: iso(each.at) })) }
      }),
    },
  }
}

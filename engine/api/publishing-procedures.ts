import { RefusalError, type Result } from '#engine/core/refusal.ts'
import { readProfile } from '#engine/profiles/index.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { DraftRow } from '#engine/store/profile-rows.ts'
import { actorOf } from './actors.ts'
import { unwrap, type Gated } from './procedures.ts'

/** Drafts of profiles, and what becomes of them. */
export function publishingProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  /** Names whoever a refusal speaks of: the log holds ids. */
  const done = <T>(result: Result<T>): T => unwrap(withName(runtime, result))
  const draftView = ({ id, base_version: base, source, revision, begun_by, begun_at, changed_by, changed_at }: DraftRow, tenant: string, active: number) => ({
    id, base, outdated: base !== active, revision, title: titleOf(source) ?? tenant,
    begunBy: actorOf(runtime.site, begun_by), begunAt: iso(begun_at), changedBy: actorOf(runtime.site, changed_by), changedAt: iso(changed_at),
  })
  const activeVersion = async (tenant: string): Promise<number> => (await runtime.tenant(tenant).activeProfile())?.version ?? 0
  return {
    commands: {
      'begin-profile-draft': commands['begin-profile-draft'].handler(async ({ input: { tenant, document, version }, context }) => {
        const base = await activeVersion(tenant)
        const from = await runtime.reader.read(tenant, 'profile-version', { version: version ?? base })
        if (from === null && document === undefined) throw unknownVersion(version ?? base)
        return done(await runtime.tenant(tenant).run('begin-profile-draft', { source: document ?? from?.source ?? '', base }, context.invocation))
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
        if (found === null) {
          throw new RefusalError({ code: 'KS-DRAFT-UNKNOWN', message: 'There is no such draft: it was published or thrown away.', remedy: 'Look at the list of drafts, or begin another.', values: { draft: draftId } })
        }
        return {
          ...draftView(found.draft, tenant, active), source: found.draft.source, active,
          comments: found.comments.map(({ by, at, ...comment }) => ({ ...comment, by: actorOf(runtime.site, by), at: iso(at) })),
        }
      }),
    },
  }
}

function withName<T>(runtime: SiteRuntime, result: Result<T>): Result<T> {
  if (result.ok) return result
  const { refusal } = result
  const by = refusal.values?.['by']
  if (typeof by !== 'string') return result
  const name = actorOf(runtime.site, by).name ?? by
  return { ok: false, refusal: { ...refusal, message: refusal.message.replace(by, name), values: { ...refusal.values, name } } }
}

function titleOf(source: string): string | null {
  const read = readProfile(source)
  return read.ok ? read.value.title : null
}

function unknownVersion(version: number): RefusalError {
  return new RefusalError({ code: 'KS-PROFILE-VERSION-UNKNOWN', message: `There is no version ${version} of the profile.`, remedy: 'Look at the list of versions.', values: { version } })
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

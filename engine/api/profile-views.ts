import { RefusalError, type Result } from '#engine/core/refusal.ts'
import { readProfile } from '#engine/profiles/index.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { actorOf } from './actors.ts'
import { unwrap } from './procedures.ts'

/** Who decided something, when and why, as rows keep it. */
export interface Decided { readonly by: string; readonly at: number; readonly reason: string | null }

interface Comment { readonly id: string; readonly path: string; readonly text: string; readonly by: string; readonly at: string }

/** How rows of profiles are shown to people: with names, which the log does not hold, and times as text. */
export function profileViews(runtime: SiteRuntime) {
  const iso = (ms: number): string => new Date(ms).toISOString()
  return {
    iso,
    activeVersion: async (tenant: string): Promise<number> => (await runtime.tenant(tenant).activeProfile())?.version ?? 0,
    titleOf: (source: string): string | null => {
      const read = readProfile(source)
      return read.ok ? read.value.title : null
    },
    commentView: ({ by, ...comment }: Comment) => ({ ...comment, by: actorOf(runtime.site, by) }),
    decidedView: ({ by, at, reason }: Decided) => ({ by: actorOf(runtime.site, by), at: iso(at), reason }),
    /** The value of a result; a refusal that speaks of a person names them. */
    done: <T>(result: Result<T>): T => unwrap(withName(runtime, result)),
  }
}

export function unknownDraft(draftId: string): RefusalError {
  return new RefusalError({ code: 'KS-DRAFT-UNKNOWN', message: 'There is no such draft: it was published or thrown away.', remedy: 'Look at the list of drafts, or begin another.', values: { draft: draftId } })
}

function withName<T>(runtime: SiteRuntime, result: Result<T>): Result<T> {
  if (result.ok) return result
  const { refusal } = result
  const by = refusal.values?.['by']
  if (typeof by !== 'string') return result
  const name = actorOf(runtime.site, by).name ?? by
  return { ok: false, refusal: { ...refusal, message: refusal.message.replace(by, name), values: { ...refusal.values, name } } }
}

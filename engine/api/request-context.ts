import type { Credentials } from '#engine/access/index.ts'
import type { Actor, Invocation } from '#engine/core/invocation.ts'
import type { Ids } from '#engine/core/ports.ts'

/** What a transport knows about a call before anyone has looked at it; the initial context of every procedure. */
export interface RequestContext extends Credentials {
  /** BCP 47 tag that the client asks for. */
  readonly locale: string | null
}

/** The optional `invocation` of a command's input. */
export interface InvocationInput {
  readonly id?: string | undefined
  readonly correlationId?: string | undefined
  readonly parentId?: string | undefined
  readonly reason?: string | undefined
  readonly locale?: string | undefined
}

/** What the engine adds to an invocation. */
export interface InvocationScope {
  readonly actor: Actor
  readonly tenant: string
  readonly site: string
  readonly toggles?: readonly string[]
}

/** Completes the invocation of one call: the client's ids where it gave them, fresh ones where not. */
export function invocationFrom(
  context: RequestContext, scope: InvocationScope, input: InvocationInput | undefined, ids: Ids,
): Invocation {
  const id = input?.id ?? ids.next()
  return {
    id,
    correlationId: input?.correlationId ?? id,
    parentId: input?.parentId ?? null,
    tenant: scope.tenant,
    actor: scope.actor,
    locale: input?.locale ?? context.locale ?? 'en',
    site: scope.site,
    reason: input?.reason ?? null,
    toggles: scope.toggles ?? [],
  }
}

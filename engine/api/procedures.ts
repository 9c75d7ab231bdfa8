import { implement, ORPCError } from '@orpc/server'
import { mayAlso, type Permission, type Principal } from '#engine/access/index.ts'
import type { Actor, Invocation } from '#engine/core/invocation.ts'
import { RefusalError, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { SITE_STREAM } from '#engine/sync/protocol.ts'
import { contract } from './contract/index.ts'
import { invocationFrom, type InvocationInput, type RequestContext } from './request-context.ts'

/** What every procedure finds beside its input, once the call was let in. */
export interface CallContext {
  readonly principal: Principal | null
  readonly actor: Actor
  readonly invocation: Invocation
}

/** Status of a refusal on HTTP. */
function statusOf(code: string): number {
  if (code === 'KS-ACCESS-SIGN-IN' || code === 'KS-ACCESS-WRONG-PASSWORD') return 401
  if (code === 'KS-ACCESS-NO-TENANT') return 400
  if (code.startsWith('KS-ACCESS-DENIED') || code === 'KS-APPROVAL-ROLE') return 403
  if (code.endsWith('-UNKNOWN')) return 404
  if (code === 'KS-ACCESS-SLOW-DOWN') return 429
  if (code.startsWith('KS-STORE-')) return 503
  return 409
}

/** A refusal as it leaves the engine: its code, sentence, remedy and values. */
export function refusalError(refusal: Refusal): ORPCError<string, { remedy: string; values: Refusal['values'] }> {
  return new ORPCError(refusal.code, {
    status: statusOf(refusal.code), message: refusal.message, data: { remedy: refusal.remedy, values: refusal.values },
  })
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw refusalError(result.refusal)
  return result.value
}

/** The contract with the gate in front of every procedure: who calls, may they, and under which invocation. */
export function gatedContract(runtime: SiteRuntime) {
  return implement(contract).$context<RequestContext>().use(async ({ context, path, next }, input: unknown) => {
    const given = (typeof input === 'object' && input !== null ? input : {}) as { tenant?: unknown; invocation?: InvocationInput }
    const tenant = typeof given.tenant === 'string' ? given.tenant : null
    const principal = await runtime.access.identify(context)
    const actor = unwrap(runtime.access.authorise({ procedure: path.join('/'), principal, tenant, siteIsSetUp: runtime.isSetUp() }))
    const invocation = invocationFrom(context, { actor, tenant: tenant ?? SITE_STREAM, site: runtime.site.site().id }, given.invocation, runtime.options.ids)
    const startedAt = performance.now()
    const tell = (outcome: string): void => logCall(runtime, path, invocation, outcome, performance.now() - startedAt)
    try {
      const result = await next({ context: { principal, actor, invocation } satisfies CallContext })
      tell('done')
      return result
    } catch (error) {
      const thrown = error instanceof RefusalError ? refusalError(error.refusal) : error
      tell(thrown instanceof ORPCError ? thrown.code : 'KS-BUG')
      throw thrown
    }
  })
}

/** Every command leaves a line with its invocation; queries only where they are refused. */
function logCall(runtime: SiteRuntime, path: readonly string[], invocation: Invocation, outcome: string, durationMs: number): void {
  if (path[0] !== 'commands' && outcome === 'done') return
  const { id, correlationId, parentId, tenant, actor, site } = invocation
  const line = {
    procedure: path.join('/'), invocation: id, correlation: correlationId, parent: parentId, tenant, actor: actor.id, signedInBy: actor.method, site, outcome,
    durationMs: Math.round(durationMs * 10) / 10,
  }
  if (outcome === 'done') runtime.options.log.info(line, 'command')
  // A refusal is an answer, and whoever asked has it.
  else runtime.options.log.info(line, 'call refused')
}

export type Gated = ReturnType<typeof gatedContract>

export function need(actor: Actor, permission: Permission, what: string): void {
  if (mayAlso(actor, permission)) return
  throw refusalError({ code: 'KS-ACCESS-DENIED', message: `You may not ${what}.`, remedy: `Ask an administrator for a role that carries "${permission}".`, values: { permission } })
}

export function seesPersonal(actor: Actor): boolean {
  return mayAlso(actor, 'orders.personal')
}

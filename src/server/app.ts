import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { onError } from '@orpc/server'
import { RPCHandler } from '@orpc/server/fetch'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { RequestContext } from '#engine/api/request-context.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import type { EngineLog } from '#engine/engine.ts'
import { authorizationOf, withoutSessionCookie, withSessionCookie, type CookieRules } from './browser-session.ts'
import { bulkInput, MOST_BULK_ITEMS, runBulk, type BulkGroup } from './bulk.ts'
import { openApiDocument } from './openapi-document.ts'
import { originFault, type OriginRules } from './origin-guard.ts'
import type { ServedEngine } from './served-engine.ts'
import { notFound, onlyPost, tooLarge, wireRefusal } from './wire-refusal.ts'

const LARGEST_BODY = 32 * 1024 * 1024

export interface AppOptions {
  readonly engine: ServedEngine
  readonly version: string
  readonly log: EngineLog
  /** Set on the local socket, where the file permissions are the proof; null where callers come over the network. */
  readonly local: { readonly osUser: string } | null
  /** Null on the local socket. */
  readonly origin: OriginRules | null
  readonly cookie: CookieRules
  /** The console; null where this door does not serve it. */
  readonly page: ((request: Request) => Response | null) | null
}

/** Everything that one door of the server answers, as one fetch handler. */
export function createApp(options: AppOptions): Hono {
  const { engine, version, log, origin, page } = options
  const report = (error: unknown): void => {
    if (wireRefusal(error).status === 500) log.error({ error }, 'a procedure failed')
  }
  const rest = new OpenAPIHandler<RequestContext>(engine.router, {
    interceptors: [onError(report)], customErrorResponseBodyEncoder: error => ({ error: wireRefusal(error).error }),
  })
  const rpc = new RPCHandler<RequestContext>(engine.router, { interceptors: [onError(report)] })
  const openApi = openApiDocument(version)
  const app = new Hono()

  app.use(async (c, next) => {
    const fault = origin === null ? null : originFault(askedFrom(c), origin)
    if (fault !== null) return refused(c, fault.code === 'KS-HTTP-HOST' ? 421 : 403, fault)
    await next()
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('cross-origin-opener-policy', 'same-origin')
    c.header('cross-origin-resource-policy', 'same-origin')
    return undefined
  })
  app.use(bodyLimit({ maxSize: LARGEST_BODY, onError: c => refused(c, 413, tooLarge()) }))
  app.get('/healthz', c => c.json({ status: 'ok' }))
  app.get('/openapi.json', async c => c.json(await openApi))
  app.post('/commands', c => bulk(c, 'commands'))
  app.post('/queries', c => bulk(c, 'queries'))
  app.post('/rpc/*', c => serve(c, rpc, '/rpc'))
  for (const path of ['/commands/*', '/queries/*', '/streams/*']) app.post(path, c => serve(c, rest, '/'))
  for (const path of ['/rpc/*', '/commands/*', '/queries/*', '/streams/*']) app.all(path, c => refused(c, 405, onlyPost()))
  app.on(['GET', 'HEAD'], '*', c => page?.(c.req.raw) ?? refused(c, 404, notFound()))
  app.notFound(c => refused(c, 404, notFound()))
  app.onError((error, c) => {
    const { status, error: refusal } = wireRefusal(error)
    report(error)
    return refused(c, status, refusal)
  })
  return app

  async function serve(c: Context, handler: typeof rest | typeof rpc, prefix: '/' | '/rpc'): Promise<Response> {
    const { matched, response } = await handler.handle(c.req.raw, { prefix, context: contextOf(c, options) })
    if (!matched) return refused(c, 404, notFound())
    if (!fromPage(c) || !response.ok) return response
    if (c.req.path.endsWith('/commands/sign-in')) return await withSessionCookie(response, options.cookie)
    if (c.req.path.endsWith('/commands/sign-out')) return withoutSessionCookie(response, options.cookie)
    return response
  }

  async function bulk(c: Context, group: BulkGroup): Promise<Response> {
    const input = bulkInput.safeParse(await c.req.json().catch(() => null))
    if (!input.success) {
      return refused(c, 400, {
        code: 'KS-HTTP-INPUT', message: `A list of at most ${MOST_BULK_ITEMS} items { name, input } is expected.`, remedy: 'Correct the input; /openapi.json describes it.',
      })
    }
    return c.json(await runBulk(engine, group, input.data, contextOf(c, options), report))
  }
}

function contextOf(c: Context, { local, cookie }: AppOptions): RequestContext {
  return {
    authorization: authorizationOf(c.req.header('authorization') ?? null, c.req.header('cookie') ?? null, cookie),
    local,
    locale: c.req.header('accept-language')?.split(/[,;]/, 1)[0]?.trim() || null,
  }
}

function askedFrom(c: Context): Parameters<typeof originFault>[0] {
  return {
    host: c.req.header('host') ?? null, origin: c.req.header('origin') ?? null, fetchSite: c.req.header('sec-fetch-site') ?? null, method: c.req.method,
  }
}

function fromPage(c: Context): boolean {
  return c.req.header('sec-fetch-site') === 'same-origin'
}

function refused(c: Context, status: number, error: Refusal): Response {
  return c.newResponse(JSON.stringify({ error }), status as 400, { 'content-type': 'application/json' })
}

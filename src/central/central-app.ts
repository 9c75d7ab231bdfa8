import { createHash, timingSafeEqual } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono, type Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { refuse, RefusalError } from '#engine/core/refusal.ts'
import { isLoopback } from '#engine/sync/central-address.ts'
import { ENCODINGS } from '#engine/sync/compression.ts'
import type { SigningKey } from '#engine/sync/keys.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import { PATHS, SYNC_VERSIONS, type HelloAnswer, type RefusalAnswer } from '#engine/sync/protocol.ts'
import { acceptBatch, listHeads } from './accept-batch.ts'
import type { Answer, CentralParts } from './central-parts.ts'
import { enrolSite } from './enrol-site.ts'
import { listSites } from './list-sites.ts'

const STATUS: Readonly<Record<string, ContentfulStatusCode>> = {
  'KS-SYNC-UNSIGNED': 401, 'KS-SYNC-SIGNATURE': 401, 'KS-SYNC-NOT-ENROLLED': 403, 'KS-SYNC-CODE': 403, 'KS-SYNC-SITE-TAKEN': 403,
  'KS-CENTRAL-TOKEN': 401, 'KS-SYNC-REPLAYED': 409, 'KS-SYNC-GAP': 409, 'KS-SYNC-FORK': 409, 'KS-SYNC-TOO-LARGE': 413,
  'KS-SYNC-ENCODING': 415, 'KS-SYNC-VERSION': 426, 'KS-SYNC-UNKNOWN-PATH': 404,
  'KS-SYNC-PLAIN-HTTP': 403, 'KS-SYNC-TOO-MANY-TRIES': 429,
}

export function createCentralApp(parts: CentralParts): Hono {
  const app = new Hono()
  app.get('/healthz', (c) => c.json({ ok: true }))
  app.use(async (c, next) => isPrivate(c, parts) ? await next() : answer(c, plainHttp()))
  app.get(PATHS.hello, (c) => c.json(hello(parts.key)))
  app.use('/sync/*', async (c, next) => {
    const version = c.req.header('keelson-sync-version') ?? ''
    return SYNC_VERSIONS.map(String).includes(version) ? await next() : answer(c, unknownVersion(version))
  })
  app.post(PATHS.enrol, async (c) => answer(c, await enrolSite(c.req.raw, whoAsks(c, parts), parts)))
  app.post(PATHS.events, async (c) => answer(c, await acceptBatch(c.req.raw, parts)))
  app.get(PATHS.heads, async (c) => answer(c, await listHeads(c.req.raw, parts)))
  app.get('/sites', async (c) => isAdmin(c, parts.adminToken) ? c.json(await listSites(parts.store, parts.clock)) : answer(c, wrongToken()))
  app.notFound((c) => answer(c, refuse('KS-SYNC-UNKNOWN-PATH', 'Central has nothing at this address.', 'Check the address of central.')))
  app.onError((error, c) => error instanceof RefusalError ? answer(c, { ok: false, refusal: error.refusal }) : failed(c, error, parts.log))
  return app

  function answer(c: Context, result: Answer): Response {
    if (!result.ok) parts.figures.refused(result.refusal.code)
    return respond(c, result)
  }
}

function respond(c: Context, result: Answer): Response {
  if (result.ok) return c.json(result.value)
  const body: RefusalAnswer = { error: result.refusal, ...(result.receipt === undefined ? {} : { receipt: result.receipt }) }
  return c.json(body, STATUS[result.refusal.code] ?? 400)
}

function failed(c: Context, error: Error, log: SyncLog): Response {
  log.error({ path: c.req.path, error: error.message, stack: error.stack }, 'a request failed')
  return c.json({ error: { code: 'KS-CENTRAL-FAILED', message: 'Central could not store this.', remedy: 'Look at the log of central; the site keeps its events and tries again.' } }, 500)
}

/** Whether nobody between the site and here could read along: it came over TLS, as the proxy says, or from this machine. */
function isPrivate(c: Context, { allowPlainHttp }: CentralParts): boolean {
  const protocol = c.req.header('x-forwarded-proto')
  return allowPlainHttp || (protocol === undefined ? isLoopback(peerOf(c)) : protocol === 'https')
}

function peerOf(c: Context): string {
  return getConnInfo(c).remote.address ?? ''
}

/** Where a request came from; behind a proxy of ours what that one added last, since the rest anybody may have written. */
function whoAsks(c: Context, { behindProxy }: CentralParts): string {
  const forwarded = behindProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded ?? peerOf(c)
}

function plainHttp(): Answer {
  return refuse(
    'KS-SYNC-PLAIN-HTTP', 'Central takes nothing over plain http from another machine: everybody in between could read it.',
    'Put a proxy that ends TLS in front of central and use its https:// address. Where the network itself is protected, start central with --allow-plain-http.',
  )
}

function hello(key: SigningKey): HelloAnswer {
  return { versions: [...SYNC_VERSIONS], encodings: [...ENCODINGS], keyId: key.keyId, publicKey: key.publicKey }
}

function isAdmin(c: Context, adminToken: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(c.req.header('authorization') ?? ''), digest(`Bearer ${adminToken}`))
}

function wrongToken(): Answer {
  return refuse('KS-CENTRAL-TOKEN', 'This needs the admin token of central.', 'Send it as `Authorization: Bearer …`; central printed it when it was first started.')
}

function unknownVersion(version: string): Answer {
  return refuse(
    'KS-SYNC-VERSION', `Central does not speak version ${version || '(none)'} of the sync protocol.`,
    'Update Keelson on the site or at central; the site keeps its events until then.', { supported: SYNC_VERSIONS.join(', ') },
  )
}

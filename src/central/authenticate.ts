import type { Clock } from '#engine/core/ports.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { contentDigest, readSignature, verifySignature, type ReceivedSignature, type SignableRequest } from '#engine/sync/http-signature.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import { LIMITS } from '#engine/sync/protocol.ts'
import type { CentralStore, EnrolledSite } from './central-store.ts'

export interface AuthenticRequest {
  readonly site: EnrolledSite
  readonly signature: ReceivedSignature
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** Further than this the clocks are worth a line in the log; nothing is refused for it: counters keep replays out. */
const SKEW_WORTH_A_LINE_MS = 5 * 60_000

/** Who sent this, proven: an enrolled key, its signature over the request, and the digest over the body. */
export async function authenticate(
  request: Request, { store, clock, log }: { readonly store: CentralStore; readonly clock: Clock; readonly log: SyncLog },
): Promise<Result<AuthenticRequest>> {
  const signed = signable(request)
  const signature = readSignature(signed)
  if (!signature.ok) return signature
  const site = await store.siteByKey(signature.value.keyId)
  if (site === null) return notEnrolled()
  const body = await readBody(request, LIMITS.maxBytes)
  if (!body.ok) return body
  const genuine = checkSignature(signed, signature.value, body.value, site.publicKey)
  if (!genuine.ok) return genuine
  const skewMs = signature.value.created * 1000 - clock.now()
  if (Math.abs(skewMs) > SKEW_WORTH_A_LINE_MS) log.warn({ site: site.site, skewMs }, 'the clocks of this site and central differ')
  return ok({ site, signature: signature.value, body: body.value, headers: signed.headers })
}

export function notEnrolled(): Result<never> & { readonly ok: false } {
  return refuse('KS-SYNC-NOT-ENROLLED', 'Central does not know the key of this site.', 'Make an enrolment code at central and enrol the site with it.')
}

export function signable(request: Request): SignableRequest {
  const url = new URL(request.url)
  return { method: request.method, path: url.pathname, authority: url.host, headers: Object.fromEntries(request.headers) }
}

/** The whole body; its length must be stated, so that a large one is refused before it is read. */
export async function readBody(request: Request, maxBytes: number): Promise<Result<Uint8Array>> {
  if (request.method === 'GET') return ok(new Uint8Array())
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (!Number.isSafeInteger(length)) return refuse('KS-SYNC-MALFORMED', 'The request does not state its length.', 'Send it with Content-Length.')
  if (length > maxBytes) {
    return refuse('KS-SYNC-TOO-LARGE', `The request has ${length} bytes, central takes ${maxBytes}.`, 'Send smaller batches.', { bytes: length })
  }
  try {
    return ok(new Uint8Array(await request.arrayBuffer()))
  } catch {
    return refuse('KS-SYNC-MALFORMED', 'The connection broke before the request was whole.', 'The site sends it again by itself.')
  }
}

export function checkSignature(request: SignableRequest, signature: ReceivedSignature, body: Uint8Array, publicKey: string): Result<true> {
  if (request.headers['content-digest'] !== contentDigest(body)) {
    return refuse('KS-SYNC-DIGEST', 'The body is not the one that was signed: it changed on its way.', 'The site sends it again by itself; if this goes on, look at what sits between site and central.')
  }
  if (!verifySignature(signature, publicKey)) {
    return refuse('KS-SYNC-SIGNATURE', 'The signature does not belong to this request and key.', 'If the key of the site was replaced, enrol the site again with a code made for it.')
  }
  return ok(true)
}

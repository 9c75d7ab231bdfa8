import type { z } from 'zod'
import type { Clock } from '#engine/core/ports.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import type { Batch } from './batch.ts'
import { chooseEncoding, compress, type Encoding } from './compression.ts'
import { contentDigest, signatureHeaders } from './http-signature.ts'
import type { SigningKey } from './keys.ts'
import type { Timers } from './ports.ts'
import { enrolAnswer, eventsAnswer, headsAnswer, helloAnswer, PATHS, refusalAnswer, SYNC_VERSIONS, type EnrolAnswer, type EnrolRequest, type HelloAnswer } from './protocol.ts'
import type { SyncReceipt } from './receipt.ts'

/** What central answered; `unreachable` when nothing that speaks the protocol did. */
export type CentralAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly receipt: SyncReceipt | null | undefined }
  | { readonly kind: 'unreachable'; readonly refusal: Refusal }

export interface ClientParts {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly timers: Timers
  readonly key: SigningKey
}

export interface PackedBatch {
  readonly bytes: Uint8Array
  readonly encoding: Encoding
}

/** No answer for this long: the connection is given up and the request counts as unreachable. */
const PATIENCE_MS = 60_000

/** Central as a site calls it. Keeps the site's counter, which rises with every request and survives a wrong clock. */
export class CentralClient {
  readonly #parts: ClientParts
  readonly #central: string
  readonly #underWay = new Set<AbortController>()
  #closed = false
  #counter: number
  #encoding: Encoding = 'gzip'

  constructor(central: string, parts: ClientParts) {
    this.#central = central.replace(/\/+$/, '')
    this.#parts = parts
    this.#counter = parts.clock.now() * 1_000
  }

  /** Asks who central is and what it can; chooses the protocol's version and the encoding. */
  async hello(): Promise<CentralAnswer<HelloAnswer>> {
    const answer = await this.#send('GET', PATHS.hello, {}, undefined, helloAnswer)
    if (answer.kind !== 'ok') return answer
    if (!SYNC_VERSIONS.some((version) => answer.value.versions.includes(version))) return unknownVersion(answer.value.versions)
    this.#encoding = chooseEncoding(answer.value.encodings)
    return answer
  }

  /** Has this many connections made, beside those in use: what is asked over them does not matter. */
  async connect(connections: number): Promise<void> {
    await Promise.all(Array.from({ length: connections }, () => this.#send('GET', PATHS.hello, {}, undefined, helloAnswer)))
  }

  async enrol(request: EnrolRequest): Promise<CentralAnswer<EnrolAnswer>> {
    const body = Buffer.from(JSON.stringify(request), 'utf8')
    return await this.#signed('POST', PATHS.enrol, body, 'application/json', 'identity', enrolAnswer)
  }

  /** Compresses a batch. Apart from `push`, so that batches leave in the order in which they were packed. */
  async pack(batch: Batch): Promise<PackedBatch> {
    const encoding = this.#encoding
    return { bytes: await compress(batch.bytes, encoding), encoding }
  }

  async push({ bytes, encoding }: PackedBatch): Promise<CentralAnswer<{ readonly receipt: SyncReceipt }>> {
    return await this.#signed('POST', PATHS.events, bytes, 'application/x-ndjson', encoding, eventsAnswer)
  }

  fallBackToGzip(): void {
    this.#encoding = 'gzip'
  }

  async heads(): Promise<CentralAnswer<{ readonly receipts: readonly SyncReceipt[] }>> {
    return await this.#signed('GET', PATHS.heads, undefined, 'application/json', 'identity', headsAnswer)
  }

  /** Central has seen a higher counter of this key: go on above it. */
  raiseCounter(taken: number): void {
    this.#counter = Math.max(this.#counter, taken)
  }

  /** Gives up what is under way. Nothing is lost by it: what central stored is recognised when it is sent again. */
  close(): void {
    this.#closed = true
    for (const request of this.#underWay) request.abort(new Error('the site is shutting down'))
  }

  async #signed<T>(
    method: 'GET' | 'POST', path: string, body: Uint8Array | undefined, type: string, encoding: string, shape: z.ZodType<T>,
  ): Promise<CentralAnswer<T>> {
    this.#counter += 1
    const headers = {
      'content-type': type, 'content-encoding': encoding, 'content-digest': contentDigest(body ?? new Uint8Array()),
      'keelson-sync-version': String(SYNC_VERSIONS[0]),
    }
    const { key, clock } = this.#parts
    const parameters = { created: Math.floor(clock.now() / 1_000), keyId: key.keyId, counter: this.#counter }
    const signature = signatureHeaders({ method, path, authority: '', headers }, parameters, key)
    return await this.#send(method, path, { ...headers, ...signature }, body, shape)
  }

  async #send<T>(
    method: string, path: string, headers: Readonly<Record<string, string>>, body: Uint8Array | undefined, shape: z.ZodType<T>,
  ): Promise<CentralAnswer<T>> {
    if (this.#closed) return unreachable('the site is shutting down')
    const stop = new AbortController()
    this.#underWay.add(stop)
    const cancel = this.#parts.timers.after(PATIENCE_MS, () => stop.abort(new Error(`no answer for ${PATIENCE_MS / 1_000} s`)))
    try {
      const response = await this.#parts.fetch(`${this.#central}${path}`, {
        method, headers, signal: stop.signal, redirect: 'error', ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
      })
      return readAnswer(response.ok, response.status, await response.text(), shape)
    } catch (error) {
      return unreachable(describe(error))
    } finally {
      cancel()
      this.#underWay.delete(stop)
    }
  }
}

function readAnswer<T>(success: boolean, status: number, text: string, shape: z.ZodType<T>): CentralAnswer<T> {
  const json = parseJson(text)
  if (success) {
    const value = shape.safeParse(json)
    return value.success ? { kind: 'ok', value: value.data } : unreachable('what answered does not speak the sync protocol')
  }
  const refused = refusalAnswer.safeParse(json)
  // 5xx is trouble of central's own: it passes, like a broken connection.
  if (!refused.success || status >= 500) return unreachable(`central answered with status ${status}`)
  const { error, receipt } = refused.data
  const refusal: Refusal = { code: error.code as Refusal['code'], message: error.message, remedy: error.remedy, ...(error.values === undefined ? {} : { values: error.values }) }
  return { kind: 'refused', refusal, receipt }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** `fetch` puts what happened into the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}

function unreachable(why: string): { readonly kind: 'unreachable'; readonly refusal: Refusal } {
  return {
    kind: 'unreachable',
    refusal: {
      code: 'KS-SYNC-OUT-OF-REACH', message: `Central cannot be reached: ${why}.`,
      remedy: 'Check the network and the address of central. Work goes on; the site sends what is waiting as soon as it can.', values: { why },
    },
  }
}

function unknownVersion(versions: readonly number[]): CentralAnswer<never> {
  return {
    kind: 'refused', receipt: undefined,
    refusal: {
      code: 'KS-SYNC-VERSION', message: `Central speaks versions ${versions.join(', ')} of the sync protocol, this site ${SYNC_VERSIONS.join(', ')}.`,
      remedy: 'Update Keelson on the site or at central; the site keeps its events until then.',
    },
  }
}

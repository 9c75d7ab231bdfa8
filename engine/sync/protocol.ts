import { z } from 'zod'
import type { Refusal } from '#engine/core/refusal.ts'

/** Versions of the protocol that this build speaks, newest first. The version is in the path and is signed as a field. */
export const SYNC_VERSIONS: readonly number[] = [1]

/** Tenant name under which a site sends its own log. */
export const SITE_STREAM = '$site'

export const PATHS = {
  hello: '/sync/hello',
  enrol: '/sync/v1/enrol',
  events: '/sync/v1/events',
  heads: '/sync/v1/heads',
} as const

/** A site closes a batch at the first two; central takes no batch above the third, in bytes after decompression. */
export const LIMITS = { batchEvents: 1_000, batchBytes: 4 * 1024 * 1024, maxBytes: 16 * 1024 * 1024 } as const

/** `source` of the events of a stream. */
export function streamSource(site: string, tenant: string): string {
  return tenant === SITE_STREAM ? `/sites/${site}` : `/sites/${site}/tenants/${tenant}`
}

const siteId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/)
const tenantName = z.string().regex(/^\$?[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/)
const natural = z.number().int().nonnegative()
const hashHex = z.string().regex(/^[0-9a-f]{64}$/)
const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)

/** What central says of itself to anyone. */
export const helloAnswer = z.object({
  versions: z.array(natural), encodings: z.array(z.string()), keyId: hashHex, publicKey: base64,
})
export type HelloAnswer = z.infer<typeof helloAnswer>

export const enrolRequest = z.object({
  site: siteId, name: z.string().max(200), publicKey: base64, codeId: z.string().max(16), proof: base64,
})
export type EnrolRequest = z.infer<typeof enrolRequest>

export const enrolAnswer = z.object({ site: siteId, centralPublicKey: base64, proof: base64 })
export type EnrolAnswer = z.infer<typeof enrolAnswer>

/**
 * First line of a batch; then come `count` lines, each the stored body of an event, byte for byte. Hashes of single
 * events do not travel: central computes the chain from `after` and must arrive at `last`.
 */
export const batchHeader = z.object({
  site: siteId, tenant: tenantName, epoch: natural.min(1), after: z.object({ sequence: natural, hash: hashHex }),
  count: natural.min(1).max(LIMITS.batchEvents), last: hashHex,
  /** Newest event of the site's log, so that central can show how far behind it is. */
  head: z.object({ epoch: natural, sequence: natural }),
})
export type BatchHeader = z.infer<typeof batchHeader>

export const receiptShape = z.object({
  site: siteId, tenant: tenantName, epoch: natural, sequence: natural, hash: hashHex, receivedAt: z.string(),
  keyId: hashHex, signature: base64,
})

export const eventsAnswer = z.object({ receipt: receiptShape })

export const headsAnswer = z.object({ receipts: z.array(receiptShape) })

/** Answer of every refused request. `receipt` is central's head of the stream where knowing it helps the site. */
export const refusalAnswer = z.object({
  error: z.object({
    code: z.string().startsWith('KS-'), message: z.string(), remedy: z.string(),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  }),
  receipt: receiptShape.nullable().optional(),
})
export type RefusalAnswer = { readonly error: Refusal; readonly receipt?: z.infer<typeof receiptShape> | null }

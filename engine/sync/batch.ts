import type { LogPosition } from '#engine/log/stored-event.ts'
import type { EventRange } from './event-range.ts'
import type { BatchHeader } from './protocol.ts'

/** Events of one stream on their way, in wire form. */
export interface Batch {
  readonly bytes: Buffer
  readonly count: number
  readonly last: LogPosition
}

/** Packs a range of events; `after` is the place in the chain before the first of them, `head` that of the whole log. */
export function encodeBatch(site: string, tenant: string, after: LogPosition, range: EventRange, head: LogPosition): Batch {
  const header: BatchHeader = {
    site, tenant, epoch: range.epoch, after: { sequence: after.sequence, hash: hex(after.hash) }, count: range.count,
    last: hex(range.last.hash), head: { epoch: head.epoch, sequence: head.sequence },
  }
  return { bytes: Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'), range.bodies]), count: range.count, last: range.last }
}

/** The place that `keelson.epoch.began.v1` names as its parent; null when it names none. */
export function readParent(data: unknown): LogPosition | null {
  const parent = (data as { parent?: { epoch?: unknown; sequence?: unknown; hash?: unknown } } | null)?.parent
  if (!Number.isSafeInteger(parent?.epoch) || !Number.isSafeInteger(parent?.sequence)) return null
  if (typeof parent?.hash !== 'string' || !/^[0-9a-f]{64}$/.test(parent.hash)) return null
  return { epoch: Number(parent.epoch), sequence: Number(parent.sequence), hash: Buffer.from(parent.hash, 'hex') }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

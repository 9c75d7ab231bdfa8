import type { LogPosition } from '#engine/log/stored-event.ts'
import { valueAt } from './packed-values.ts'
import type { VerifiedBatch } from './verify-batch.ts'

/** A stream as central holds it. `base` is where it branched off: the parent's event, or 0 and no hash for epoch 1. */
export interface HeldStream {
  readonly stream: number
  readonly epoch: number
  readonly base: LogPosition
  readonly head: LogPosition
  readonly quarantined: boolean
}

/** What central holds of the same site and tenant. */
export interface Held {
  /** One an epoch, oldest first. */
  readonly streams: readonly HeldStream[]
  /** Hash that central holds at a place; null where it holds nothing. */
  hashAt(epoch: number, sequence: number): Promise<Uint8Array | null>
}

export type AppendDecision =
  /** Append the events from index `from` on; `from` may be their number: all are there already. */
  | { readonly kind: 'append'; readonly stream: HeldStream; readonly from: number }
  | { readonly kind: 'begin'; readonly base: LogPosition }
  | { readonly kind: 'gap'; readonly head: HeldStream | null }
  /** Two histories: `sequence` is a place where they differ. `quarantine` is the stream that is no longer to be trusted. */
  | { readonly kind: 'fork'; readonly quarantine: HeldStream; readonly sequence: number; readonly known: Uint8Array; readonly other: Uint8Array }
  | { readonly kind: 'quarantined'; readonly stream: HeldStream }

/** Where a verified batch goes. Equal hashes at one place mean equal histories below it: one comparison decides. */
export async function decideAppend(batch: VerifiedBatch, held: Held): Promise<AppendDecision> {
  const stream = held.streams.find((one) => one.epoch === batch.header.epoch)
  const newest = held.streams.at(-1) ?? null
  return stream === undefined ? await decideBegin(batch, newest, held) : await decideContinue(batch, stream, newest ?? stream, held)
}

async function decideContinue(batch: VerifiedBatch, stream: HeldStream, newest: HeldStream, held: Held): Promise<AppendDecision> {
  if (stream.quarantined) return { kind: 'quarantined', stream }
  const after = { sequence: batch.header.after.sequence, hash: Buffer.from(batch.header.after.hash, 'hex') }
  if (after.sequence > stream.head.sequence) return { kind: 'gap', head: stream }
  if (after.sequence < stream.base.sequence) return { kind: 'gap', head: stream }
  const overlap = Math.min(stream.head.sequence - after.sequence, batch.header.count)
  const [sequence, other] = overlap === 0 ? [after.sequence, after.hash] : placeOf(batch, overlap - 1)
  const known = sequence === stream.base.sequence ? stream.base.hash
    : sequence === stream.head.sequence ? stream.head.hash : await held.hashAt(stream.epoch, sequence)
  if (known === null) throw new Error(`stream ${stream.stream} lacks event ${sequence} below its head`)
  if (!same(known, other)) return await firstDifference(batch, stream, held, overlap, { sequence, known, other })
  const goesOn = overlap < batch.header.count
  if (goesOn && newest.epoch > stream.epoch) {
    // The tenant goes on in a newer epoch: what still grows this one is a second copy of the site.
    const [next, hash] = placeOf(batch, overlap)
    return { kind: 'fork', quarantine: stream, sequence: next, known: newest.head.hash, other: hash }
  }
  return { kind: 'append', stream, from: overlap }
}

async function decideBegin(batch: VerifiedBatch, newest: HeldStream | null, held: Held): Promise<AppendDecision> {
  const { header, parent } = batch
  const after = { sequence: header.after.sequence, hash: Buffer.from(header.after.hash, 'hex') }
  if (newest === null && parent === null) {
    const fromStart = header.epoch === 1 && after.sequence === 0 && after.hash.every((byte) => byte === 0)
    return fromStart ? { kind: 'begin', base: { epoch: 0, ...after } } : { kind: 'gap', head: null }
  }
  const namesParent = parent !== null && parent.epoch < header.epoch && parent.sequence === after.sequence && same(parent.hash, after.hash)
  if (newest === null || !namesParent || header.epoch < newest.epoch) return { kind: 'gap', head: newest }
  const stream = held.streams.find((one) => one.epoch === parent.epoch)
  const known = await held.hashAt(parent.epoch, parent.sequence)
  if (stream === undefined || known === null) return { kind: 'gap', head: newest }
  if (!same(known, parent.hash)) return { kind: 'fork', quarantine: stream, sequence: parent.sequence, known, other: parent.hash }
  return { kind: 'begin', base: parent }
}

/** Names the first event of the batch that differs, for the people who must find out why. */
async function firstDifference(
  batch: VerifiedBatch, stream: HeldStream, held: Held, overlap: number,
  seen: { readonly sequence: number; readonly known: Uint8Array; readonly other: Uint8Array },
): Promise<AppendDecision> {
  let [low, high, found] = [0, overlap - 1, seen]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [sequence, other] = placeOf(batch, middle)
    const known = await held.hashAt(stream.epoch, sequence)
    if (known !== null && same(known, other)) low = middle + 1
    else {
      high = middle
      if (known !== null) found = { sequence, known, other }
    }
  }
  return { kind: 'fork', quarantine: stream, ...found }
}

function placeOf(batch: VerifiedBatch, index: number): [number, Uint8Array] {
  return [batch.header.after.sequence + 1 + index, valueAt(batch.hashes, index)]
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

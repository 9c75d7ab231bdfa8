import type { Refusal } from '#engine/core/refusal.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'
import { encodeBatch, type Batch } from './batch.ts'
import type { CentralAnswer, CentralClient } from './central-client.ts'
import type { Enrolment, EventSource, SyncStateStore } from './ports.ts'
import { LIMITS } from './protocol.ts'
import { receiptPosition, verifyReceipt, type SyncReceipt } from './receipt.ts'
import { holds, readNext, START } from './unsent.ts'

export interface StreamParts {
  readonly site: string
  readonly enrolment: Enrolment
  readonly client: CentralClient
  readonly source: EventSource
  readonly state: SyncStateStore
  /** Events that central has acknowledged for the first time. */
  readonly onAccepted: (events: number) => void
  readonly stopped: () => boolean
}

/** `site`: the refusal is about this site, no stream of it will fare better; `stream`: only this one is stuck. */
export type StreamOutcome =
  | { readonly kind: 'in-step' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'unreachable'; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly scope: 'site' | 'stream'; readonly refusal: Refusal }

/** Batches under way at once: one is stored, one verified, one on its way, one packed. */
export const WINDOW = 4
/** Repairs that the protocol does by itself, without an event accepted in between, before a person must look. */
const REPAIRS = 3

const ONE_STREAM: readonly string[] = ['KS-SYNC-FORK', 'KS-SYNC-STREAM', 'KS-SYNC-CHAIN', 'KS-SYNC-MALFORMED', 'KS-SYNC-TOO-LARGE', 'KS-SYNC-GAP']

interface UnderWay {
  readonly batch: Batch
  readonly answer: Promise<CentralAnswer<{ readonly receipt: SyncReceipt }>>
}

/** Sends a stream until central is in step with it, or something stands in the way. Safe to break off anywhere. */
export async function pushStream(tenant: string, parts: StreamParts): Promise<StreamOutcome> {
  const cursor = (await parts.state.cursor(tenant))?.position ?? START
  let acknowledged = cursor
  let sent = cursor
  let repairs = 0
  let width = 1
  let connected = false
  const underWay: UnderWay[] = []
  for (;;) {
    while (underWay.length < width && !parts.stopped()) {
      const next = await nextBatch(tenant, sent, parts)
      if (next === null) break
      if ('refusal' in next) return await settle(underWay, { kind: 'refused', scope: 'stream', refusal: next.refusal })
      // A batch that waits for its connection to be made would be overtaken by those that find one.
      if (underWay.length > 0 && !connected) await parts.client.connect(WINDOW - 1)
      connected ||= underWay.length > 0
      const packed = await parts.client.pack(next)
      underWay.push({ batch: next, answer: parts.client.push(packed) })
      sent = next.last
    }
    const first = underWay.shift()
    if (first === undefined) return { kind: parts.stopped() ? 'stopped' : 'in-step' }
    const answer = await first.answer
    if (answer.kind === 'ok') {
      const taken = await accept(tenant, first.batch, answer.value.receipt, parts)
      if (taken.kind !== 'at') return await settle(underWay, taken)
      // What an earlier push already brought counts once.
      parts.onAccepted(Math.max(0, taken.position.sequence - acknowledged.sequence))
      acknowledged = taken.position
      repairs = 0
      width = WINDOW
      if (taken.position.epoch === sent.epoch && taken.position.sequence > sent.sequence) sent = taken.position
      continue
    }
    await settle(underWay, null)
    underWay.length = 0
    if (answer.kind === 'unreachable') return answer
    repairs += 1
    const repaired = repairs > REPAIRS ? asRefused(answer.refusal) : await repair(tenant, answer.refusal, answer.receipt, parts)
    if (repaired.kind !== 'at') return repaired
    sent = repaired.position
    width = 1
  }
}

type Taken = { readonly kind: 'at'; readonly position: LogPosition } | Exclude<StreamOutcome, { kind: 'in-step' }>

/** A receipt counts when central's pinned key signed it and it names an event that this log holds. */
async function accept(tenant: string, batch: Batch, receipt: SyncReceipt, parts: StreamParts): Promise<Taken> {
  const genuine = checkReceipt(tenant, receipt, parts)
  if (genuine !== null) return { kind: 'refused', scope: 'site', refusal: genuine }
  const position = receiptPosition(receipt)
  const isLast = position.epoch === batch.last.epoch && position.sequence === batch.last.sequence && Buffer.compare(position.hash, batch.last.hash) === 0
  if (!isLast) {
    if (position.epoch !== batch.last.epoch || position.sequence < batch.last.sequence) return { kind: 'refused', scope: 'site', refusal: falseReceipt() }
    if (!(await holds(parts.source, tenant, position))) {
      const head = await parts.source.head(tenant)
      if (head === null || head.epoch <= position.epoch) return { kind: 'refused', scope: 'stream', refusal: fork(position) }
      // Restored from a backup: central has more of an epoch that this log has left. That it has this log's part of it, the
      // next epoch proves, which names its parent.
      await parts.state.saveCursor(tenant, batch.last, null)
      return { kind: 'at', position: batch.last }
    }
  }
  await parts.state.saveCursor(tenant, position, receipt)
  return { kind: 'at', position }
}

/** What the site mends by itself: goes back to central's head, counts on above central's counter, packs in another way. */
async function repair(tenant: string, refusal: Refusal, receipt: SyncReceipt | null | undefined, parts: StreamParts): Promise<Taken> {
  const again = async (): Promise<Taken> => ({ kind: 'at', position: (await parts.state.cursor(tenant))?.position ?? START })
  switch (refusal.code) {
    case 'KS-SYNC-REPLAYED':
      parts.client.raiseCounter(Number(refusal.values?.['counter'] ?? 0))
      return await again()
    case 'KS-SYNC-ENCODING':
      parts.client.fallBackToGzip()
      return await again()
    case 'KS-SYNC-DIGEST': return { kind: 'unreachable', refusal }
    case 'KS-SYNC-GAP': return await goBack(tenant, receipt ?? null, parts)
    default: return asRefused(refusal)
  }
}

async function goBack(tenant: string, receipt: SyncReceipt | null, parts: StreamParts): Promise<Taken> {
  const genuine = receipt === null ? null : checkReceipt(tenant, receipt, parts)
  if (genuine !== null) return { kind: 'refused', scope: 'site', refusal: genuine }
  const position = receipt === null ? START : receiptPosition(receipt)
  if (receipt !== null && !(await holds(parts.source, tenant, position))) return { kind: 'refused', scope: 'stream', refusal: fork(position) }
  await parts.state.saveCursor(tenant, position, receipt)
  return { kind: 'at', position }
}

async function nextBatch(tenant: string, after: LogPosition, { site, source }: StreamParts): Promise<Batch | { readonly refusal: Refusal } | null> {
  let next = await readNext(source, tenant, after, LIMITS.batchEvents)
  // Large events: fewer of them. Many fit by the average; one alone goes up to what central takes.
  while (next !== null && next.range.count > 1 && next.range.bodies.length > LIMITS.batchBytes) {
    const fitting = Math.floor((next.range.count * LIMITS.batchBytes) / next.range.bodies.length)
    next = await readNext(source, tenant, after, Math.max(1, Math.min(fitting, next.range.count - 1)))
  }
  if (next === null) return null
  if (!next.chained) return { refusal: fork(next.after) }
  const batch = encodeBatch(site, tenant, next.after, next.range, next.head)
  return batch.bytes.length > LIMITS.maxBytes ? { refusal: tooLarge(next.after, batch.bytes.length) } : batch
}

/** Waits for what is under way, so that nothing of this push is still going on when it returns. */
async function settle<T>(underWay: readonly UnderWay[], outcome: T): Promise<T> {
  await Promise.all(underWay.map((one) => one.answer))
  return outcome
}

function asRefused(refusal: Refusal): Taken {
  return { kind: 'refused', scope: ONE_STREAM.includes(refusal.code) ? 'stream' : 'site', refusal }
}

function checkReceipt(tenant: string, receipt: SyncReceipt, { site, enrolment }: StreamParts): Refusal | null {
  const fits = receipt.site === site && receipt.tenant === tenant && verifyReceipt(receipt, enrolment.centralPublicKey)
  return fits ? null : falseReceipt()
}

function falseReceipt(): Refusal {
  return {
    code: 'KS-SYNC-RECEIPT', message: 'What answered is not the central that this site is enrolled at, or answers for something else.',
    remedy: 'Check the address of central. If central was set up anew, enrol this site again with a new code. No event counts as sent.',
  }
}

function fork(at: LogPosition): Refusal {
  return {
    code: 'KS-SYNC-FORK', message: `Central acknowledged an event ${at.epoch}/${at.sequence} that this site does not have: there are two histories.`,
    remedy: 'If this site was restored from a backup, let the restore begin a new epoch. If not, find the second copy of this site and stop it.',
    values: { epoch: at.epoch, sequence: at.sequence },
  }
}

function tooLarge(after: LogPosition, bytes: number): Refusal {
  return {
    code: 'KS-SYNC-TOO-LARGE', message: `Event ${after.epoch}/${after.sequence + 1} has ${bytes} bytes, central takes ${LIMITS.maxBytes}.`,
    remedy: 'Report this with the event; the site keeps it and goes on working.', values: { sequence: after.sequence + 1, bytes },
  }
}

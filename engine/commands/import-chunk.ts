import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import type { ImportCounts } from '#engine/core/import-counts.ts'
import { ok, refuse, type Refusal } from '#engine/core/refusal.ts'
import { checkRequiredAttributes, withDeclaredTypes } from './attributes.ts'
import { enterOrder } from './draft-order.ts'
import { internal } from './handler.ts'

/** A part of an import: its orders, its rejects and the progress of its job are on disk together, or none of them. */
export interface ImportChunk {
  readonly jobId: string
  readonly fileDigest: string
  readonly fileName: string
  readonly orders: readonly ImportedOrder[]
  readonly rejects: readonly ImportReject[]
  /** Progress of the job once this chunk is in, but for what only the writing can tell. */
  readonly progress: ImportProgress
}

export interface ImportedOrder {
  readonly document: OrderDocument
  /** First and last row (or the document's number) in the file, e.g. `12-19`. */
  readonly rows: string
  /** Lines of the file that the order came from. */
  readonly lineCount: number
  /** What it was read from, for the rejects should the writing refuse it; null until that was seen to be needed. */
  readonly originals: readonly ImportReject[] | null
}

export interface ImportReject {
  readonly rows: string
  readonly codes: readonly string[]
  readonly message: string
  readonly original: string
}

/** What a job keeps of an import, in the transaction of the orders it stands for. */
export interface ImportProgress {
  /** Items taken from the reader so far: where it goes on after a restart. */
  readonly taken: number
  readonly rejectsWritten: number
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly counts: ImportCounts
}

/**
 * Drafts and submits the orders of a chunk. Each order has an invocation of its own, made from file digest and rows,
 * so that the same file finds its orders again.
 */
export const importChunk = internal<ImportChunk, ImportProgress>((writer, chunk, invocation) => {
  const profileVersion = writer.store.activeProfileVersion()
  const counts = structuredClone(chunk.progress.counts)
  const rejects: ImportReject[] = [...chunk.rejects]
  const withoutOriginals: number[] = []
  for (const [index, order] of chunk.orders.entries()) {
    const own: Invocation = { ...invocation, id: `${chunk.fileDigest.slice(0, 32)}:${order.rows}`, parentId: invocation.id }
    const document = withDeclaredTypes(writer.composition, order.document)
    const complete = checkRequiredAttributes(writer.composition, document)
    const entered = !complete.ok ? complete : enterOrder(writer, document, { kind: 'import', file: chunk.fileName, rows: order.rows }, own)
    if (!entered.ok) {
      if (order.originals === null) withoutOriginals.push(index)
      else refuseOrder(order, order.originals, entered.refusal, counts, rejects)
      continue
    }
    if (entered.value.unchanged) {
      counts.orders.unchanged++
      continue
    }
    writer.append('keelson.order.submitted.v1', { revision: 1, profileVersion }, own,
      { orderId: entered.value.id, orderNo: entered.value.orderNo, orgpath: entered.value.orgpath, causationId: entered.value.eventId })
  }
  if (withoutOriginals.length > 0) {
    // Rolled back and asked for again with what these orders were read from: nothing is refused without its content.
    return refuse(NEEDS_ORIGINALS, 'Orders of this chunk are refused; their rows are needed for the rejects.', 'Send the chunk again with them.',
      { indexes: withoutOriginals.join(' ') })
  }
  const insertReject = writer.statements.get<[string, number, string, string, string, string], unknown>(
    'INSERT INTO import_rejects (job_id, ordinal, source_rows, codes, message, original) VALUES (?, ?, ?, ?, ?, ?)')
  let ordinal = chunk.progress.rejectsWritten
  for (const reject of rejects) insertReject.run(chunk.jobId, ++ordinal, reject.rows, reject.codes.join(' '), reject.message, reject.original)
  const progress: ImportProgress = { ...chunk.progress, counts, rejectsWritten: ordinal }
  writer.statements.get<[string, number, string], unknown>('UPDATE jobs SET progress = ?, updated_at = ? WHERE id = ?')
    .run(JSON.stringify(progress), writer.clock.now(), chunk.jobId)
  return ok(progress)
})

export const NEEDS_ORIGINALS = 'KS-IMPORT-NEEDS-ORIGINALS'

function refuseOrder(order: ImportedOrder, originals: readonly ImportReject[], refusal: Refusal, counts: ImportCounts, rejects: ImportReject[]): void {
  for (const original of originals) rejects.push({ ...original, codes: [refusal.code], message: `${refusal.message} ${refusal.remedy}` })
  counts.orders.accepted--
  counts.orders.rejected++
  counts.lines.accepted -= order.lineCount
  counts.lines.rejected += order.lineCount
  counts.reasons[refusal.code] = (counts.reasons[refusal.code] ?? 0) + originals.length
  counts.orderReasons[refusal.code] = (counts.orderReasons[refusal.code] ?? 0) + 1
}

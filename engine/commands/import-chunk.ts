import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { ok, type Refusal, type Result } from '#engine/core/refusal.ts'
import { enterOrder, type Entered } from './draft-order.ts'
import { internal } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'

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
  /** The text it was read from, for the rejects should the writing refuse it. */
  readonly original: string
}

export interface ImportReject {
  readonly rows: string
  readonly codes: readonly string[]
  readonly message: string
  readonly original: string
}

export interface ImportCounts {
  lines: { read: number; accepted: number; rejected: number }
  orders: { read: number; accepted: number; rejected: number; unchanged: number }
  reasons: Record<string, number>
}

/** What a job keeps of an import, in the transaction of the orders it stands for. */
export interface ImportProgress {
  /** Orders and rejects that were taken from the reader so far: where it goes on after a restart. */
  readonly taken: number
  readonly rejectsWritten: number
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly counts: ImportCounts
}

/**
 * Drafts and submits the orders of a chunk. Each order has a savepoint and an invocation of its own, made from file digest
 * and rows, so that the same file finds its orders again.
 */
export const importChunk = internal<ImportChunk, ImportProgress>((writer, chunk, invocation) => {
  const profileVersion = writer.store.activeProfileVersion()
  const counts = structuredClone(chunk.progress.counts)
  const rejects: ImportReject[] = [...chunk.rejects]
  for (const order of chunk.orders) {
    const own: Invocation = { ...invocation, id: `${chunk.fileDigest.slice(0, 32)}:${order.rows}`, parentId: invocation.id }
    const entered = inSavepoint(writer, () => enterOrder(writer, order.document, { kind: 'import', file: chunk.fileName, rows: order.rows }, own))
    if (!entered.ok) {
      rejects.push(refusedOrder(order, entered.refusal))
      counts.orders.rejected++
      counts.lines.rejected += order.lineCount
      counts.reasons[entered.refusal.code] = (counts.reasons[entered.refusal.code] ?? 0) + order.lineCount
      continue
    }
    counts.orders.accepted++
    counts.lines.accepted += order.lineCount
    if (entered.value.unchanged) {
      counts.orders.unchanged++
      continue
    }
    writer.append('keelson.order.submitted.v1', { revision: 1, profileVersion }, own,
      { orderId: entered.value.id, orderNo: entered.value.orderNo, orgpath: entered.value.orgpath, causationId: entered.value.eventId })
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

function refusedOrder(order: ImportedOrder, refusal: Refusal): ImportReject {
  return { rows: order.rows, codes: [refusal.code], message: `${refusal.message} ${refusal.remedy}`, original: order.original }
}

function inSavepoint(writer: TenantWriter, work: () => Result<Entered>): Result<Entered> {
  const mark = writer.log.mark()
  writer.statements.get('SAVEPOINT one_order').run()
  let result: Result<Entered> | undefined
  try {
    result = work()
    return result
  } finally {
    if (result?.ok !== true) {
      writer.statements.get('ROLLBACK TO one_order').run()
      writer.log.rewind(mark)
      writer.forget()
    }
    writer.statements.get('RELEASE one_order').run()
  }
}

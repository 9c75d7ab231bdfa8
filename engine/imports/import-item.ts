import type { ImportCounts } from '#engine/core/import-counts.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'

/** Bytes that can be read from the start as often as needed: a file, an upload. */
export interface ImportSource {
  /** File name without folder. */
  readonly name: string
  /** Size in bytes as stored (compressed where it is), for progress; null where unknown. */
  readonly bytes: number | null
  open(): AsyncIterable<Uint8Array>
}

/** Where reading stands. Kept in the transaction of what was stored; handing it back continues exactly there. */
export interface ImportPosition {
  /** Items read so far. The n-th item of the same bytes under the same mapping is always the same. */
  readonly items: number
}

/** One row or document that was refused, with everything that is needed to mend it. */
export interface ImportReject {
  /** Row of the file, the heading being 1 and empty rows counted, as a spreadsheet shows it; for XML the document's number. */
  readonly row: number
  readonly reference: string | null
  /** Every reason that applies. */
  readonly codes: readonly string[]
  /** One sentence for each code, in the same order. */
  readonly reasons: readonly string[]
  /** What stood in the file, unchanged. */
  readonly original: string
  /** `columns`: a row in the columns of the file; `text`: any other text; `base64`: bytes that are no text. */
  readonly shape: 'columns' | 'text' | 'base64'
}

export interface ReadOrder {
  readonly document: OrderDocument
}

/** One order with its rows, or a row that belongs to no order. */
export interface ImportItem {
  /** 0-based place in the import. */
  readonly index: number
  readonly reference: string | null
  /** First and last row of the file. */
  readonly rows: readonly [first: number, last: number]
  /** False for a row that belongs to no order, so that it counts as a line only. */
  readonly countsAsOrder: boolean
  /** Null where nothing of it can be an order. */
  readonly order: ReadOrder | null
  readonly lines: { readonly read: number; readonly accepted: number; readonly rejected: number }
  /** Refused rows; for a document that was refused, the document. */
  readonly rejects: readonly ImportReject[]
  /** The accepted rows as rejects without a reason yet, for an order that is refused when it is to be written. */
  accepted(): readonly Omit<ImportReject, 'codes' | 'reasons'>[]
}

export interface ImportChunk {
  readonly items: readonly ImportItem[]
  /** Counts of this chunk alone. */
  readonly counts: ImportCounts
  /** Where to continue after this chunk. */
  readonly position: ImportPosition
  /** Stored bytes read so far, of `bytesTotal` (null where unknown). */
  readonly bytesRead: number
  readonly bytesTotal: number | null
}

/** Adds one item to the counts. */
export function countItem(counts: ImportCounts, item: ImportItem): void {
  counts.lines.read += item.lines.read
  counts.lines.accepted += item.lines.accepted
  counts.lines.rejected += item.lines.rejected
  const ofOrder = new Set<string>()
  for (const reject of item.rejects) {
    for (const code of reject.codes) {
      counts.reasons[code] = (counts.reasons[code] ?? 0) + 1
      ofOrder.add(code)
    }
  }
  if (!item.countsAsOrder) return
  counts.orders.read += 1
  if (item.order !== null) {
    counts.orders.accepted += 1
    return
  }
  counts.orders.rejected += 1
  for (const code of ofOrder) counts.orderReasons[code] = (counts.orderReasons[code] ?? 0) + 1
}

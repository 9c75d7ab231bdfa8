import type { Refusal } from '#engine/core/refusal.ts'
import type { ImportReject } from './import-item.ts'

/**
 * Why a row or a document cannot be (part of) an order: the code, and the sentence that stands in the rejects file.
 * Mappings may add codes of their own under `KS-IMPORT-`.
 */
export const IMPORT_REASONS = {
  'KS-IMPORT-CANCELLATION': 'The row cancels an earlier order; it is not an order itself.',
  'KS-IMPORT-ADJUSTMENT': 'The row adjusts the books; it is not an order.',
  'KS-IMPORT-NEGATIVE-QUANTITY': 'The quantity is below zero.',
  'KS-IMPORT-ZERO-QUANTITY': 'The quantity is zero.',
  'KS-IMPORT-ZERO-PRICE': 'The price is zero.',
  'KS-IMPORT-NEGATIVE-PRICE': 'The price is below zero.',
  'KS-IMPORT-NO-ACCOUNT': 'The row names no account.',
  'KS-IMPORT-DUPLICATE-LINE': 'The same row stands earlier in this order.',
  'KS-IMPORT-BAD-NUMBER': 'A number cannot be read.',
  'KS-IMPORT-BAD-DATE': 'The date cannot be read.',
  'KS-IMPORT-BAD-CURRENCY': 'The currency is not a three-letter code.',
  'KS-IMPORT-BAD-TEXT': 'The text holds characters that cannot be read: the file is not in the encoding it seems to be in.',
  'KS-IMPORT-MISSING-FIELD': 'A field that an order needs is empty.',
  'KS-IMPORT-TOO-LONG': 'A text is longer than an order can hold.',
  'KS-IMPORT-TOO-MANY-LINES': 'The order has more lines than an order can hold.',
  'KS-IMPORT-COLUMNS': 'The row does not have as many columns as the heading.',
  'KS-IMPORT-QUOTES': 'The quotation marks of the row do not match.',
  'KS-IMPORT-CONFLICT': 'The row says something else about the order than the rows before it.',
  'KS-IMPORT-SCATTERED': 'The rows of this order stand too far apart; sort the file by the order reference.',
  'KS-IMPORT-LINE-ID': 'Another row of this order has the same line number.',
  'KS-IMPORT-NO-COMPANION-ROW': 'The companion file has no row for this order.',
  'KS-IMPORT-NO-LINES': 'The order has no lines.',
  'KS-IMPORT-CREDIT': 'The document is a credit, not an order: its net total is below zero, or it is a credit note.',
  'KS-IMPORT-CURRENCY-MIX': 'An amount is in another currency than the document.',
  'KS-IMPORT-REPEATED': 'The document states something twice that it can state only once.',
  'KS-IMPORT-NOT-XML': 'The file is not well-formed XML.',
  'KS-IMPORT-DTD': 'The file has a document type declaration, which is never read.',
  'KS-IMPORT-CII': 'The file is a Cross Industry Invoice (CII).',
  'KS-IMPORT-UNKNOWN-DOCUMENT': 'The file is XML, but neither a UBL order nor a UBL invoice.',
} as const satisfies Record<`KS-IMPORT-${string}`, string>

/** What to do about a reason, where there is more to say than to correct the row. */
const REMEDIES: Readonly<Record<string, string>> = {
  'KS-IMPORT-CREDIT': 'Handle the credit where credits are kept; orders and invoices with a net total of zero or more can be imported.',
  'KS-IMPORT-NOT-XML': 'Ask the sender for the file again; it may have been cut off or changed on its way.',
  'KS-IMPORT-DTD': 'Ask the sender for the document without a DOCTYPE; UBL has none.',
  'KS-IMPORT-CII': 'Ask the sender for the same document in the UBL 2.1 syntax.',
  'KS-IMPORT-UNKNOWN-DOCUMENT': 'Import a UBL 2.1 Order or Invoice, or a CSV file with a mapping.',
  'KS-IMPORT-BAD-TEXT': 'Save the file as UTF-8, or name its encoding in the mapping.',
  'KS-IMPORT-SCATTERED': 'Sort the file by the order reference and import it again.',
}

/** The sentence for a code; `own` has those that the mapping adds. */
export function reasonText(code: string, own?: ReadonlyMap<string, string>): string {
  return own?.get(code) ?? (IMPORT_REASONS as Readonly<Record<string, string>>)[code] ?? code
}

/** A reject as a refusal, for whoever asked about one document only: its first reason is the code. */
export function refusalOf(reject: Pick<ImportReject, 'codes' | 'reasons' | 'row' | 'reference'>): Refusal {
  const code = reject.codes[0] ?? 'KS-IMPORT-UNKNOWN-DOCUMENT'
  return {
    code: code as Refusal['code'],
    message: reject.reasons.join(' '),
    remedy: REMEDIES[code] ?? 'Correct what the reason names, and import it again.',
    values: { row: reject.row, reference: reject.reference },
  }
}

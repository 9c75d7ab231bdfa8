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
  'KS-IMPORT-CREDIT': 'The net total is below zero: a credit, not an order.',
} as const satisfies Record<`KS-IMPORT-${string}`, string>

export type ImportReason = keyof typeof IMPORT_REASONS

/** The sentence for a code; `own` has those that the mapping adds. */
export function reasonText(code: string, own?: ReadonlyMap<string, string>): string {
  return own?.get(code) ?? (IMPORT_REASONS as Readonly<Record<string, string>>)[code] ?? code
}

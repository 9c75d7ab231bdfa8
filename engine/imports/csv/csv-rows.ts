import { RefusalError } from '#engine/core/refusal.ts'

/** A record of a CSV file. */
export interface CsvRow {
  /** 1 is the heading; empty rows are counted, as a spreadsheet does. */
  readonly row: number
  readonly fields: readonly string[]
  /** The record as it stands in the file, without its line end. */
  readonly raw: string
  /** True where the quotation marks do not match: `fields` is then empty. */
  readonly broken: boolean
}

/** A record longer than this is taken for an opening quote that nobody closed. In UTF-16 units. */
const LONGEST_RECORD = 1 << 20

const QUOTE = 34
const CARRIAGE_RETURN = 13

/**
 * Splits text into records after RFC 4180, part by part: quoted fields with separators, doubled quotes and line breaks;
 * LF, CRLF or (where the file has no LF) CR. A quote inside an unquoted field is a plain character. The records do not
 * depend on where the parts were cut. A record whose quotes do not match loses its first line only; reading goes on
 * with the next line.
 *
 * Written here because the libraries at hand do not keep what a rejects file needs: uDSV joins a short row with the
 * next one, csv-parse takes five times as long and stops at the first bad quote.
 */
export class CsvRows {
  readonly #separator: string
  readonly #lineEnd: string
  readonly #onRow: (row: CsvRow) => void
  #rest = ''
  #row = 0

  constructor(separator: string, lineEnd: '\n' | '\r', onRow: (row: CsvRow) => void) {
    this.#separator = separator
    this.#lineEnd = lineEnd
    this.#onRow = onRow
  }

  push(text: string): void {
    this.#rest = this.#rest === '' ? text : this.#rest + text
    this.#drain(false)
  }

  end(): void {
    this.#drain(true)
  }

  #drain(atEnd: boolean): void {
    const text = this.#rest
    let from = 0
    while (from < text.length) {
      const lineEnd = text.indexOf(this.#lineEnd, from)
      if (lineEnd === -1 && !atEnd) break
      const next = this.#record(text, from, lineEnd === -1 ? text.length : lineEnd, atEnd)
      if (next === null) break
      from = next
    }
    this.#rest = from === 0 ? text : text.slice(from)
    if (!atEnd) refuseBeyondBound(this.#rest.length)
  }

  /** Reads the record that starts at `from`; gives where the next one starts, or null where the text does not hold all of it. */
  #record(text: string, from: number, lineEnd: number, atEnd: boolean): number | null {
    const end = lineEnd > from && text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN && this.#lineEnd === '\n' ? lineEnd - 1 : lineEnd
    refuseBeyondBound(end - from)
    const line = text.slice(from, end)
    if (!line.includes('"')) {
      this.#row += 1
      if (line !== '') this.#onRow({ row: this.#row, fields: line.split(this.#separator), raw: line, broken: false })
      return lineEnd + 1
    }
    const quoted = this.#quotedRecord(text, from, atEnd)
    if (quoted === 'more') return null
    this.#row += 1
    if (quoted === 'broken') {
      this.#onRow({ row: this.#row, fields: [], raw: line, broken: true })
      return lineEnd + 1
    }
    this.#onRow({ row: this.#row, fields: quoted.fields, raw: text.slice(from, quoted.end), broken: false })
    return quoted.next
  }

  #quotedRecord(text: string, from: number, atEnd: boolean): { fields: string[]; end: number; next: number } | 'more' | 'broken' {
    const fields: string[] = []
    let at = from
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const field = quotedField(text, from, at, atEnd)
        if (typeof field === 'string') return field
        fields.push(field.value)
        at = field.next
      } else {
        const stop = this.#unquotedEnd(text, at)
        if (stop === text.length && !atEnd) return 'more'
        fields.push(text.slice(at, stop))
        at = stop
      }
      if (text.startsWith(this.#separator, at)) {
        at += this.#separator.length
        if (at === text.length && !atEnd) return 'more'
        continue
      }
      const width = this.#lineEndWidth(text, at, atEnd)
      if (typeof width === 'string') return width
      refuseBeyondBound(at - from)
      return { fields, end: at, next: at + width }
    }
  }

  #unquotedEnd(text: string, from: number): number {
    let lineEnd = text.indexOf(this.#lineEnd, from)
    if (lineEnd === -1) lineEnd = text.length
    else if (lineEnd > from && this.#lineEnd === '\n' && text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN) lineEnd -= 1
    const separator = text.indexOf(this.#separator, from)
    return separator !== -1 && separator < lineEnd ? separator : lineEnd
  }

  /** Units of the line end at `at`, 0 at the end of the file. */
  #lineEndWidth(text: string, at: number, atEnd: boolean): number | 'more' | 'broken' {
    if (at >= text.length) return atEnd ? 0 : 'more'
    if (text.startsWith(this.#lineEnd, at)) return 1
    if (this.#lineEnd === '\n' && text.charCodeAt(at) === CARRIAGE_RETURN) {
      if (at + 1 === text.length) return atEnd ? 1 : 'more'
      if (text.startsWith('\n', at + 1)) return 2
    }
    return 'broken'
  }
}

/** The field whose opening quote is at `at`, of the record that starts at `start`. */
function quotedField(text: string, start: number, at: number, atEnd: boolean): { value: string; next: number } | 'more' | 'broken' {
  let value = ''
  let from = at + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    // The bound is on the record, not on what has arrived, so that the parts do not change the outcome.
    if (quote === -1 || quote - start > LONGEST_RECORD) {
      return !atEnd && text.length - start <= LONGEST_RECORD ? 'more' : 'broken'
    }
    if (quote + 1 === text.length && !atEnd) return 'more'
    if (text.charCodeAt(quote + 1) !== QUOTE) return { value: value + text.slice(from, quote), next: quote + 1 }
    value += text.slice(from, quote + 1)
    from = quote + 2
  }
}

function refuseBeyondBound(length: number): void {
  if (length > 2 * LONGEST_RECORD) throw new RefusalError(NOT_ROWS)
}

const NOT_ROWS = {
  code: 'KS-IMPORT-NOT-ROWS',
  message: 'The file has no line end within two million characters: it is not a file of rows.',
  remedy: 'Export the file again as CSV with one order line per row.',
} as const

/** A field as it has to stand in a CSV file. */
export function csvField(value: string, separator: string): string {
  return value.includes('"') || value.includes(separator) || value.includes('\n') || value.includes('\r')
    ? `"${value.replaceAll('"', '""')}"`
    : value
}

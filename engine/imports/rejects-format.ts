import { csvField, CsvRows } from './csv/csv-rows.ts'
import { readCsvHead } from './csv/read-csv.ts'
import type { ImportSource } from './import-item.ts'
import type { ImportMapping } from './mapping.ts'

/** A reject as it goes into a rejects file. */
export interface RejectLine {
  readonly row: string | number
  readonly codes: readonly string[]
  readonly reasons: readonly string[]
  readonly original: string
}

/** How the rejects of one import are written: `head`, then one `line` each, every one with its line end. */
export interface RejectsFormat {
  readonly extension: 'rejects.csv' | 'rejects.ndjson'
  readonly head: string
  line(reject: RejectLine): string
}

/**
 * The rejects file that fits a source. For CSV the file's own columns with `_row,_codes,_reasons` before them, so that it
 * can be mended and imported again under the same mapping; for XML one JSON object a line: document, codes, reasons, original.
 */
export async function rejectsFormat(source: ImportSource, mapping: ImportMapping | 'ubl'): Promise<RejectsFormat> {
  if (mapping === 'ubl') return documentRejects
  const { heading, separator, rows } = await readCsvHead(source, mapping, 1)
  return csvRejects(heading, rows[0]?.fields.length ?? 1, separator)
}

const documentRejects: RejectsFormat = {
  extension: 'rejects.ndjson',
  head: '',
  line: ({ row, codes, reasons, original }) => `${JSON.stringify({ document: row, codes, reasons, original })}\n`,
}

function csvRejects(heading: string, columns: number, separator: string): RejectsFormat {
  const field = (value: string) => csvField(value, separator)
  return {
    extension: 'rejects.csv',
    head: `${['_row', '_codes', '_reasons', heading].join(separator)}\n`,
    line: ({ row, codes, reasons, original }) => {
      const rest = fits(original, columns, separator) ? original : `"${original.replaceAll('"', '""')}"`
      return `${[field(String(row)), field(codes.join(' ')), field(reasons.join(' ')), rest].join(separator)}\n`
    },
  }
}

/** Whether a row as it stood can stand in the columns of the file; else it becomes one quoted field. */
function fits(original: string, columns: number, separator: string): boolean {
  if (!original.includes('"')) return !original.includes('\r') && original.split(separator).length === columns
  let records = 0
  let fitting = false
  const rows = new CsvRows(separator, '\n', row => {
    records += 1
    fitting = !row.broken && row.fields.length === columns && row.raw === original
  })
  rows.push(original)
  rows.end()
  return records === 1 && fitting
}

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import { openBytes, plainName } from './byte-source.ts'
import { columnIndex } from './csv/row-plan.ts'
import { guessMapping } from './csv/guess-mapping.ts'
import { readCsvHead } from './csv/read-csv.ts'
import type { ImportSource } from './import-item.ts'
import { checkMapping, type ImportMapping, mappedColumns, parseMapping } from './mapping.ts'
import { NotText, XmlText } from './ubl/xml-text.ts'

/** What a file seems to be; nothing is imported on the strength of it alone where columns were guessed. */
export interface Recognition {
  readonly format: 'csv' | 'ubl' | 'unknown'
  /** Name of an included mapping that fits; null where the mapping is a guess or there is none. */
  readonly mapName: string | null
  readonly mapping: Record<string, unknown> | null
  readonly confidence: Record<string, number>
  readonly columns: string[]
  /** The first rows, to show. */
  readonly rows: string[][]
  /** Name of a file that has to come with it. */
  readonly needsCompanion: string | null
  readonly problems: Refusal[]
}

const ROWS_SHOWN = 20

/** The mappings that come with the product: `mappings/*.yaml` of the resources folder. Throws RefusalError for a broken one. */
export async function includedMappings(resourcesFolder: string): Promise<ImportMapping[]> {
  const folder = join(resourcesFolder, 'mappings')
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml')).toSorted()
  return Promise.all(names.map(async name => {
    const parsed = parseMapping(await readFile(join(folder, name), 'utf8'), name)
    if (!parsed.ok) throw new RefusalError(parsed.refusal)
    return parsed.value
  }))
}

/**
 * Names of the files that a source needs beside it under a mapping: none without a companion, else the other one of the two.
 */
export function companionNames(mapping: ImportMapping | 'ubl', fileName: string): string[] {
  if (mapping === 'ubl' || mapping.companion === undefined) return []
  const { file, linesFile } = mapping.companion
  return plainName(fileName) === plainName(file) ? [linesFile] : [file]
}

/** Looks at the beginning of a file. */
export async function recogniseImport(source: ImportSource, included: readonly ImportMapping[]): Promise<Recognition> {
  const head = await readHead(source)
  const kind = kindOf(head)
  if (kind === 'csv') return recogniseCsv(source, included)
  if (kind !== 'xml') return { ...NOTHING, problems: [kind] }
  const problem = xmlProblem(head)
  return { ...NOTHING, format: problem === null ? 'ubl' : 'unknown', problems: problem === null ? [] : [problem] }
}

const NOTHING: Recognition = { format: 'unknown', mapName: null, mapping: null, confidence: {}, columns: [], rows: [], needsCompanion: null, problems: [] }

async function readHead(source: ImportSource): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of openBytes(source)) {
    parts.push(part)
    size += part.length
    if (size >= 64 * 1024) break
  }
  return Buffer.concat(parts)
}

function kindOf(head: Uint8Array): 'csv' | 'xml' | Refusal {
  const start = Buffer.from(head.subarray(0, 512)).toString('latin1')
  if (head.length < 512 && start.trim() === '') return { code: 'KS-IMPORT-EMPTY', message: 'The file is empty.', remedy: 'Export the file again.' }
  if (start.startsWith('PK\x03\x04')) {
    return { code: 'KS-IMPORT-WORKBOOK', message: 'The file is a workbook or another packed file.', remedy: 'Open it and save the sheet as CSV (UTF-8), or unpack it first.' }
  }
  if (start.startsWith('%PDF')) return { code: 'KS-IMPORT-UNKNOWN-FILE', message: 'The file is a PDF.', remedy: 'Ask the sender for the order as CSV or UBL XML.' }
  const utf16 = start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')
  if (/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*</.test(start)) return 'xml'
  if (!utf16 && start.includes('\0')) {
    return { code: 'KS-IMPORT-UNKNOWN-FILE', message: 'The file is neither text nor XML.', remedy: 'Import a CSV file, or UBL XML.' }
  }
  return 'csv'
}

function xmlProblem(head: Uint8Array): Refusal | null {
  let text: string
  try {
    text = new XmlText().push(head) || Buffer.from(head).toString()
  } catch (error) {
    if (!(error instanceof NotText)) throw error
    return { code: 'KS-IMPORT-NOT-XML', message: `The file is not readable XML: ${error.message}`, remedy: 'Ask the sender for the file again.' }
  }
  if (/urn:oasis:names:specification:ubl:schema:xsd:(?:SelfBilled)?(?:Order|Invoice|CreditNote)-2/.test(text)) return null
  if (text.includes('CrossIndustry') || text.includes('SCRDM')) {
    return { code: 'KS-IMPORT-CII', message: 'The file is a Cross Industry Invoice (CII).', remedy: 'Ask the sender for the same document in the UBL 2.1 syntax.' }
  }
  return { code: 'KS-IMPORT-UNKNOWN-DOCUMENT', message: 'The file is XML, but neither a UBL order nor a UBL invoice.', remedy: 'Import a UBL 2.1 Order or Invoice, or a CSV file with a mapping.' }
}

async function recogniseCsv(source: ImportSource, included: readonly ImportMapping[]): Promise<Recognition> {
  const { rows, separator, encoding } = await readCsvHead(source, null, ROWS_SHOWN + 1)
  const columns = rows[0]?.fields.map(name => name.trim()) ?? []
  const shown = rows.slice(1).map(row => [...row.fields])
  const problems: Refusal[] = encoding === 'windows-1252' ? [READ_AS_WINDOWS] : []
  const base = { ...NOTHING, format: 'csv' as const, columns, rows: shown }

  const known = included.find(mapping => fits(mapping, columns))
  if (known !== undefined) {
    const needed = companionFor(known, columns)
    return { ...base, mapName: known.name, mapping: known, confidence: { mapping: 1 }, needsCompanion: needed, problems }
  }
  const guess = guessMapping(source.name, columns, shown, separator)
  if (guess.missing.length > 0) problems.push(incomplete(guess.missing))
  const checked = guess.missing.length > 0 ? null : checkMapping(guess.mapping, source.name)
  return { ...base, mapping: checked?.ok === true ? checked.value : { ...guess.mapping }, confidence: { ...guess.confidence }, problems }
}

function fits(mapping: ImportMapping, columns: readonly string[]): boolean {
  const mapped = mappedColumns(mapping)
  return has(columns, mapped.lines) || (mapping.companion !== undefined && has(columns, mapped.companion))
}

function companionFor(mapping: ImportMapping, columns: readonly string[]): string | null {
  if (mapping.companion === undefined) return null
  return has(columns, mappedColumns(mapping).lines) ? mapping.companion.file : mapping.companion.linesFile
}

function has(columns: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every(name => columnIndex(columns, name) !== -1)
}

const READ_AS_WINDOWS: Refusal = {
  code: 'KS-IMPORT-ENCODING',
  message: 'The file is not UTF-8; it is read as Windows-1252 (Latin-1).',
  remedy: 'If accents look wrong in the preview, save the file as UTF-8.',
}

function incomplete(missing: readonly string[]): Refusal {
  return {
    code: 'KS-IMPORT-GUESS-INCOMPLETE',
    message: `No column seems to hold: ${missing.join(', ')}.`,
    remedy: 'Choose the columns by hand.',
    values: { missing: missing.join(', ') },
  }
}

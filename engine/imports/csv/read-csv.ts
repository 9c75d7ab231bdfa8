import { RefusalError } from '#engine/core/refusal.ts'
import { openBytes, plainName } from '../byte-source.ts'
import type { ImportItem, ImportSource } from '../import-item.ts'
import { type ImportMapping, mappedColumns } from '../mapping.ts'
import { type CsvEncoding, TextDecoding } from '../text-decoding.ts'
import { Companion } from './companion.ts'
import { CsvRows, type CsvRow } from './csv-rows.ts'
import { guessDialect, type Dialect, type Separator } from './dialect.ts'
import { RowGroups } from './row-groups.ts'
import { columnIndex, planRows } from './row-plan.ts'

/** Characters that the dialect is guessed from. */
const HEAD = 64 * 1024

export interface CsvRead {
  readonly source: ImportSource
  readonly companions: readonly ImportSource[]
  readonly mapping: ImportMapping
  /** Items to pass over at the beginning. */
  readonly skip: number
  readonly onRead: (bytes: number) => void
}

/** The columns of a rejects file for this source: the heading as it stands in the file. */
export interface CsvShape {
  readonly heading: string
  readonly separator: Separator
  readonly encoding: CsvEncoding | null
}

/** Reads orders from a CSV file (with its companion, where the mapping has one). Each step gives what one part of the file completed. */
export async function* readCsv(read: CsvRead): AsyncGenerator<readonly ImportItem[]> {
  const { lines, companion } = await sides(read)
  const header = companion === null ? null : await readCompanion(companion, read)
  let groups: RowGroups | null = null
  for await (const rows of readRows(lines, read.mapping, read.onRead)) {
    for (const row of rows.rows) {
      if (groups === null) groups = openGroups(read, rows.dialect.separator, row, header)
      else groups.add(row)
    }
    if (groups !== null) yield groups.take()
  }
  if (groups === null) throw new RefusalError(EMPTY)
  yield* groups.end()
}

function openGroups(read: CsvRead, separator: Separator, heading: CsvRow, companion: Companion | null): RowGroups {
  const columns = heading.fields.map(name => name.trim())
  const plan = planRows(read.mapping, separator, columns, companion?.heading ?? null)
  if (!plan.ok) throw new RefusalError(plan.refusal)
  return new RowGroups(plan.value, columns.length, companion, read.skip)
}

/** Which of the files has the lines, and which is the companion: whichever was handed in first. */
async function sides(read: CsvRead): Promise<{ lines: ImportSource; companion: ImportSource | null }> {
  const { mapping, source, companions } = read
  if (mapping.companion === undefined) return { lines: source, companion: null }
  const columns = mappedColumns(mapping)
  const heading = await readHeading(source, mapping)
  const isCompanion = !has(heading, columns.lines) && has(heading, columns.companion)
  const wanted = isCompanion ? mapping.companion.linesFile : mapping.companion.file
  const other = companions.find(candidate => plainName(candidate.name) === plainName(wanted)) ?? (companions.length === 1 ? companions[0] : undefined)
  if (other === undefined) {
    throw new RefusalError({
      code: 'KS-IMPORT-COMPANION-MISSING',
      message: `${source.name} needs ${wanted} beside it.`,
      remedy: `Put ${wanted} in the same folder, or hand it in together with ${source.name}.`,
      values: { file: source.name, companion: wanted },
    })
  }
  return isCompanion ? { lines: other, companion: source } : { lines: source, companion: other }
}

function has(heading: readonly string[], columns: readonly string[]): boolean {
  return columns.every(column => columnIndex(heading, column) !== -1)
}

async function readCompanion(source: ImportSource, read: CsvRead): Promise<Companion> {
  const key = read.mapping.companion?.key ?? ''
  let companion: Companion | null = null
  for await (const { rows } of readRows(source, read.mapping, read.onRead)) {
    for (const row of rows) {
      if (companion === null) companion = new Companion(row.fields.map(name => name.trim()), key)
      else companion.add(row)
    }
  }
  if (companion === null) throw new RefusalError(EMPTY)
  return companion
}

/** The column names of a file. */
export async function readHeading(source: ImportSource, mapping: ImportMapping | null): Promise<readonly string[]> {
  const { rows } = await readCsvHead(source, mapping, 1)
  return rows[0]?.fields.map(name => name.trim()) ?? []
}

/** The first rows of a file and how it is written; reads no more than needed. */
export async function readCsvHead(source: ImportSource, mapping: ImportMapping | null, count: number): Promise<CsvShape & { rows: readonly CsvRow[] }> {
  const first: CsvRow[] = []
  let shape: { dialect: Dialect; encoding: CsvEncoding | null } | null = null
  for await (const { rows, dialect, encoding } of readRows(source, mapping, () => {})) {
    shape = { dialect, encoding }
    first.push(...rows)
    if (first.length >= count) break
  }
  return {
    rows: first.slice(0, count),
    heading: first[0]?.raw ?? '',
    separator: shape?.dialect.separator ?? ',',
    encoding: shape?.encoding ?? null,
  }
}

interface RowPart {
  readonly rows: readonly CsvRow[]
  readonly dialect: Dialect
  readonly encoding: CsvEncoding | null
}

/** The records of a file, part by part; the heading is the first. */
async function* readRows(source: ImportSource, mapping: ImportMapping | null, onRead: (bytes: number) => void): AsyncGenerator<RowPart> {
  const decoding = new TextDecoding(mapping?.csv.encoding ?? null)
  let rows: CsvRow[] = []
  let head = ''
  let started: { readonly dialect: Dialect; readonly reader: CsvRows } | null = null

  const start = () => {
    const guessed = guessDialect(head.slice(0, HEAD))
    const dialect = { ...guessed, separator: mapping?.csv.separator ?? guessed.separator }
    const reader = new CsvRows(dialect.separator, dialect.lineEnd, row => { rows.push(row) })
    reader.push(head)
    head = ''
    return { dialect, reader }
  }
  const part = (dialect: Dialect): RowPart => {
    const taken = rows
    rows = []
    return { rows: taken, dialect, encoding: decoding.encoding }
  }

  for await (const bytes of openBytes(source, onRead)) {
    const text = decoding.push(bytes)
    if (started !== null) started.reader.push(text)
    else if ((head += text).length >= HEAD) started = start()
    else continue
    yield part(started.dialect)
  }
  if (started === null) {
    head += decoding.end()
    started = start()
  } else {
    started.reader.push(decoding.end())
  }
  started.reader.end()
  yield part(started.dialect)
}

const EMPTY = {
  code: 'KS-IMPORT-EMPTY',
  message: 'The file is empty.',
  remedy: 'Export the file again; it needs a heading and at least one row.',
} as const

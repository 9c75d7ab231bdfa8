import type { QueryDeclaration, Row, RowKey, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { isSealed } from '#engine/log/seal.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { NO_HASH, type LogPosition } from '#engine/log/stored-event.ts'
import { DamagedTablesError, PackDatabase, type FoldCursor } from '#engine/store/pack-database.ts'
import { packFiles, readCurrent, type PackVersion } from '#engine/store/pack-files.ts'
import { runPackQuery, type PackQuery } from '#engine/store/pack-query.ts'
import type { TenantReader } from './tenant-reader.ts'

/** The tables of a pack version. */
export interface TablesOf {
  readonly version: PackVersion
  readonly tables: readonly TableDeclaration[]
}

/** What was read of a pack's tables; null where there are none yet. */
export type FromTables<T> = { readonly damaged: false; readonly value: T | null } | { readonly damaged: true }

export function tablesCursor(reader: TenantReader, input: TablesOf): FromTables<FoldCursor> {
  return fromTables(reader, input, database => database.cursor())
}

export function tablesSkipped(reader: TenantReader, input: TablesOf): FromTables<string[]> {
  return fromTables(reader, input, database => database.skipped())
}

/** Rows by key, in the order of the keys, and the place in the log that they stand for. */
export function packRows(reader: TenantReader, input: TablesOf & { readonly keys: readonly RowKey[] }): FromTables<{ readonly rows: (Row | null)[]; readonly at: FoldCursor }> {
  return fromTables(reader, input, database => database.snapshot(() => ({ rows: database.rows(input.keys), at: database.cursor() })))
}

/** Reads every row again: whether the file is what the engine wrote. */
export function tablesWhole(reader: TenantReader, input: TablesOf): FromTables<boolean> {
  return fromTables(reader, input, database => database.snapshot(() => {
    const { kept, computed } = database.digest()
    return database.damage().length === 0 && kept === computed
  }))
}

/** Which version's tables answer, by pack id. */
export function currentTables(reader: TenantReader): Record<string, string> {
  return Object.fromEntries(readCurrent(reader.packFolder, reader.binary))
}

/**
 * Events of some types after a place in the log, across epochs, and the place that was read up to. `offChain`: there is no
 * such place. Those that `pack` itself appended are opened.
 */
export function eventsSince(reader: TenantReader, input: { readonly at: LogPosition; readonly types: readonly string[]; readonly limit: number; readonly pack?: string }) {
  const from = positionOf(reader, input.at)
  if (from === null) return { offChain: true as const }
  const rows = reader.all<[string, number, number], { epoch: number; sequence: number; order_no: number | null; body: string | null; hash: Uint8Array }>(`
    SELECT epoch, sequence, order_no, CASE WHEN type IN (SELECT value FROM json_each(?)) THEN body END AS body, hash
    FROM events WHERE position > ? ORDER BY position LIMIT ?`, JSON.stringify(input.types), from, input.limit)
  const last = rows.at(-1)
  return {
    offChain: false as const,
    to: last === undefined ? null : { epoch: last.epoch, sequence: last.sequence, hash: last.hash },
    more: rows.length === input.limit,
    events: rows.flatMap(({ epoch, sequence, hash, order_no, body }) => (body === null ? [] : [{
      orderNo: order_no, envelope: ownOpened(reader, input.pack, JSON.parse(body) as EventEnvelope), place: { epoch, sequence, hash },
    }])),
  }
}

/** The pack's own events with their personal fields opened, null for those who were forgotten; others' stay sealed for it. */
function ownOpened(reader: TenantReader, pack: string | undefined, event: EventEnvelope): EventEnvelope {
  if (pack === undefined || !event.type.startsWith(`${pack}.`)) return event
  const data = event.data as Readonly<Record<string, unknown>>
  return { ...event, data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, isSealed(value) ? reader.open(value) : value])) }
}

/** Largest distance over which the events that count are counted; beyond it all of them do. */
const COUNTED = 10_000

interface QueryInput extends TablesOf, Omit<PackQuery, 'table'> {
  readonly query: QueryDeclaration
  /** Types of events that the pack folds. */
  readonly types: readonly string[]
}

/** One page of a declared query, the place in the log that its rows stand for, and how many events are not in them yet. */
export function packQuery(reader: TenantReader, input: QueryInput) {
  const table = input.tables.find(({ name }) => name === input.query.table)
  if (table === undefined) throw new Error(`the pack has no table ${input.query.table}`)
  const read = fromTables(reader, input, database => {
    if (input.nodes !== null && (table.belongsTo !== 'tenant')) database.db.prepare('ATTACH ? AS core').run(reader.db.name)
    // One state of the tables, for the page and for the place that it stands for.
    return database.snapshot(() => ({ page: runPackQuery(database.db, { ...input, table }), cursor: database.cursor() }))
  })
  if (read.damaged) return read
  const head = reader.one<[], LogPosition & { position: number }>('SELECT position, epoch, sequence, hash FROM events ORDER BY position DESC LIMIT 1')
  const cursor = read.value?.cursor ?? { epoch: 1, sequence: 0, hash: NO_HASH }
  const at = positionOf(reader, cursor) ?? 0
  const distance = (head?.position ?? 0) - at
  const behind = distance > COUNTED ? distance : reader.one<[number, string], { n: number }>(
    'SELECT count(*) AS n FROM events WHERE position > ? AND type IN (SELECT value FROM json_each(?))', at, JSON.stringify(input.types))?.n ?? 0
  const asOf = behind === 0 && head !== undefined ? head : cursor
  return {
    damaged: false as const,
    value: { rows: read.value?.page.rows ?? [], next: read.value?.page.next ?? null, asOf: { epoch: asOf.epoch, sequence: asOf.sequence }, behind },
  }
}

function positionOf(reader: TenantReader, at: LogPosition): number | null {
  if (at.sequence === 0) return 0
  const row = reader.one<[number, number], { position: number; hash: Uint8Array }>('SELECT position, hash FROM events WHERE epoch = ? AND sequence = ?', at.epoch, at.sequence)
  return row !== undefined && Buffer.compare(row.hash, at.hash) === 0 ? row.position : null
}

function fromTables<T>(reader: TenantReader, { version, tables }: TablesOf, read: (database: PackDatabase) => T): FromTables<T> {
  try {
    return { damaged: false, value: PackDatabase.read(packFiles(reader.packFolder).tables(version), tables, reader.binary, read) }
  } catch (error) {
    if (error instanceof DamagedTablesError) return { damaged: true }
    throw error
  }
}

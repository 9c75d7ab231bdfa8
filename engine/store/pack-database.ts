import Database from 'better-sqlite3'
import { existsSync, rmSync, statSync } from 'node:fs'
import type { Row, RowKey, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { NO_HASH, type LogPosition } from '#engine/log/stored-event.ts'
import { teachQueries } from './pack-query.ts'
import { ABOUT, CURSOR, quoted, schemaOf, shownValue, SKIPPED, type Stored, storedRow, storedValue } from './pack-schema.ts'
import { openSqlite, StatementCache, type Db } from './sqlite.ts'

/** Raised when what the engine itself keeps in these files changes: an older one is folded again. */
const VERSION = 1

/** A row as a fold left it; null where it took it away. */
export interface RowChange {
  readonly key: RowKey
  readonly row: Row | null
}

export interface FoldStep {
  /** Where the file must stand, and where it stands afterwards. */
  readonly from: Pick<LogPosition, 'epoch' | 'sequence'>
  readonly to: LogPosition
  readonly changes: readonly RowChange[]
  /** Events that the pack could not fold. */
  readonly skipped: readonly { readonly eventId: string; readonly code: string }[]
}

export interface FoldCursor extends LogPosition {
  /** Digest of the rows, as it is kept. */
  readonly digest: string
  readonly skipped: number
}

/** The file is not what the engine wrote: it is set aside, and the log is folded again. */
export class DamagedTablesError extends Error {
  override readonly name = 'DamagedTablesError'
}

/**
 * The tables of one pack version for one tenant: a fold of the log in a file of its own, with the place in the log that it
 * stands for. `digest` is the sum of the hashes of all rows, modulo 2^256: it is kept with each change, and the same log
 * gives the same.
 */
export class PackDatabase {
  readonly #db: Db
  readonly #statements: StatementCache
  readonly #tables: ReadonlyMap<string, TableDeclaration>
  readonly #ino: number

  private constructor(db: Db, tables: readonly TableDeclaration[]) {
    teachQueries(db)
    this.#db = db
    this.#statements = new StatementCache(db)
    this.#tables = new Map(tables.map(table => [table.name, table]))
    this.#ino = statSync(db.name).ino
  }

  /** Makes the file where it is not there. Throws DamagedTablesError. */
  static toWrite(file: string, tables: readonly TableDeclaration[], binary: string | undefined): PackDatabase {
    return guarded(() => {
      // What the file of another day left in its write-ahead log must not come into this one.
      if (!existsSync(file)) for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      const db = openSqlite(file, { binary })
      try {
        db.pragma('wal_autocheckpoint = 1000')
        if (Number(db.pragma('user_version', { simple: true })) === 0) create(db, tables)
        return PackDatabase.#opened(db, tables)
      } catch (error) {
        db.close()
        throw error
      }
    })
  }

  /**
   * Reads from the file and closes it again: no handle outlives a read, so that the writer may put another file in its place.
   * Null where there is none. Throws DamagedTablesError.
   */
  static read<T>(file: string, tables: readonly TableDeclaration[], binary: string | undefined, read: (database: PackDatabase) => T): T | null {
    if (!existsSync(file)) return null
    return guarded(() => {
      const db = openSqlite(file, { readonly: true, binary })
      try {
        if (Number(db.pragma('user_version', { simple: true })) === 0) return null
        return read(PackDatabase.#opened(db, tables))
      } finally {
        db.close()
      }
    })
  }

  get db(): Db {
    return this.#db
  }

  /** False once the file was deleted, or another was put in its place. */
  isInPlace(): boolean {
    return statSync(this.#db.name, { throwIfNoEntry: false })?.ino === this.#ino
  }

  close(): void {
    this.#db.close()
  }

  /** Reads of one state, whatever the writer does meanwhile. */
  snapshot<T>(read: () => T): T {
    return this.#db.transaction(read)()
  }

  cursor(): FoldCursor {
    const cursor = this.#statements.get<[], Omit<FoldCursor, 'skipped'>>(`SELECT epoch, sequence, hash, digest FROM ${CURSOR}`).get()
    if (cursor === undefined) throw new DamagedTablesError('the cursor is gone')
    return { ...cursor, skipped: this.#statements.get<[], { n: number }>(`SELECT count(*) AS n FROM ${SKIPPED}`).get()?.n ?? 0 }
  }

  skipped(): string[] {
    return this.#statements.get<[], { event_id: string }>(`SELECT event_id FROM ${SKIPPED} ORDER BY event_id`).all().map(row => row.event_id)
  }

  /** Rows by key, in the order of the keys. */
  rows(keys: readonly RowKey[]): (Row | null)[] {
    return keys.map(key => {
      const table = this.#table(key.table)
      const stored = this.#stored(table, key)
      return stored === undefined ? null : shownRow(stored, table)
    })
  }

  /** Rows, cursor and digest in one transaction. False where the file stands elsewhere: nothing is changed then. */
  fold({ from, to, changes, skipped }: FoldStep): boolean {
    return guarded(() => this.#db.transaction(() => {
      const at = this.#statements.get<[], { epoch: number; sequence: number; digest: string }>(`SELECT epoch, sequence, digest FROM ${CURSOR}`).get()
      if (at === undefined) throw new DamagedTablesError('the cursor is gone')
      if (at.epoch !== from.epoch || at.sequence !== from.sequence) return false
      let digest = BigInt(`0x${at.digest}`)
      for (const change of changes) digest += this.#change(change)
      const skip = this.#statements.get<[string, string], unknown>(`INSERT INTO ${SKIPPED} (event_id, code) VALUES (?, ?) ON CONFLICT DO NOTHING`)
      for (const { eventId, code } of skipped) skip.run(eventId, code)
      this.#statements.get<[number, number, Uint8Array, string], unknown>(`UPDATE ${CURSOR} SET epoch = ?, sequence = ?, hash = ?, digest = ?`)
        .run(to.epoch, to.sequence, to.hash, hex(digest))
      return true
    }).immediate())
  }

  /** What the file says of its rows, and what they come to when they are read anew: the same, unless the file was changed. */
  digest(): { readonly kept: string; readonly computed: string } {
    const kept = this.#statements.get<[], { digest: string }>(`SELECT digest FROM ${CURSOR}`).get()?.digest ?? ''
    let sum = 0n
    for (const table of this.#tables.values()) {
      const rows = this.#db.prepare<[], Stored[]>(`SELECT ${columnsOf(table)} FROM ${quoted(table.name)}`).raw().safeIntegers()
      for (const row of rows.iterate()) sum += rowHash(table, row)
    }
    return { kept, computed: hex(sum) }
  }

  /** What SQLite itself finds wrong with the file. */
  damage(): string[] {
    return (this.#db.pragma('integrity_check(20)') as { integrity_check: string }[]).map(row => row.integrity_check).filter(text => text !== 'ok')
  }

  /** Puts a row in its place, or takes it away; gives what that adds to the digest. */
  #change({ key, row }: RowChange): bigint {
    const table = this.#table(key.table)
    const before = this.#stored(table, key)
    const gone = before === undefined ? 0n : rowHash(table, before)
    if (row === null) {
      if (before !== undefined) this.#statements.get<Stored[], unknown>(`DELETE FROM ${quoted(table.name)} WHERE ${keyIs(table)}`).run(...storedKey(table, key))
      return -gone
    }
    const values = storedRow(row, table)
    const sql = `INSERT OR REPLACE INTO ${quoted(table.name)} (${columnsOf(table)}) VALUES (${table.columns.map(() => '?').join(', ')})`
    this.#statements.get<Stored[], unknown>(sql).run(...values)
    return rowHash(table, values) - gone
  }

  #stored(table: TableDeclaration, key: RowKey): Stored[] | undefined {
    const statement = this.#statements.get<Stored[], Stored[]>(`SELECT ${columnsOf(table)} FROM ${quoted(table.name)} WHERE ${keyIs(table)}`)
    return statement.raw().safeIntegers().get(...storedKey(table, key))
  }

  #table(name: string): TableDeclaration {
    const table = this.#tables.get(name)
    if (table === undefined) throw new Error(`the pack has no table ${name}`)
    return table
  }

  static #opened(db: Db, tables: readonly TableDeclaration[]): PackDatabase {
    const version = Number(db.pragma('user_version', { simple: true }))
    const about = version === VERSION ? db.prepare<[], { tables: string }>(`SELECT tables FROM ${ABOUT}`).get()?.tables : undefined
    if (about !== canonicalJson(tables)) throw new DamagedTablesError('the file holds other tables than the pack declares')
    return new PackDatabase(db, tables)
  }
}

function create(db: Db, tables: readonly TableDeclaration[]): void {
  db.transaction(() => {
    db.exec(schemaOf(tables))
    db.prepare<[string]>(`INSERT INTO ${ABOUT} (one, tables) VALUES (1, ?)`).run(canonicalJson(tables))
    db.prepare<[Uint8Array, string]>(`INSERT INTO ${CURSOR} (one, epoch, sequence, hash, digest) VALUES (1, 1, 0, ?, ?)`).run(NO_HASH, hex(0n))
    db.pragma(`user_version = ${VERSION}`)
  })()
}

/** SQLite's own words for a file that is not whole. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    // A header that says "read only" is damage, too: where it is the disk, no other file can take its place, and that is said.
    const damaged = /^SQLITE_(CORRUPT|NOTADB|READONLY)/.test(error.code) || /no such (table|column)/.test(error.message)
    throw damaged ? new DamagedTablesError(error.message) : error
  }
}

function columnsOf({ columns }: TableDeclaration): string {
  return columns.map(({ name }) => quoted(name)).join(', ')
}

function keyIs({ key }: TableDeclaration): string {
  return key.map(name => `${quoted(name)} = ?`).join(' AND ')
}

function storedKey({ columns, key }: TableDeclaration, { key: values }: RowKey): Stored[] {
  return key.map((name, i) => storedValue(values[i] ?? null, columns.find(column => column.name === name) as TableDeclaration['columns'][number]))
}

function shownRow(stored: readonly Stored[], { columns }: TableDeclaration): Row {
  return Object.fromEntries(columns.map((column, i) => [column.name, shownValue(stored[i] ?? null, column)]))
}

function rowHash({ name }: TableDeclaration, values: readonly Stored[]): bigint {
  return BigInt(`0x${sha256Hex(`${name}\n${JSON.stringify(values.map(value => (typeof value === 'bigint' ? String(value) : value)))}`)}`)
}

function hex(sum: bigint): string {
  return BigInt.asUintN(256, sum).toString(16).padStart(64, '0')
}

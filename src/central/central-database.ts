import { CompiledQuery, Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import { RefusalError } from '#engine/core/refusal.ts'
import { openCentralSqlite, type CentralSqlite } from '#engine/store/central-database.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import { CENTRAL_SCHEMA_VERSION, POSTGRES_SCHEMA, SQLITE_SCHEMA, type CentralTables } from './central-schema.ts'
import { postgresArray, valueAt, type PackedValues } from './packed-values.ts'

export type CentralDb = Kysely<CentralTables>

/** Events that follow each other, by column; texts are UTF-8. */
export interface EventColumns {
  readonly count: number
  readonly firstSequence: number
  readonly hashes: PackedValues
  readonly types: PackedValues
  readonly times: PackedValues
  readonly bodies: PackedValues
}

/** Central's database, whichever it is: what differs between the two sits behind this. */
export interface CentralDatabase {
  readonly kind: 'sqlite' | 'postgres'
  readonly db: CentralDb
  /** Runs `work` in one transaction. On SQLite it is the only writer; on PostgreSQL the site's row is locked by who reads it. */
  transaction<T>(work: (tx: CentralDb) => Promise<T>): Promise<T>
  insertEvents(tx: CentralDb, stream: number, events: EventColumns): Promise<void>
  close(): Promise<void>
}

/** Opens the database and brings its schema up; refuses one that a newer central wrote. */
export async function openCentralDatabase(where: { readonly url: string } | { readonly file: string }, log: SyncLog): Promise<CentralDatabase> {
  return 'url' in where ? await openPostgres(where.url, log) : openSqliteFile(where.file)
}

function openSqliteFile(file: string): CentralDatabase {
  const database = openCentralSqlite(file)
  try {
    migrateSqlite(database)
  } catch (error) {
    database.close()
    throw error
  }
  const db: CentralDb = new Kysely({ dialect: new SqliteDialect({ database: async () => database }) })
  return {
    kind: 'sqlite',
    db,
    // BEGIN IMMEDIATE: a deferred transaction that read first cannot be upgraded once another process has written.
    transaction: (work) => db.connection().execute(async (tx) => {
      await sql`BEGIN IMMEDIATE`.execute(tx)
      try {
        const value = await work(tx)
        await sql`COMMIT`.execute(tx)
        return value
      } catch (error) {
        if (database.inTransaction()) await sql`ROLLBACK`.execute(tx)
        throw error
      }
    }),
    insertEvents: insertIntoSqlite,
    close: async () => {
      await db.destroy()
      database.close()
    },
  }
}

function migrateSqlite(database: CentralSqlite): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = database.userVersion()
    if (version > CENTRAL_SCHEMA_VERSION) throw newerSchema(version)
    if (version === 0) database.exec(SQLITE_SCHEMA)
    database.exec('COMMIT')
  } catch (error) {
    if (database.inTransaction()) database.exec('ROLLBACK')
    throw error
  }
}

/** Rows of one statement: beyond this SQLite gains nothing. */
const SQLITE_ROWS = 100
const SQLITE_COLUMNS = 'INSERT INTO event (stream, sequence, hash, type, time, body) VALUES '
/** Texts are bound as the bytes they are: SQLite keeps text as UTF-8, so the cast copies nothing and no string is made. */
const SQLITE_ROW = '(?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT))'
const INSERT_MANY = SQLITE_COLUMNS + Array.from({ length: SQLITE_ROWS }, () => SQLITE_ROW).join(', ')
const INSERT_ONE = SQLITE_COLUMNS + SQLITE_ROW

async function insertIntoSqlite(tx: CentralDb, stream: number, events: EventColumns): Promise<void> {
  const { count, firstSequence, hashes, types, times, bodies } = events
  for (let at = 0; at < count;) {
    const rows = count - at >= SQLITE_ROWS ? SQLITE_ROWS : 1
    const values: unknown[] = []
    for (let i = at; i < at + rows; i += 1) {
      values.push(stream, firstSequence + i, valueAt(hashes, i), valueAt(types, i), valueAt(times, i), valueAt(bodies, i))
    }
    await tx.executeQuery(CompiledQuery.raw(rows === 1 ? INSERT_ONE : INSERT_MANY, values))
    at += rows
  }
}

async function openPostgres(url: string, log: SyncLog): Promise<CentralDatabase> {
  const pool = new pg.Pool({
    connectionString: url, max: 8,
    // BIGINT as number: sequences, epochs and counters stay in the safe integers.
    types: { getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // The pool replaces an idle connection that broke; without a listener its error would end the process.
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection broke'))
  const db: CentralDb = new Kysely({ dialect: new PostgresDialect({ pool }) })
  try {
    await migratePostgres(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    kind: 'postgres',
    db,
    transaction: (work) => db.transaction().execute(work),
    insertEvents: insertIntoPostgres,
    close: () => db.destroy(),
  }
}

/** Any number that every central uses: two that start at once must not both create the schema. */
const MIGRATION_LOCK = 711_700_001

async function migratePostgres(db: CentralDb): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx)
    const found = await sql<{ table: string | null }>`SELECT to_regclass('schema_version')::text AS table`.execute(tx)
    if ((found.rows[0]?.table ?? null) === null) {
      await sql.raw(POSTGRES_SCHEMA).execute(tx)
      return
    }
    const stored = await sql<{ version: number }>`SELECT max(version) AS version FROM schema_version`.execute(tx)
    const version = stored.rows[0]?.version ?? 0
    if (version > CENTRAL_SCHEMA_VERSION) throw newerSchema(version)
  })
}

/** Columns as arrays: six parameters whatever the number of rows, and one plan. */
const UNNEST = `INSERT INTO event (stream, sequence, hash, type, time, body)
SELECT $1::bigint, $2::bigint + place - 1, hash, type, time, body
FROM unnest($3::bytea[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS sent (hash, type, time, body, place)`

const { BYTEA, TEXT } = pg.types.builtins

async function insertIntoPostgres(tx: CentralDb, stream: number, { firstSequence, hashes, types, times, bodies }: EventColumns): Promise<void> {
  await tx.executeQuery(CompiledQuery.raw(UNNEST, [
    stream, firstSequence, postgresArray(BYTEA, hashes), postgresArray(TEXT, types), postgresArray(TEXT, times), postgresArray(TEXT, bodies),
  ]))
}

function newerSchema(version: number): RefusalError {
  return new RefusalError({
    code: 'KS-CENTRAL-NEWER', message: `This database was written by a newer central (schema ${version}, this one knows ${CENTRAL_SCHEMA_VERSION}).`,
    remedy: 'Start the newer version of Keelson, or name another database.', values: { version },
  })
}

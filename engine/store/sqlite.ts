import Database from 'better-sqlite3'

export type Db = Database.Database
export type Statement<Params extends unknown[] = unknown[], Row = unknown> = Database.Statement<Params, Row>

export interface OpenOptions {
  readonly readonly?: boolean
  /** Binary of better-sqlite3 where the packaged one does not load. */
  readonly binary?: string | undefined
}

/** How long a statement waits for a lock that another connection holds. */
export const BUSY_MS = 5000

/** Size of the write-ahead log at which the writer checkpoints by itself (see `checkpointWhenLarge`). */
export const WAL_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * Opens a database of the product: WAL, synchronous FULL (better-sqlite3 is built with NORMAL), foreign keys on.
 * Automatic checkpoints are off: the writer asks for one between groups, so that none falls into an interactive commit.
 */
export function openSqlite(file: string, options: OpenOptions = {}): Db {
  const db = new Database(file, {
    readonly: options.readonly ?? false,
    ...(options.binary === undefined ? {} : { nativeBinding: options.binary }),
  })
  if (options.readonly !== true) {
    db.pragma('journal_mode = WAL')
    db.pragma('main.synchronous = FULL')
    db.pragma('wal_autocheckpoint = 0')
  }
  db.pragma('foreign_keys = ON')
  db.pragma(`busy_timeout = ${BUSY_MS}`)
  db.pragma('cache_size = -32768')
  db.pragma('temp_store = MEMORY')
  return db
}

/** One prepared statement for each text and connection: preparing anew is most of what a query builder costs. */
export class StatementCache {
  readonly db: Db
  readonly #statements = new Map<string, Statement>()

  constructor(db: Db) {
    this.db = db
  }

  get<Params extends unknown[], Row>(sql: string): Statement<Params, Row> {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.db.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement as Statement<Params, Row>
  }
}

/** SQLite says no for want of room or permission: the engine goes read-only instead of failing command by command. */
export function storageProblem(error: unknown): 'disk-full' | 'read-only' | null {
  if (!(error instanceof Database.SqliteError)) return null
  if (error.code.startsWith('SQLITE_FULL')) return 'disk-full'
  if (error.code.startsWith('SQLITE_READONLY') || error.code.startsWith('SQLITE_IOERR')) return 'read-only'
  return null
}

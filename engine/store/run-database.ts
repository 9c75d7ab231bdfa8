import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import { openSqlite, StatementCache, type Db } from './sqlite.ts'

/** Raised when the layout changes: a run is kept, so an older one is read as it was written or refused, never rewritten. */
const VERSION = 1

/**
 * What one run found, in a file of its own. `progress` moves in the transaction of the rows that it stands for, so that a
 * kill at any moment loses and doubles nothing. Histories are what accounts were when each order was decided; they go when the
 * run ends, for a change keeps what it was decided on.
 */
const SCHEMA = `
CREATE TABLE run (one INTEGER PRIMARY KEY CHECK (one = 1), plan TEXT NOT NULL, summary TEXT) STRICT;
CREATE TABLE progress (
  one INTEGER PRIMARY KEY CHECK (one = 1), after INTEGER NOT NULL, orders INTEGER NOT NULL, unchanged INTEGER NOT NULL, changed INTEGER NOT NULL,
  failed INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL, history_to INTEGER NOT NULL
) STRICT;
INSERT INTO progress VALUES (1, 0, 0, 0, 0, 0, 0, 0);
CREATE TABLE packs (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE chosen (order_no INTEGER PRIMARY KEY) STRICT;

CREATE TABLE changes (
  order_no INTEGER PRIMARY KEY,
  order_id TEXT NOT NULL, reference TEXT NOT NULL, account TEXT NOT NULL, profile_version INTEGER NOT NULL, revision INTEGER NOT NULL,
  document_position INTEGER NOT NULL, attributes TEXT NOT NULL, open_minor INTEGER NOT NULL, open_orders INTEGER NOT NULL,
  currency TEXT, exponent INTEGER, before_minor INTEGER, after_minor INTEGER, bucket INTEGER,
  differences TEXT NOT NULL
) STRICT;
CREATE TABLE change_kinds (kind TEXT NOT NULL, order_no INTEGER NOT NULL REFERENCES changes (order_no), PRIMARY KEY (kind, order_no)) STRICT, WITHOUT ROWID;
CREATE TABLE failures (
  order_no INTEGER PRIMARY KEY, order_id TEXT NOT NULL, reference TEXT NOT NULL, account TEXT NOT NULL,
  step TEXT NOT NULL, pack TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, remedy TEXT NOT NULL, failed_before INTEGER NOT NULL
) STRICT;

CREATE TABLE account_attributes (account_no INTEGER NOT NULL, position INTEGER NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (account_no, position)) STRICT, WITHOUT ROWID;
CREATE TABLE account_open (
  account_no INTEGER NOT NULL, position INTEGER NOT NULL, open_minor INTEGER NOT NULL, open_orders INTEGER NOT NULL, PRIMARY KEY (account_no, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_open (order_no INTEGER NOT NULL, position INTEGER NOT NULL, amount INTEGER, PRIMARY KEY (order_no, position)) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${VERSION};
`

/** A run's own database, opened for one piece of work and closed after it, so that its file can go at any time. */
export class RunDatabase {
  readonly db: Db
  readonly #statements: StatementCache

  private constructor(db: Db) {
    this.db = db
    this.#statements = new StatementCache(db)
  }

  static make(file: string, binary: string | undefined, plan: string, packs: readonly { readonly digest: string; readonly bytes: Uint8Array }[]): void {
    mkdirSync(dirname(file), { recursive: true })
    const db = openSqlite(file, { binary })
    try {
      db.transaction(() => {
        db.exec(SCHEMA)
        db.prepare('INSERT INTO run (one, plan) VALUES (1, ?)').run(plan)
        for (const { digest, bytes } of packs) db.prepare('INSERT INTO packs VALUES (?, ?)').run(digest, bytes)
      })()
    } finally {
      db.close()
    }
  }

  /** Opens a run for `work` and closes it. Refuses with KS-RUN-UNKNOWN where there is none. */
  static with<T>(file: string, { binary, readonly = false }: { readonly binary: string | undefined; readonly readonly?: boolean }, work: (run: RunDatabase) => T): T {
    if (!existsSync(file)) {
      throw new RefusalError({ code: 'KS-RUN-UNKNOWN', message: 'The results of this run are not here.', remedy: 'They may have been cleared away. Run it again.', values: { run: basename(file, '.db') } })
    }
    const run = new RunDatabase(openSqlite(file, { binary, readonly }))
    try {
      const version = Number(run.db.pragma('user_version', { simple: true }))
      if (version !== VERSION) throw new RefusalError({ code: 'KS-RUN-VERSION', message: 'Another version of Keelson made this run.', remedy: 'Run it again.', values: { version } })
      if (!readonly) run.db.pragma('wal_autocheckpoint = 1000')
      return work(run)
    } finally {
      run.db.close()
    }
  }

  all<Params extends unknown[], Row>(sql: string, ...params: Params): Row[] {
    return this.#statements.get<Params, Row>(sql).all(...params)
  }

  one<Params extends unknown[], Row>(sql: string, ...params: Params): Row | undefined {
    return this.#statements.get<Params, Row>(sql).get(...params)
  }

  run<Params extends unknown[]>(sql: string, ...params: Params): void {
    this.#statements.get<Params, unknown>(sql).run(...params)
  }

  transaction<T>(work: () => T): T {
    return this.db.transaction(work)()
  }
}

/** Ids come from outside: one that could be another file's name is none. */
export function runFile(folder: string, run: string): string {
  if (!/^[0-9A-Za-z:_-]{1,120}$/.test(run)) throw new RefusalError({ code: 'KS-RUN-UNKNOWN', message: 'There is no such run.', remedy: 'Look at the list of jobs.', values: { run } })
  return join(folder, `${run}.db`)
}

/** Runs that lie in a folder. */
export function runsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(name => name.endsWith('.db')).map(name => name.slice(0, -'.db'.length))
}

export function dropRun(folder: string, run: string): void {
  for (const end of ['.db', '.db-wal', '.db-shm']) rmSync(join(folder, `${run}${end}`), { force: true })
}

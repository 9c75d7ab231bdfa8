import { openSqlite, StatementCache, type Statement } from './sqlite.ts'

/** What central needs of its SQLite file: this folder is the only one that opens databases. */
export interface CentralSqlite {
  /** Prepared once for each text. */
  prepare(sql: string): Statement
  /** Several statements at once, for the schema. */
  exec(sql: string): void
  inTransaction(): boolean
  userVersion(): number
  close(): void
}

/** Opens central's database. It has one connection and no interactive commits, so SQLite may checkpoint by itself. */
export function openCentralSqlite(file: string): CentralSqlite {
  const db = openSqlite(file)
  db.pragma('wal_autocheckpoint = 4000')
  const statements = new StatementCache(db)
  return {
    prepare: (sql) => statements.get(sql),
    exec: (sql) => void db.exec(sql),
    inTransaction: () => db.inTransaction,
    userVersion: () => Number(db.pragma('user_version', { simple: true })),
    close: () => void db.close(),
  }
}

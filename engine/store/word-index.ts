import { existsSync } from 'node:fs'
import { openSqlite, StatementCache, type Db } from './sqlite.ts'

/** Raised when what is indexed changes, so that an older index is made anew. */
const VERSION = 1

/**
 * Words come in as `core/words.ts` makes them, so the tokenizer has only spaces to see. Without content, positions and columns
 * the index of a million orders takes 100 MB; with beginnings of up to five letters each letter that is typed is answered at once.
 */
const SCHEMA = `
DROP TABLE IF EXISTS order_words;
DROP TABLE IF EXISTS cursor;
CREATE VIRTUAL TABLE order_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii');
CREATE TABLE cursor (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
PRAGMA user_version = ${VERSION};
`

/** Where in the log an index stands. */
export interface IndexCursor {
  readonly position: number
  readonly hash: Uint8Array
}

/**
 * Words of the items of each order of a tenant, in a file of its own: it follows the log at its own pace, is no part of what
 * the writer commits, and can be deleted at any time, for it is made anew from the log.
 */
export class WordIndex {
  readonly #db: Db
  readonly #statements: StatementCache

  private constructor(db: Db) {
    this.#db = db
    this.#statements = new StatementCache(db)
  }

  /** To read; null where none was made yet. */
  static toRead(file: string, binary: string | undefined): WordIndex | null {
    if (!existsSync(file)) return null
    const db = openSqlite(file, { readonly: true, binary })
    if (Number(db.pragma('user_version', { simple: true })) === VERSION) return new WordIndex(db)
    db.close()
    return null
  }

  static toWrite(file: string, binary: string | undefined): WordIndex {
    const db = openSqlite(file, { binary })
    // What a power cut may take from the end of a derived file is indexed again: the cursor goes with it.
    db.pragma('synchronous = NORMAL')
    db.pragma('wal_autocheckpoint = 1000')
    if (Number(db.pragma('user_version', { simple: true })) !== VERSION) db.transaction(() => db.exec(SCHEMA))()
    return new WordIndex(db)
  }

  close(): void {
    this.#db.close()
  }

  cursor(): IndexCursor | null {
    return this.#statements.get<[], IndexCursor>('SELECT position, hash FROM cursor').get() ?? null
  }

  /** Takes in the words of orders, all or none, and moves the cursor. An order that was known has these words only. */
  put(orders: ReadonlyMap<number, string>, cursor: IndexCursor): void {
    this.#db.transaction(() => {
      const put = this.#statements.get<[number, string], unknown>('INSERT OR REPLACE INTO order_words (rowid, words) VALUES (?, ?)')
      for (const [orderNo, words] of orders) put.run(orderNo, words)
      this.#statements.get<[number, Uint8Array], unknown>(`
        INSERT INTO cursor (one, position, hash) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET position = excluded.position, hash = excluded.hash`)
        .run(cursor.position, cursor.hash)
    })()
  }

  /** Forgets everything: the log is not the one that was indexed. */
  clear(): void {
    this.#db.transaction(() => this.#db.exec(SCHEMA))()
  }

  /**
   * Numbers of orders in which some word begins with each of `words`. Those that have the words whole come first, then those
   * where the last one, still being typed, is the beginning of one: whole words are read only as far as needed, while all that
   * begins alike has to be gathered.
   */
  find(words: readonly string[], order: 'newest' | 'oldest', limit: number): number[] {
    const search = this.#statements.get<[string, number], { rowid: number }>(
      `SELECT rowid FROM order_words WHERE order_words MATCH ? ORDER BY rowid ${order === 'newest' ? 'DESC' : 'ASC'} LIMIT ?`)
    const found = new Set<number>()
    for (const whole of new Set([words.length, words.length - 1, 0])) {
      const match = words.map((word, i) => i < whole ? `"${word}"` : `"${word}"*`).join(' ')
      for (const { rowid } of search.all(match, limit)) found.add(rowid)
      if (found.size >= limit) break
    }
    return [...found]
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CoreEvent } from '#engine/log/event-types.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { upcast } from '#engine/log/upcasters.ts'
import { applyEvent } from '#engine/projections/apply-event.ts'
import { migrateCore } from '#engine/store/core-schema.ts'
import { CoreStore } from '#engine/store/core-store.ts'
import { openSqlite, StatementCache } from '#engine/store/sqlite.ts'

/** Tables that hold nothing but the fold of the log. */
const FOLDED = ['organisation', 'accounts', 'profiles', 'profile_proposals', 'orders', 'order_lines', 'items', 'decisions', 'approvals'] as const
const RANGE = 2000

export interface FoldDifference {
  readonly table: string
  /** Rows that the log gives and the table lacks or has otherwise, and the other way round. */
  readonly missing: number
  readonly surplus: number
}

/** Builds the rows of a core.db anew from its log, in a folder of its own, and compares. The database itself is only read. */
export function compareFold(coreFile: string, binary: string | undefined): FoldDifference[] {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-doctor-'))
  const db = openSqlite(join(folder, 'core.db'), { binary })
  try {
    migrateCore(db)
    db.pragma('foreign_keys = OFF')
    db.pragma('main.synchronous = OFF')
    db.prepare('ATTACH ? AS found').run(coreFile)
    const store = new CoreStore(new StatementCache(db))
    const read = db.prepare<[number, number], { position: number; order_no: number | null; body: string }>(
      'SELECT position, order_no, body FROM found.events WHERE position > ? ORDER BY position LIMIT ?')
    for (let position = 0; ;) {
      const rows = read.all(position, RANGE)
      const last = rows.at(-1)
      if (last === undefined) break
      db.transaction(() => {
        for (const row of rows) apply(store, row)
      })()
      position = last.position
    }
    return FOLDED.flatMap(table => {
      // The columns that the database has: one that an older version wrote may lack the newest, or the whole table.
      const columns = db.prepare<[string], { name: string }>(`SELECT name FROM pragma_table_info(?, 'found')`).all(table).map(c => c.name).join(', ')
      if (columns === '') return []
      const count = (left: string, right: string): number =>
        db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM (SELECT ${columns} FROM ${left}.${table} EXCEPT SELECT ${columns} FROM ${right}.${table})`).get()?.n ?? 0
      const missing = count('main', 'found')
      const surplus = count('found', 'main')
      return missing + surplus === 0 ? [] : [{ table, missing, surplus }]
    })
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function apply(store: CoreStore, row: { position: number; order_no: number | null; body: string }): void {
  const event = upcast(JSON.parse(row.body) as EventEnvelope)
  applyEvent(store, { type: event.type, data: event.data } as CoreEvent, {
    position: row.position, eventId: event.id, timeMs: Date.parse(event.time), actor: event.actor, reason: event.reason,
    orderId: event.subject, orderNo: row.order_no, orgpath: event.orgpath, correlationId: event.correlationid,
  })
}

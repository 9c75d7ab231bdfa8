import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noCounts } from '#engine/core/import-counts.ts'
import { ORDER_STATES, ORDER_TRANSITIONS } from '#engine/core/orders/order-state.ts'
import { anOrder } from '#engine/testing/order-builder.ts'
import { APPROVED, ask, failing, PASSED, person, priced, TestTenant, NO_EFFECT, profileContent } from '#engine/testing/test-tenant.ts'
import { migrateCore } from './core-schema.ts'
import { openSqlite, type Db } from './sqlite.ts'

describe('the database refuses by itself, also raw SQL', () => {
  let tenant: TestTenant
  let db: Db
  beforeAll(() => {
    tenant = new TestTenant()
    const { orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])
    tenant.submitted(anOrder({ reference: 'PO-2' }))
    db = openSqlite(tenant.coreFile)
  })
  afterAll(() => {
    db.close()
    tenant.end()
  })

  it.each([
    ['a negative total', `UPDATE orders SET base_amount = -1 WHERE order_no = 1`, /CHECK constraint failed: base_amount/],
    ['a line without an order', `INSERT INTO order_lines VALUES (999, 1, '1', 'X', '1')`, /FOREIGN KEY/],
    ['an order without an account', `UPDATE orders SET account_no = 999 WHERE order_no = 1`, /FOREIGN KEY/],
    ['a line with quantity 0', `INSERT INTO order_lines VALUES (1, 2, '2', 'X', '0.00')`, /CHECK constraint failed/],
    ['a line with a negative quantity', `UPDATE order_lines SET quantity = '-1' WHERE order_no = 1`, /CHECK constraint failed/],
    ['a line with a quantity that is no number', `UPDATE order_lines SET quantity = '1e3' WHERE order_no = 1`, /CHECK constraint failed/],
    ['an unknown state', `UPDATE orders SET state = 'lost' WHERE order_no = 1`, /illegal change|CHECK constraint/],
    ['an illegal transition', `UPDATE orders SET state = 'draft' WHERE order_no = 1`, /illegal change/],
    ['an order that begins beyond draft', `INSERT INTO orders SELECT 99, 'x', 'r', account_no, node, 'confirmed', 1, 1, NULL, 1, NULL, NULL, 1, 'c', 'd', 1, '{}', NULL, 1, 1, NULL FROM orders LIMIT 1`, /begins as a draft/],
    ['a deleted order', `DELETE FROM orders WHERE order_no = 1`, /never deleted/],
    ['a revision that falls', `UPDATE orders SET revision = 0 WHERE order_no = 1`, /never falls|CHECK/],
    ['an edited event', `UPDATE events SET body = replace(body, '10.00', '99.00') WHERE position = 3`, /append-only/],
    ['a replaced event', `REPLACE INTO events SELECT position, epoch, sequence, type, order_no, '{}', hash FROM events WHERE position = 3`, /append-only/],
    ['a replaced order', `REPLACE INTO orders SELECT order_no, id, reference, account_no, node, 'draft', 1, 1, NULL, 1, NULL, NULL, 1, 'c', 'd', 1, '{}', NULL, 1, 1, NULL FROM orders LIMIT 1`, /never replaced/],
    ['a deleted event', `DELETE FROM events WHERE position = 3`, /append-only/],
    ['a second decision of the same attempt', `INSERT INTO decisions SELECT order_no, revision, kind, attempt, 'other', NULL, position FROM decisions LIMIT 1`, /UNIQUE/],
    ['an edited decision', `UPDATE decisions SET outcome = 'rejected'`, /append-only/],
    ['a new legal transition', `INSERT INTO order_transitions VALUES ('closed', 'draft', 0)`, /append-only|UNIQUE|closed/],
    ['a price as text', `UPDATE orders SET base_amount = 'much' WHERE order_no = 1`, /cannot store TEXT/],
    ['an event without its full hash', `INSERT INTO events VALUES (9999, 1, 9999, 't', NULL, '{}', x'00')`, /CHECK constraint failed/],
  ])('%s', (_what, sql, message) => {
    expect(() => db.exec(sql)).toThrow(message)
  })

  it('lets exactly the transitions of the core through', () => {
    const legal = new Set(ORDER_TRANSITIONS.map(([from, to]) => `${from} ${to}`))
    const from = db.prepare<[], { state: string }>('SELECT state FROM orders WHERE order_no = 2').get()?.state ?? ''
    for (const to of ORDER_STATES.filter(s => s !== from)) {
      db.exec('SAVEPOINT probe')
      const attempt = () => db.prepare('UPDATE orders SET state = ? WHERE order_no = 2').run(to)
      if (legal.has(`${from} ${to}`)) expect(attempt).not.toThrow()
      else expect(attempt).toThrow(/illegal change/)
      db.exec('ROLLBACK TO probe; RELEASE probe')
    }
  })
})

it('brings what an older version wrote up to date: an order knows the import that brought it', () => {
  const tenant = new TestTenant()
  tenant.must('import-chunk', {
    jobId: 'job', fileDigest: '0'.repeat(64), fileName: 'orders.csv', rejects: [], orders: [{ document: anOrder(), rows: '2', lineCount: 1, originals: null }],
    progress: { taken: 1, rejectsWritten: 0, bytesRead: 1, bytesTotal: 1, counts: noCounts() },
  }, { correlationId: 'job' })
  tenant.submitted(anOrder({ reference: 'PO-2' }))
  const db = openSqlite(tenant.coreFile)
  const brought = () => db.prepare('SELECT reference, import_job FROM orders ORDER BY order_no').all()
  const before = brought()
  db.exec('DROP INDEX orders_by_import; ALTER TABLE orders DROP COLUMN import_job; PRAGMA user_version = 1')
  migrateCore(db, 2)
  expect(brought()).toEqual(before)
  expect(before).toEqual([{ reference: 'PO-1', import_job: 'job' }, { reference: 'PO-2', import_job: null }])
  db.close()
  tenant.end()
})

it('brings approvals of an older version up to date: who gave a stage counts towards its quorum', () => {
  const tenant = new TestTenant()
  const { orderId, orderNo } = tenant.submitted(anOrder())
  tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), ask({ id: 'desk', role: 'approver' }, { id: 'board', role: 'manager' })])
  tenant.must('approve-order', { orderId, revision: 1, stage: 'desk' }, { actor: person('ben', 'approver') })
  const db = openSqlite(tenant.coreFile)
  const approvals = () => db.prepare('SELECT stage, decided_by FROM approvals').all()
  const given = () => db.prepare<[], { given: string }>("SELECT awaits_stage ->> '$.given' AS given FROM orders").get()?.given
  const before = { approvals: approvals(), given: given() }
  db.exec("UPDATE orders SET awaits_stage = json_remove(awaits_stage, '$.given'); PRAGMA user_version = 2")
  migrateCore(db, 3)
  expect({ approvals: approvals(), given: given() }).toEqual(before)
  expect(before).toEqual({ approvals: [{ stage: 'desk', decided_by: 'ben' }], given: '[{"stage":"desk","by":"ben"}]' })
  expect(() => db.exec("UPDATE approvals SET decided_by = 'eve'")).toThrow(/append-only/)
  db.close()
  tenant.end()
})

it('brings parked work of an older version up to date: its last try is the first of its history', () => {
  const tenant = new TestTenant()
  const { orderNo } = tenant.submitted(anOrder())
  tenant.decide(orderNo, 'submitted', [PASSED, failing('pricing', 'tiers')])
  const db = openSqlite(tenant.coreFile)
  db.exec('DROP TABLE dead_letter_tries; DROP TABLE dead_letter_corrections; ALTER TABLE dead_letters DROP COLUMN pack_version; PRAGMA user_version = 3')
  migrateCore(db, 4)
  expect(db.prepare('SELECT try_no, code, pack_version FROM dead_letter_tries').all()).toEqual([{ try_no: 1, code: 'KS-PACK-THREW', pack_version: null }])
  db.close()
  tenant.end()
})

it('brings profile versions of an older version up to date: who published each, why, and since when it counts', () => {
  const tenant = new TestTenant()
  tenant.clock.ms += 123
  tenant.must('publish-profile', { content: profileContent('d2'), effect: NO_EFFECT }, { actor: person('ann', 'administrator'), reason: 'Preise "neu" für 2026' })
  const db = openSqlite(tenant.coreFile)
  const versions = () => db.prepare('SELECT * FROM profiles ORDER BY version').all()
  const before = versions()
  db.exec(`
    DROP TRIGGER events_never_changed;
    UPDATE events SET type = 'keelson.profile.published.v1' WHERE type = 'keelson.profile.published.v2';
    DROP INDEX profiles_one_scheduled; DROP TRIGGER profiles_never_change; DROP TRIGGER profiles_never_replaced; DROP TRIGGER profiles_stay;
    ALTER TABLE profiles DROP COLUMN site; ALTER TABLE profiles DROP COLUMN origin; ALTER TABLE profiles DROP COLUMN effective_at;
    ALTER TABLE profiles DROP COLUMN activated_at; ALTER TABLE profiles DROP COLUMN withdrawn;
    DROP TABLE profile_proposals; DROP TABLE profile_comments; DROP TABLE profile_drafts; PRAGMA user_version = 5`)
  migrateCore(db, 6)
  expect(versions()).toEqual(before)
  expect(before).toMatchObject([{ version: 1 }, { version: 2, activated_at: tenant.clock.ms, origin: expect.stringContaining('"by":"ann","reason":"Preise \\"neu\\" für 2026"') as string }])
  db.close()
  tenant.end()
})

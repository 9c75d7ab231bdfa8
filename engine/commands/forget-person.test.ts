import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { compareFold } from '#engine/doctor/rebuild-fold.ts'
import { verifyLog } from '#engine/projections/log-reads.ts'
import { orderPage } from '#engine/projections/order-page.ts'
import { eventsSince } from '#engine/projections/pack-reads.ts'
import { listAccounts } from '#engine/projections/work-lists.ts'
import { anOrder } from '#engine/testing/order-builder.ts'
import { TENANT, TestTenant } from '#engine/testing/test-tenant.ts'
import { WriterLoop } from '#engine/threads/writer-loop.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

const REASON = { reason: 'request 17' }
const CONTACT = { name: 'Margarethe Musterfrau', email: 'mm@example.org', phone: null, address: null }
const order = (reference: string) => anOrder({ reference, account: { code: 'A-1', name: 'Musterfrau' }, contact: CONTACT })

function wrappedKeys(): Buffer[] {
  const db = new Database(tenant.coreFile, { readonly: true })
  const rows = db.prepare<[], { wrapped: Buffer | null }>('SELECT wrapped FROM subject_keys').all()
  db.close()
  return rows.flatMap(({ wrapped }) => wrapped ?? [])
}

/** Those of the keys that a file still holds, and how often. */
function kept(keys: readonly Buffer[]): number[] {
  const files = ['', '-wal'].map(end => `${tenant.coreFile}${end}`).filter(file => existsSync(file)).map(file => readFileSync(file).toString('latin1'))
  return keys.map(key => files.reduce((count, file) => count + file.split(key.toString('latin1')).length - 1, 0)).filter(count => count > 0)
}

it('nobody can read who an account was, in any file; orders, chain and rows stay as they are', () => {
  const { orderId } = tenant.submitted(order('R-1'))
  const reader = tenant.reader()
  const seen = () => orderPage(reader, { order: orderId, personal: true, person: { id: 'nobody', roles: [] } }).order
  expect(seen()).toMatchObject({ accountName: 'Musterfrau', contact: { email: 'mm@example.org' } })
  const keys = wrappedKeys()
  expect(tenant.must('forget-person', { about: { account: 'A-1' } }, REASON)).toEqual({ changed: true })
  // The reader that had the name open forgets it too.
  expect(seen()).toMatchObject({ reference: 'R-1', account: 'A-1', accountName: null, contact: null })
  expect(listAccounts(reader, { search: '', limit: 10, personal: true })).toMatchObject([{ code: 'A-1', name: null }])
  expect(kept(keys)).toEqual([])
  expect(verifyLog(reader).ok).toBe(true)
  tenant.restart()
  expect(compareFold(tenant.coreFile, undefined)).toEqual([])
})

it('a key lies in one place only, so that destroying it there destroys it: none is left behind where pages of keys were divided', () => {
  const ids = Array.from({ length: 400 }, (_, index) => `${(index * 7919) % 1000}-${index}`)
  tenant.must('append-pack-events', {
    pack: 'club', command: 'add', input: {}, after: 0, about: { orgpath: '/test' },
    events: ids.map(id => ({ type: 'club.member-added.v1', data: { id, name: id }, personal: { subject: `club/${id}`, fields: ['name'] } })),
  })
  const keys = wrappedKeys()
  tenant.restart()
  expect([keys.length, ...new Set(kept(keys))]).toEqual([ids.length, 1])
})

it('after a kill before the key was out of every file, it is out before anything is acknowledged again', () => {
  tenant.submitted(order('R-1'))
  const keys = wrappedKeys()
  tenant.restart()
  const killed = new Database(tenant.coreFile)
  killed.exec('UPDATE subject_keys SET wrapped = NULL, forgotten_at = 1')
  const files = ['', '-wal'].map(end => `${tenant.coreFile}${end}`)
  for (const file of files) copyFileSync(file, `${file}.killed`)
  killed.close()
  for (const file of files) copyFileSync(`${file}.killed`, file)
  rmSync(`${tenant.coreFile}-shm`, { force: true })
  expect(kept(keys)).toEqual([1])
  expect(tenant.must('forget-person', { about: { account: 'A-1' } }, REASON)).toEqual({ changed: false })
  expect(kept(keys)).toEqual([])
})

it('is acknowledged once no reader keeps the key in a file', () => {
  tenant.submitted(order('R-1'))
  const keys = wrappedKeys()
  tenant.restart()
  const due: (() => void)[] = []
  const done: unknown[] = []
  const writer = new WriterLoop({ dataFolder: tenant.folder, sqliteBinary: undefined, clock: tenant.clock, ids: tenant.ids }, message => {
    if (message.t === 'done') done.push(message.result)
  }, work => void due.push(work))
  const reader = new Database(tenant.coreFile, { readonly: true })
  reader.exec('BEGIN; SELECT count(*) FROM accounts')
  writer.take({ t: 'write', id: 1, tenant: TENANT, lane: 'interactive', name: 'forget-person', invocation: tenant.invocation(REASON), input: { about: { account: 'A-1' } } })
  due.shift()?.()
  expect([done, kept(keys)]).toEqual([[], [1]])
  reader.close()
  for (let work = due.shift(); work !== undefined; work = due.shift()) work()
  expect([done, kept(keys)]).toEqual([[{ ok: true, value: { changed: true } }], []])
  writer.close()
})

it('orders of the account go on, and keep nothing personal; a document that is here already is known again', () => {
  tenant.submitted(order('R-1'))
  tenant.must('forget-person', { about: { account: 'A-1' } }, REASON)
  const { orderId } = tenant.submitted(order('R-2'))
  expect(orderPage(tenant.reader(), { order: orderId, personal: true, person: { id: 'nobody', roles: [] } }).order).toMatchObject({ reference: 'R-2', contact: null })
  expect(tenant.run('draft-order', { document: order('R-1') })).toMatchObject({ ok: false, refusal: { code: 'KS-ORDER-KNOWN-REFERENCE' } })
  expect(tenant.must('forget-person', { about: { account: 'A-1' } }, REASON)).toEqual({ changed: false })
})

it('what a pack said of a person opens for that pack no more, and of another person still does', () => {
  const added = (id: string, after: number) => ({
    pack: 'club', command: 'add', input: { id }, after, about: { orgpath: '/test' }, events: [{ type: 'club.member-added.v1', data: { id, name: `Ada ${id}` }, personal: { subject: `club/${id}`, fields: ['name'] } }],
  })
  const { position } = tenant.must('append-pack-events', added('01', 0))
  tenant.must('append-pack-events', added('02', position ?? 0))
  tenant.must('forget-person', { about: { pack: 'club', id: '01' } }, REASON)
  const read = eventsSince(tenant.reader(), { at: { epoch: 1, sequence: 0, hash: new Uint8Array(32) }, types: ['club.member-added.v1'], limit: 100, pack: 'club' })
  expect(read.offChain ? null : read.events.map(({ envelope }) => envelope.data)).toEqual([{ id: '01', name: null }, { id: '02', name: 'Ada 02' }])
})

it.each([[{ account: 'NOBODY' }, REASON, 'KS-PERSON-UNKNOWN'], [{ pack: 'club', id: '01' }, REASON, 'KS-PERSON-UNKNOWN'], [{ account: 'A-1' }, { reason: ' ' }, 'KS-REASON-MISSING']] as const)('%j is refused', (about, given, code) => {
  tenant.submitted(order('R-1'))
  expect(tenant.run('forget-person', { about }, given)).toMatchObject({ ok: false, refusal: { code } })
})

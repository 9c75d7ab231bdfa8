import { afterEach, beforeEach, expect, test } from 'vitest'
import type { QueryDeclaration, Row, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { PackFiles } from '#engine/store/pack-files.ts'
import { anOrder } from '#engine/testing/order-builder.ts'
import { TestTenant } from '#engine/testing/test-tenant.ts'
import { eventsSince, packQuery } from './pack-reads.ts'
import type { TenantReader } from './tenant-reader.ts'

const version = { pack: 'notes', digest: 'd1' }
const table = (belongsTo: TableDeclaration['belongsTo']): TableDeclaration => ({
  name: 'notes', key: ['id'], belongsTo, columns: [{ name: 'id', type: 'text' }, { name: 'account', type: 'text' }, { name: 'order_id', type: 'text' }],
})
const query: QueryDeclaration = { name: 'all', table: 'notes', columns: ['id'] }

let tenant: TestTenant
let reader: TenantReader
let files: PackFiles
let ids: { readonly north: string; readonly root: string }

beforeEach(() => {
  tenant = new TestTenant()
  ids = {
    north: tenant.must('draft-order', { document: anOrder({ reference: 'N', account: { code: 'N-1', name: null }, orgpath: '/test/north' }) }).orderId,
    root: tenant.must('draft-order', { document: anOrder({ reference: 'R', account: { code: 'R-1', name: null } }) }).orderId,
  }
  reader = tenant.reader()
  files = new PackFiles(reader.packFolder, undefined)
})
afterEach(() => {
  files.close()
  tenant.end()
})

function fold(tables: TableDeclaration[], rows: readonly Row[]): void {
  const at = reader.one<[], { epoch: number; sequence: number; hash: Uint8Array }>('SELECT epoch, sequence, hash FROM events ORDER BY position LIMIT 1')
  if (at === undefined) throw new Error('there is no log')
  files.open(version, tables).fold({ from: { epoch: 1, sequence: 0 }, to: at, skipped: [], changes: rows.map(row => ({ key: { table: 'notes', key: [row['id'] as string] }, row })) })
}
const seen = (tables: TableDeclaration[], nodes: readonly string[] | null, types: readonly string[] = []) =>
  packQuery(reader, { version, tables, query, parameters: {}, after: null, limit: 10, nodes, types })
const namesOf = (read: ReturnType<typeof seen>) => (read.damaged ? 'damaged' : read.value.rows.map(row => row['id']))

test.each<[string, TableDeclaration['belongsTo'], readonly string[]]>([
  ['of an order', { order: 'order_id' }, ['north']], ['of an account', { account: 'account' }, ['north']], ['of the tenant', 'tenant', []],
])('who sees a part of the organisation sees the rows %s there', (_, belongsTo, expected) => {
  const tables = [table(belongsTo)]
  fold(tables, [{ id: 'north', account: 'N-1', order_id: ids.north }, { id: 'root', account: 'R-1', order_id: ids.root }, { id: 'lost', account: 'X', order_id: 'X' }])
  expect(namesOf(seen(tables, ['/test/north']))).toEqual(expected)
  expect(namesOf(seen(tables, ['/test/nor']))).toEqual([])
  expect(namesOf(seen(tables, []))).toEqual([])
  expect(namesOf(seen(tables, null))).toEqual(['lost', 'north', 'root'])
})

test('an answer says which place of the log it stands for, and how many events are not in it', () => {
  const tables = [table('tenant')]
  const types = ['keelson.order.drafted.v2']
  expect(seen(tables, null, types)).toMatchObject({ value: { rows: [], asOf: { epoch: 1, sequence: 0 }, behind: 2 } })
  fold(tables, [])
  expect(seen(tables, null, types)).toMatchObject({ value: { asOf: { epoch: 1, sequence: 1 }, behind: 2 } })
  const head = reader.one<[], { sequence: number }>('SELECT max(sequence) AS sequence FROM events')
  expect(seen(tables, null, ['other.event.v1'])).toMatchObject({ value: { asOf: { epoch: 1, sequence: head?.sequence }, behind: 0 } })
})

test('a place that the log does not have is told', () => {
  expect(eventsSince(reader, { at: { epoch: 1, sequence: 1, hash: new Uint8Array(32) }, types: [], limit: 5 })).toEqual({ offChain: true })
  expect(eventsSince(reader, { at: { epoch: 9, sequence: 1, hash: new Uint8Array(32) }, types: [], limit: 5 })).toEqual({ offChain: true })
})

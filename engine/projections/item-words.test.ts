import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { TENANT, TestTenant } from '#engine/testing/test-tenant.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { indexItemWords } from './item-words.ts'
import { listOrders } from './order-list.ts'
import type { TenantReader } from './tenant-reader.ts'

let tenant: TestTenant
beforeEach(() => {
  tenant = new TestTenant()
  tenant.submitted(anOrder({ reference: 'PO-1', lines: [aLine({ item: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER' }), aLine({ id: '2', item: 'POST' })] }))
  tenant.submitted(anOrder({ reference: 'PO-2', lines: [aLine({ item: 'BOLT-M8', description: 'Schlüsselschraube' })] }))
})
afterEach(() => tenant.end())

function indexed(): TenantReader {
  const reader = tenant.reader()
  while (indexItemWords(reader).more);
  return reader
}

const found = (reader: TenantReader, search: string, more: object = {}) =>
  listOrders(reader, { search, sort: 'reference', limit: 10, personal: true, ...more }).rows.map(order => order.reference)

it.each([
  ['85123', ['PO-1']],
  ['heart white', ['PO-1']],
  ['heart schl', []],
  ['schlussel', ['PO-2']],
  ['bolt-m8', ['PO-2']],
  ['po', ['PO-1']],
  ['PO-', ['PO-1', 'PO-2']],
  ['a-1', []],
  ['"OR 1 NEAR(', []],
])('finds what was typed, "%s", in the items of orders or at the start of their reference', (search, references) => {
  expect(found(indexed(), search)).toEqual(references)
})

it('knows the items of an order as it was amended, and those of orders that came later', () => {
  const reader = indexed()
  const { orderId } = tenant.submitted(anOrder({ reference: 'PO-3', lines: [aLine({ item: 'HINGE' })] }))
  expect(found(reader, 'hinge')).toEqual([])
  indexItemWords(reader)
  expect(found(reader, 'hinge')).toEqual(['PO-3'])
  tenant.must('amend-order', { orderId, revision: 1, document: anOrder({ reference: 'PO-3', lines: [aLine({ item: 'LATCH' })] }) })
  indexItemWords(reader)
  expect([found(reader, 'hinge'), found(reader, 'latch')]).toEqual([[], ['PO-3']])
})

it('finds references before there is an index, and makes one anew that was deleted or stands on another log', () => {
  expect(found(tenant.reader(), 'PO-2')).toEqual(['PO-2'])
  indexed()
  const file = dataPaths(tenant.folder).words(TENANT)
  const words = openSqlite(file)
  words.prepare(`UPDATE cursor SET hash = ?`).run(Buffer.alloc(32))
  words.close()
  expect(found(indexed(), 'bolt')).toEqual(['PO-2'])
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  expect(found(indexed(), 'bolt')).toEqual(['PO-2'])
})

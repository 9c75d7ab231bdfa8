import { afterEach, beforeEach, expect, it } from 'vitest'
import { anOrder } from '#engine/testing/order-builder.ts'
import { TestTenant } from '#engine/testing/test-tenant.ts'
import { listOrders } from './order-list.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

it.each(['newest', 'oldest', 'reference'] as const)('gives the rows that are asked for by id, whatever else there is, sorted by %s', sort => {
  const [first, , third] = ['PO-1', 'PO-2', 'PO-3'].map(reference => tenant.submitted(anOrder({ reference })).orderId)
  const ids = [first ?? '', third ?? '', 'no-such-order']
  const { rows, next } = listOrders(tenant.reader(), { ids, sort, limit: 3, personal: true })
  expect(rows.map(row => row.reference).toSorted()).toEqual(['PO-1', 'PO-3'])
  expect(next).toBeNull()
})

it.each([1, 2, 3, 20])('finds an order by its whole reference before newer ones that begin alike, and each once, %i a page', limit => {
  for (const reference of ['PO-1', 'PO-10', 'PO-2', 'PO-11', 'PO-12']) tenant.submitted(anOrder({ reference }))
  const found: string[] = []
  for (let after: string | null = '', page; after !== null; after = page.next) {
    page = listOrders(tenant.reader(), { search: 'PO-1', sort: 'newest', limit, after: after === '' ? null : after, personal: true })
    found.push(...page.rows.map(row => row.reference))
  }
  expect(found).toEqual(['PO-1', 'PO-12', 'PO-11', 'PO-10'])
})

it('answers the attributes that are asked for: of the order, else of its account, and nothing where neither has one', () => {
  const manifest = { id: 'loyalty', attributes: [{ on: 'account', name: 'tier', schema: { type: 'string' } }, { on: 'order', name: 'campaign', schema: { type: 'string' } }, { on: 'order', name: 'points', schema: { type: 'integer' } }] }
  tenant.enable({ pack: 'loyalty', manifest } as never)
  tenant.submitted(anOrder({ reference: 'PO-1', attributes: { 'loyalty.campaign': 'spring', 'loyalty.points': 12 } }))
  tenant.submitted(anOrder({ reference: 'PO-2', account: { code: 'B-1', name: null } }))
  tenant.must('set-attributes', { on: 'account', key: 'A-1', attributes: { 'loyalty.tier': 'gold' } })
  const list = (attributes?: readonly string[]) => listOrders(tenant.reader(), { attributes, sort: 'reference', limit: 10, personal: true }).rows.map(row => row.attributes)
  expect(list(['loyalty.tier', 'loyalty.points', 'loyalty.constructor'])).toEqual([{ 'loyalty.tier': 'gold', 'loyalty.points': 12 }, {}])
  expect(list()).toEqual([undefined, undefined])
})

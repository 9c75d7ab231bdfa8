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

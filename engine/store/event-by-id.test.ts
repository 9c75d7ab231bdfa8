import { expect, it } from 'vitest'
import { anOrder } from '#engine/testing/order-builder.ts'
import { TestTenant } from '#engine/testing/test-tenant.ts'
import { eventBodyById } from './event-by-id.ts'

it('finds an event of an order, and one of none, without a look at the whole log', () => {
  const tenant = new TestTenant()
  const { orderNo } = tenant.submitted(anOrder())
  const reader = tenant.reader()
  const events = reader.all<[], { id: string; order_no: number | null }>("SELECT body ->> '$.id' AS id, order_no FROM events")
  expect(new Set(events.map(event => event.order_no))).toEqual(new Set([null, orderNo]))
  for (const { id, order_no: of } of events) expect(eventBodyById(reader.statements, id, of)).toContain(`"id":"${id}"`)
  expect(eventBodyById(reader.statements, 'nobody', null)).toBeNull()
  const plan = reader.all<[], { detail: string }>("EXPLAIN QUERY PLAN SELECT body FROM events WHERE order_no IS NULL AND body ->> '$.id' = 'x' LIMIT 1")
  expect(plan.map(({ detail }) => detail).join()).toContain('USING INDEX events_of_no_order')
  tenant.end()
})

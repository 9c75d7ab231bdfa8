import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { orderDocumentSchema } from '#engine/core/orders/order-document.ts'
import { testEngine, type TestEngine } from '#test/support/test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
  await engine.client.commands['create-tenant']({ tenant: 'acme', profile: 'acme' })
})
afterAll(() => engine.end())

const HEADING = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

/** Imports rows of the Online Retail file and waits for what becomes of them. */
async function importRows(name: string, rows: readonly string[]) {
  const file = join(engine.folder, name)
  writeFileSync(file, [HEADING, ...rows, ''].join('\n'))
  const { jobId } = await engine.client.commands['start-import']({ tenant: 'acme', path: file, map: 'online-retail' })
  for await (const job of await engine.client.streams.job({ tenant: 'acme', jobId })) if (job.durationMs !== null) return job
  throw new Error('the job did not end')
}

it('finds an order unchanged that was entered by the API, whatever the order of its fields', async () => {
  const row = '540001,22633,HAND WARMER,6,2010-12-01 08:28:00,1.85,17850,United Kingdom'
  await importRows('first.csv', [row])
  const { order, lines } = await engine.client.queries.order({ tenant: 'acme', order: '540001' })
  const { kind, currency, placedOn, allowances, prepaidAmount, roundingAmount, taxAmount, contact, attributes, orgpath } = order
  await engine.client.commands['draft-order']({
    tenant: 'acme',
    document: orderDocumentSchema.parse({ reference: '540002', account: { code: order.account, name: null }, kind, currency, placedOn, lines, allowances, prepaidAmount, roundingAmount, taxAmount, contact, attributes, orgpath }),
  })
  const again = await importRows('again.csv', [row.replace('540001', '540002')])
  expect(again).toMatchObject({ state: 'succeeded', counts: { orders: { read: 1, accepted: 1, rejected: 0, unchanged: 1 } } })
})

it('lists the orders that an import brought, in every order of the list, and not those that were here before', async () => {
  const row = (reference: number) => `${reference},22633,HAND WARMER,6,2010-12-01 08:28:00,1.85,17850,United Kingdom`
  await importRows('before.csv', [row(560001)])
  const job = await importRows('import.csv', [row(560001), row(560002), row(560003), row(560004)])
  expect(job.counts?.orders).toMatchObject({ accepted: 4, unchanged: 1 })
  const list = async (more: object) => await engine.client.queries.orders({ tenant: 'acme', import: job.id, ...more })
  for (const sort of ['newest', 'oldest', 'amount-high', 'amount-low', 'reference'] as const) {
    const first = await list({ sort, limit: 2 })
    const second = await list({ sort, limit: 2, after: first.next })
    expect([...first.rows, ...second.rows].map(order => order.reference).toSorted()).toEqual(['560002', '560003', '560004'])
    expect([first.rows.length, second.next]).toEqual([2, null])
  }
  expect((await list({ states: ['rejected'] })).rows).toEqual([])
  expect((await list({ search: '560003' })).rows).toHaveLength(1)
})

it('finds the orders of an import by words of their items, a moment after they are in', async () => {
  await importRows('items.csv', ['570001,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:28:00,2.55,17850,United Kingdom'])
  for (const search of ['heart whi', '85123']) {
    for (;;) {
      const { rows } = await engine.client.queries.orders({ tenant: 'acme', search })
      if (rows.some(order => order.reference === '570001')) break
    }
  }
})

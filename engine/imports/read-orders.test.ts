import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '#engine/core/digest.ts'
import { orderDocumentSchema } from '#engine/core/orders/order-document.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { fileSource, filesBeside, memorySource } from './byte-source.ts'
import { addCounts, noCounts, type ImportCounts } from '#engine/core/import-counts.ts'
import { THOROUGH } from '#engine/testing/thorough.ts'
import type { ImportItem, ImportSource } from './import-item.ts'
import { type ImportMapping, mappingSchema, parseMapping } from './mapping.ts'
import { readOrders, type ReadOptions } from './read-orders.ts'

const ROOT = new URL('../../', import.meta.url)
const path = (name: string) => new URL(name, ROOT).pathname

function included(name: string): ImportMapping {
  const parsed = parseMapping(readFileSync(path(`resources/mappings/${name}.yaml`), 'utf8'), `${name}.yaml`)
  if (!parsed.ok) throw new RefusalError(parsed.refusal)
  return parsed.value
}

async function readAll(options: ReadOptions): Promise<{ items: ImportItem[]; counts: ImportCounts; bytesRead: number }> {
  const items: ImportItem[] = []
  const counts = noCounts()
  let bytesRead = 0
  for await (const chunk of readOrders(options)) {
    items.push(...chunk.items)
    addCounts(counts, chunk.counts)
    expect(chunk.position.items).toBe((chunk.items.at(-1)?.index ?? -1) + 1)
    bytesRead = chunk.bytesRead
  }
  return { items, counts, bytesRead }
}

const csv = (text: string, name = 'orders.csv') => memorySource(name, Buffer.from(text))
const simple = (more: Record<string, unknown> = {}) => mappingSchema.parse({
  schema: 1, name: 'simple', title: 'Simple',
  order: { reference: 'order', account: { code: 'customer' }, currency: { value: 'EUR' } },
  line: { item: 'item', quantity: 'qty', price: 'price' },
  ...more,
})
const HEADING = 'order,customer,item,qty,price\n'
/** Everything of an item, to the order of its fields: whoever stores orders digests their JSON. */
const fingerprint = (item: ImportItem) => sha256Hex(JSON.stringify(item))
const codes = (items: readonly ImportItem[]) => items.flatMap(item => item.rejects.map(reject => [reject.row, ...reject.codes]))
const accepted = (items: readonly ImportItem[]) => items.flatMap(item => (item.order === null ? [] : [[item.reference, item.order.document.lines.map(line => line.item).join('')]]))

describe('the whole web shop file', async () => {
  const source = await fileSource(path('test/data/online-retail/online_retail.open.csv.gz'))
  const mapping = included('online-retail')
  const { items, counts, bytesRead } = await readAll({ source, mapping })
  const { aggregates } = JSON.parse(readFileSync(path('test/data/online-retail/reference-aggregates.json'), 'utf8')) as { aggregates: Record<string, number> }

  test('has every kind of its dirt accounted for', () => {
    expect(counts.lines).toEqual({ read: aggregates['lines'], accepted: 227_165, rejected: 97_988 })
    expect(counts.orders).toEqual({ read: aggregates['invoices'], accepted: 11_578, rejected: 5097, unchanged: 0 })
    expect(counts.orderReasons).toMatchObject({
      'KS-IMPORT-CANCELLATION': aggregates['cancellationInvoices(C…)'],
      'KS-IMPORT-ADJUSTMENT': aggregates['adjustmentInvoices(A…)'],
    })
    expect(counts.reasons).toEqual({
      'KS-IMPORT-CANCELLATION': 5892,
      'KS-IMPORT-ADJUSTMENT': 3,
      'KS-IMPORT-NEGATIVE-QUANTITY': aggregates['linesNegativeQuantity'],
      'KS-IMPORT-ZERO-PRICE': aggregates['linesZeroPrice'],
      'KS-IMPORT-NEGATIVE-PRICE': aggregates['linesNegativePrice'],
      'KS-IMPORT-NO-ACCOUNT': aggregates['linesNoCustomer'],
      'KS-IMPORT-DUPLICATE-LINE': aggregates['exactDuplicateLines'],
    })
  })

  test('has every row in one item, once, with its original', () => {
    const rows = items.flatMap(item => [...item.rejects, ...item.accepted()])
    expect(new Set(rows.map(row => row.row)).size).toBe(aggregates['lines'])
    expect(rows.find(row => row.row === 2)?.original).toBe('536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01T08:26:00Z,2.55,17850,United Kingdom')
  })

  test('gives orders that keep what was stated', () => {
    for (const item of items.slice(0, 2000)) {
      if (item.order === null) continue
      const { document } = item.order
      expect(orderDocumentSchema.parse(document)).toEqual(document)
    }
    const prices = items.flatMap(item => item.order?.document.lines.map(line => line.price ?? '') ?? [])
    expect(prices.filter(price => /\.\d{3,}$/.test(price))).toEqual(['0.001', '0.001'])
    expect(new Set(items.map(item => item.order?.document.orgpath))).toEqual(new Set(['/acme/uk', '/acme/overseas', undefined]))
  })

  test('joins the order whose rows stand apart', () => {
    expect(items.filter(item => item.reference === '542806')).toHaveLength(1)
  })

  test('says how far it is in stored bytes', () => expect(bytesRead).toBe(source.bytes))

  test('goes on from any position with exactly the items that are left', async () => {
    for (const from of THOROUGH ? [1, 9000, 16_675] : [9000]) {
      const rest = await readAll({ source, mapping, from: { items: from } })
      expect(rest.items.map(fingerprint)).toEqual(items.slice(from).map(fingerprint))
    }
  })

  test('stops when it is cancelled', async () => {
    const abort = new AbortController()
    const reading = readOrders({ source, mapping, ordersPerChunk: 10, signal: abort.signal })
    expect((await reading.next()).value?.items).toHaveLength(10)
    abort.abort(new Error('enough'))
    await expect(reading.next()).rejects.toThrow('enough')
  })
})

describe('purchase orders in two files', () => {
  const mapping = included('purchase-orders')
  const lines = path('test/data/purchase-orders/PurchaseOrderDetail.csv')
  const header = path('test/data/purchase-orders/PurchaseOrderHeader.csv')

  test.each([['the lines', lines, header], ['one row per order', header, lines]])('are all read when the file with %s is given', async (_what, given, other) => {
    const companions = await filesBeside(given, [new URL(other, 'file:').pathname.split('/').at(-1) ?? ''])
    const { items, counts } = await readAll({ source: await fileSource(given), companions, mapping })
    expect(counts).toMatchObject({ lines: { read: 5328, accepted: 5328, rejected: 0 }, orders: { read: 2407, accepted: 2407, rejected: 0 }, reasons: {} })
    expect(items[0]?.order?.document).toMatchObject({
      reference: '1', account: { code: '1580' }, currency: 'USD', placedOn: '2022-04-15', taxAmount: '16.0832',
      allowances: [{ charge: true, amount: '5.0260', reason: 'Freight' }], attributes: { statedSubTotal: '201.0400', statedTotal: '222.1492' },
      lines: [{ id: '1', item: '1', quantity: '4', price: '50.2600', statedNet: '201.0400' }],
    })
  })

  test('are refused alone, with the name of what is missing', async () => {
    await expect(readAll({ source: await fileSource(lines), mapping })).rejects.toMatchObject({ refusal: { code: 'KS-IMPORT-COMPANION-MISSING', values: { companion: 'PurchaseOrderHeader.csv' } } })
  })

  test('that lack their row, or their lines, are refused and counted', async () => {
    const detail = csv('PurchaseOrderID,PurchaseOrderDetailID,DueDate,OrderQty,ProductID,UnitPrice,LineTotal\n1,1,,2,9,1.5,3.0\n7,2,,1,9,1.5,1.5\n', 'PurchaseOrderDetail.csv')
    const heads = csv('PurchaseOrderID,RevisionNumber,VendorID,OrderDate,ShipDate,SubTotal,TaxAmt,Freight,TotalDue\n1,1,5,2022-01-01,,3,0,0,3\n2,1,5,2022-01-01,,0,0,0,0\n2,9,9,,,0,0,0,0\n', 'PurchaseOrderHeader.csv')
    const { items, counts } = await readAll({ source: detail, companions: [heads], mapping })
    expect(codes(items)).toEqual([[3, 'KS-IMPORT-NO-COMPANION-ROW', 'KS-IMPORT-NO-ACCOUNT'], [4, 'KS-IMPORT-CONFLICT'], [3, 'KS-IMPORT-NO-LINES']])
    expect(counts).toMatchObject({ lines: { read: 2, accepted: 1, rejected: 1 }, orders: { read: 3, accepted: 1, rejected: 2 } })
  })
})

describe('rows', () => {
  test('of one order may stand apart, but not too far', async () => {
    const far = Array.from({ length: 20_001 }, (_, i) => `X${i},k,i,1,1\n`).join('')
    const { items } = await readAll({ source: csv(`${HEADING}A,k,1,1,1\nB,k,1,1,1\nA,k,2,1,1\n${far}A,k,3,1,1\nB,k,2,1,1\n`), mapping: simple() })
    expect(accepted(items).filter(([reference]) => reference === 'A' || reference === 'B')).toEqual([['B', '1'], ['A', '12']])
    expect(codes(items)).toEqual([[20_006, 'KS-IMPORT-SCATTERED'], [20_007, 'KS-IMPORT-SCATTERED']])
  })

  test('are refused alone, each with every reason', async () => {
    const { items, counts } = await readAll({
      source: csv(`${HEADING}A,k,i,1,1\nA,,i,-1,x\nA,j,,0,1\nA,k\n,k,i,1,1\n"A"x,k,i,1,1\nA,k,i,1,1,extra\nA,k,n,2,-1\nB,,i,1,1\n`), mapping: simple(),
    })
    expect(accepted(items)).toEqual([['A', 'i']])
    expect(codes(items)).toEqual([
      [5, 'KS-IMPORT-COLUMNS'], [6, 'KS-IMPORT-MISSING-FIELD'], [7, 'KS-IMPORT-QUOTES'], [8, 'KS-IMPORT-COLUMNS'],
      [3, 'KS-IMPORT-NO-ACCOUNT', 'KS-IMPORT-NEGATIVE-QUANTITY', 'KS-IMPORT-BAD-NUMBER'], [4, 'KS-IMPORT-CONFLICT', 'KS-IMPORT-MISSING-FIELD', 'KS-IMPORT-ZERO-QUANTITY'],
      [9, 'KS-IMPORT-NEGATIVE-PRICE'], [10, 'KS-IMPORT-NO-ACCOUNT'],
    ])
    expect(items.find(item => item.reference === 'A')?.order?.document.attributes).toEqual({ rejectedRows: 3 })
    expect(counts).toMatchObject({ lines: { read: 9, accepted: 1, rejected: 8 }, orders: { read: 2, accepted: 1, rejected: 1 }, orderReasons: { 'KS-IMPORT-NO-ACCOUNT': 1 } })
  })

  test('with a quantity below zero can be returns', async () => {
    const { items } = await readAll({ source: csv(`${HEADING}A,k,i,-2,1\n`), mapping: simple({ reject: { negativeQuantity: 'return' } }) })
    expect(items[0]?.order?.document.lines[0]).toMatchObject({ quantity: '2', return: true })
  })

  test('that cannot be decoded are refused alone', async () => {
    const bytes = Buffer.concat([Buffer.from(`${HEADING}A,Kä,i,1,1\nB,k`), Buffer.from([0xff]), Buffer.from(',i,1,1\nC,k,i,1,1\n')])
    const { items } = await readAll({ source: memorySource('x.csv', bytes), mapping: simple() })
    expect(codes(items)).toEqual([[3, 'KS-IMPORT-BAD-TEXT']])
  })

  test('with German numbers, dates and separators', async () => {
    const mapping = simple({
      csv: { decimal: ',' },
      order: { reference: 'order', account: { code: 'customer' }, placedOn: { column: 'Datum', formats: ['dd.MM.yyyy'] } },
      line: { item: 'item', quantity: 'qty', price: 'price', discountPercent: 'Rabatt', taxCategory: { value: 'S' }, taxPercent: 'MwSt' },
    })
    const { items } = await readAll({ source: csv('order;customer;item;qty;price;Datum;Rabatt;MwSt\nA;k;i;1.000,5;2,50;05.04.2024;3,5;19\n'), mapping })
    expect(items[0]?.order?.document).toMatchObject({
      placedOn: '2024-04-05', lines: [{ quantity: '1000.5', price: '2.50', allowances: [{ percent: '3.5', charge: false }], tax: { category: 'S', percent: '19' } }],
    })
  })
})

describe('a file as a whole', () => {
  const reading = (source: ImportSource) => readAll({ source, mapping: simple() })

  test.each([
    ['empty', Buffer.alloc(0), 'KS-IMPORT-EMPTY'],
    ['without the columns', Buffer.from('a,b\n1,2\n'), 'KS-IMPORT-COLUMNS-MISSING'],
    ['a damaged archive', gzipSync(`${HEADING}A,k,i,1,1\n`).subarray(0, 40), 'KS-IMPORT-DAMAGED'],
  ])('that is %s is refused', async (_what, bytes, code) => {
    await expect(reading(memorySource('x.csv', bytes))).rejects.toMatchObject({ refusal: { code } })
  })

  test('with a heading alone has no orders', async () => expect((await reading(csv(HEADING))).counts).toEqual(noCounts()))

  test('is read the same packed, and under any part size', async () => {
    const text = `${HEADING}${Array.from({ length: 300 }, (_, i) => `A${i >> 2},k,"i,${i}",1,1\n`).join('')}`
    const plain = await reading(csv(text))
    const packed = await reading(memorySource('x.csv.gz', gzipSync(text)))
    const dripping: ImportSource = { name: 'x', bytes: null, async *open() { for (const byte of Buffer.from(text)) yield Uint8Array.of(byte) } }
    const byByte = await reading(dripping)
    expect(packed.items.map(fingerprint)).toEqual(plain.items.map(fingerprint))
    expect(byByte.items.map(fingerprint)).toEqual(plain.items.map(fingerprint))
  })

  test('of any bytes is read or refused, never a fault, and accepted and rejected are what was read', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.stringMatching(/^[AB,"\n1-]{0,60}$/).map(rest => Buffer.from(HEADING + rest)),
      fc.stringMatching(/^[<>/a&;"= ![\]-]{0,60}$/).map(rest => Buffer.from(`<a>${rest}`)),
    )
    await fc.assert(fc.asyncProperty(bytes, fc.boolean(), async (content, asUbl) => {
      try {
        const { counts, items } = await readAll({ source: memorySource('x', content), mapping: asUbl ? 'ubl' : simple() })
        for (const part of [counts.lines, counts.orders]) expect(part.accepted + part.rejected).toBe(part.read)
        for (const item of items) if (item.order !== null) expect(orderDocumentSchema.parse(item.order.document)).toEqual(item.order.document)
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error
      }
    }), { numRuns: 400 })
  })
})

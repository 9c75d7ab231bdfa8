import { expect, it } from 'vitest'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { canonicalDocument } from './canonical-document.ts'
import { lineSchema, orderDocumentSchema } from './order-document.ts'

const allowance = { charge: false, amount: '1', percent: null, baseAmount: null, reason: 'Loyal', tax: { category: 'S', percent: '19' } }
const full = anOrder({
  account: { code: 'A-1', name: 'Ann & Co' }, allowances: [allowance], attributes: { route: 'north', '10': 1, colour: null },
  contact: { name: 'Ann', email: null, phone: '1', address: null },
  lines: [aLine({ allowances: [allowance], tax: { category: 'S', percent: '7' }, attributes: { b: 1, a: 2 } }), aLine({ id: '2' })],
})

it('writes two documents that say the same in the same way, and leaves nothing out', () => {
  const canonical = canonicalDocument(full)
  expect(canonical).toEqual(full)
  expect(JSON.stringify(canonicalDocument(reversed(full)))).toBe(JSON.stringify(canonical))
  expect(JSON.stringify(canonicalDocument(orderDocumentSchema.parse(full)))).toBe(JSON.stringify(canonical))
})

it('knows every field of the schema', () => {
  const canonical = canonicalDocument(full)
  expect(Object.keys(canonical).toSorted()).toEqual(Object.keys(orderDocumentSchema.shape).toSorted())
  expect(Object.keys(canonical.lines[0] ?? {}).toSorted()).toEqual(Object.keys(lineSchema.shape).toSorted())
})

/** The same with the keys of every object the other way round. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, each]) => [key, reversed(each as unknown)])) as T
}

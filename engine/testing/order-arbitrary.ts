import fc from 'fast-check'
import { completeOrder } from '#engine/packs/cases/index.ts'
import type { AllowanceView, EventView, LineView, OrderView, PriceTotals, TaxView } from '#engine/contracts/v1/index.ts'

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null })

/** Decimals as documents state them: trailing zeros, many places, none. */
const decimal = fc.tuple(fc.nat({ max: 99_999 }), fc.constantFrom('', '.0', '.5', '.25', '.10', '.333', '.0001', '.999999')).map(([whole, part]) => `${whole}${part}`)
const quantity = decimal.filter(text => /[1-9]/.test(text))
const signed = fc.tuple(fc.boolean(), decimal).map(([negative, text]) => (negative && /[1-9]/.test(text) ? `-${text}` : text))
const percent = fc.constantFrom('0', '5', '7.5', '19', '20.00', '100')
const attributes = fc.dictionary(fc.constantFrom('colour', 'hazard', 'ref'), fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 2 })
const currency = fc.constantFrom('EUR', 'GBP', 'USD', 'JPY', 'KWD', 'CLF', 'XXX')

const tax: fc.Arbitrary<TaxView> = fc.record({ category: fc.constantFrom('S', 'Z', 'E', 'AE', 'K', 'G', 'O'), percent: orNull(percent) })

const allowance: fc.Arbitrary<AllowanceView> = fc.record({
  charge: fc.boolean(), amount: orNull(decimal), percent: orNull(percent), baseAmount: orNull(decimal),
  reason: orNull(fc.constantFrom('Freight', 'خصم')), tax: orNull(tax),
})

const line: fc.Arbitrary<Omit<LineView, 'id'>> = fc.record({
  item: fc.constantFrom('85123A', 'HAZMAT-7', 'POST', 'ملف'), description: orNull(fc.string({ maxLength: 20 })),
  quantity, unit: orNull(fc.constantFrom('EA', 'C62', 'KGM')), return: fc.boolean(), price: orNull(decimal), baseQuantity: orNull(quantity),
  allowances: fc.array(allowance, { maxLength: 2 }), tax: orNull(tax), statedNet: orNull(signed), attributes,
})

/** Any order that the core would let in, sensible or not. */
export const anyOrder: fc.Arbitrary<OrderView> = fc.record({
  reference: fc.string({ minLength: 1, maxLength: 12 }),
  kind: fc.constantFrom('order', 'invoice'),
  account: fc.record({ code: fc.constantFrom('12346', 'CARRIER-1', 'new'), attributes }),
  orgpath: fc.constantFrom('/acme', '/acme/uk', '/gamma/europe'),
  currency: orNull(currency),
  placedOn: orNull(fc.constantFrom('2026-11-20', '2011-12-09T12:50:00')),
  lines: fc.array(line, { minLength: 1, maxLength: 6 }).map(lines => lines.map((each, i) => ({ id: String(i + 1), ...each }))),
  allowances: fc.array(allowance, { maxLength: 2 }),
  prepaidAmount: orNull(decimal), roundingAmount: orNull(fc.constantFrom('0.01', '-0.02')), taxAmount: orNull(decimal),
  attributes,
})

const LINES_OF_THE_LARGEST = 2000

/** Orders at the edges: nothing in them, as much as can be, numbers and texts that nobody expects. */
export function oddOrders(): OrderView[] {
  const bare = completeOrder({})
  const lines = (...each: readonly Readonly<Record<string, unknown>>[]): OrderView => completeOrder({ currency: 'EUR', lines: each })
  return [
    bare,
    completeOrder({ currency: 'EUR', lines: Array.from({ length: LINES_OF_THE_LARGEST }, (_, i) => ({ item: `ITEM-${i}`, quantity: '1', price: '1.00' })) }),
    lines({ quantity: '0.000001', price: '0.0001' }),
    lines({ quantity: '999999999999', price: '999999999999.99' }),
    lines({ quantity: '1', price: null }),
    lines({ quantity: '1', price: '-5' }),
    lines({ quantity: '1', price: '5', return: true }),
    lines({ item: '\u202e', description: '\u0000\ud83d\ude00 {x} <b>', quantity: '1', price: '5' }),
    lines({ item: '__proto__', quantity: '1', price: '5', attributes: { constructor: 'x' } }),
    completeOrder({ reference: 'x'.repeat(200), currency: 'EUR', account: 'constructor', orgpath: '/', lines: [{ quantity: '1', price: '5' }] }),
  ]
}

const totals: fc.Arbitrary<PriceTotals> = fc.record({ net: fc.integer({ min: -1e9, max: 1e9 }), tax: fc.nat({ max: 1e8 }) }).map(({ net, tax: taxMinor }) => ({
  lineNetMinor: net, allowanceMinor: 0, chargeMinor: 0, taxExclusiveMinor: net, taxMinor, taxInclusiveMinor: net + taxMinor,
  prepaidMinor: 0, roundingMinor: 0, payableMinor: net + taxMinor,
}))

/** Any price that a decision may have come to. */
export const anyPrice = fc.record({
  outcome: fc.constant('priced'), currency, exponent: fc.constantFrom(0, 2, 3, 4), baseMinor: fc.nat({ max: 1e9 }),
  lines: fc.constant([]), taxes: fc.constant([]), totals, explanation: fc.constant([]),
})

/** Any event of these types, with data that a reactor may not have expected. */
export function anyEvent(types: readonly string[]): fc.Arbitrary<EventView> {
  return fc.record({
    id: fc.uuid(), type: fc.constantFrom(...types), source: fc.constant('/sites/s/tenants/acme'), subject: orNull(fc.uuid()),
    time: fc.constant('2026-11-21T00:00:00.000Z'), orgpath: fc.constant('/acme'),
    data: fc.oneof(fc.constant({}), fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue(), { maxKeys: 4 })),
  })
}

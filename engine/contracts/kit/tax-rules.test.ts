import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeOrder } from '#engine/packs/cases/index.ts'
import type { OrderView, PricingAnswer } from '../v1/index.ts'
import { lineAmount } from './line-amount.ts'
import type { Money } from './money.ts'
import { answerOrRefusal } from './policy-refused.ts'
import { priceDocument } from './price-document.ts'
import { taxesByRule, type TaxRule } from './tax-rules.ts'

const NORTH: TaxRule = { title: 'Tax of the north', category: 'S', percent: '5', orgpaths: ['/shop/north'] }
const EAST: TaxRule = { category: 'S', percent: '7', attribute: { of: 'account', name: 'region', values: ['east', 'far-east'] } }
const DRINKS: TaxRule = { category: 'S', percent: '20', attribute: { of: 'line', name: 'drink', values: ['true'] } }
const REST: TaxRule = { category: 'Z', percent: '0' }

const order = (given: Parameters<typeof completeOrder>[0]): OrderView => completeOrder({ currency: 'EUR', lines: [{ price: '100' }], ...given })

describe('which tax a line has', () => {
  it.each<[string, OrderView, readonly TaxRule[], readonly (string | null)[] | null]>([
    ['that of the branch which takes the order', order({ orgpath: '/shop/north' }), [NORTH], ['5']],
    ['that of a branch above it', order({ orgpath: '/shop/north/pier' }), [NORTH], ['5']],
    ['none, where another branch takes it', order({ orgpath: '/shop/south' }), [NORTH], null],
    ['none of a branch whose name only begins alike', order({ orgpath: '/shop/northern' }), [NORTH], null],
    ['that of an attribute of the account', order({ account: { code: 'A', attributes: { region: 'far-east' } } }), [EAST], ['7']],
    ['none, where the attribute has another value', order({ account: { code: 'A', attributes: { region: 'west' } } }), [EAST], null],
    ['none, where there is no such attribute', order({}), [EAST], null],
    ['none of an attribute that every object has', order({}), [{ ...EAST, attribute: { of: 'order', name: 'constructor', values: ['function Object() { [native code] }'] } }], null],
    ['the first that fits', order({ orgpath: '/shop/north' }), [REST, NORTH], ['0']],
    ['that of its own attribute, beside lines that have another', order({ orgpath: '/shop/north', lines: [{ attributes: { drink: true } }, {}] }), [DRINKS, NORTH], ['20', '5']],
    ['none beside lines that have one: not subject to tax', order({ lines: [{}, { attributes: { drink: true } }] }), [DRINKS], [null, '20']],
    ['both the branch and the attribute have to fit', order({ orgpath: '/shop/south', account: { code: 'A', attributes: { region: 'east' } } }), [{ ...EAST, orgpaths: ['/shop/north'] }], null],
    ['what the document states on a line counts, for all of it', order({ orgpath: '/shop/north', lines: [{ tax: { category: 'S', percent: '19' } }, {}] }), [NORTH], null],
    ['what the document states as one amount counts', order({ orgpath: '/shop/north', taxAmount: '3' }), [NORTH], null],
    ['none, where there are no rules', order({}), [], null],
  ])('%s', (_, view, rules, percents) => {
    expect(taxesByRule(view, rules)?.lines.map(({ percent }) => percent) ?? null).toEqual(percents)
  })

  it('is explained once for the order, or at each line that has one of its own', () => {
    expect(taxesByRule(order({ orgpath: '/shop/north/pier', lines: [{}, {}] }), [NORTH])?.explanation).toEqual([
      { code: 'tax-rule', values: { taxTitle: 'Tax of the north', category: 'S', percent: '5', branch: '/shop/north', attribute: null, value: null } },
    ])
    expect(taxesByRule(order({ lines: [{ attributes: { drink: true } }, {}] }), [DRINKS])?.explanation).toEqual([
      { code: 'tax-rule', lineId: '1', values: { taxTitle: null, category: 'S', percent: '20', branch: null, attribute: 'drink', value: 'true' } },
    ])
  })
})

const decimals = (max: number, places: number) => fc.tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max: 10 ** places - 1 }))
  .map(([whole, rest]) => `${whole}.${String(rest).padStart(places, '0')}`)
const allowance = fc.record({ charge: fc.boolean(), amount: decimals(20, 2) })
const line = fc.record({ quantity: decimals(50, 3).filter(text => /[1-9]/.test(text)), price: decimals(900, 4), return: fc.boolean(), attributes: fc.record({ kind: fc.constantFrom('a', 'b', 'c', null) }) })
const untaxed = fc.record({ currency: fc.constantFrom('EUR', 'JPY', 'KWD'), lines: fc.array(line, { minLength: 1, maxLength: 8 }), allowances: fc.array(allowance, { maxLength: 2 }) }).map(completeOrder)
const ruleFor = (value: string) => fc.record({ category: fc.constant('S'), percent: decimals(30, 2), attribute: fc.constant({ of: 'line' as const, name: 'kind', values: [value] }) })
const rules = fc.tuple(ruleFor('a'), ruleFor('b'), fc.constantFrom<TaxRule[]>([], [REST])).map(([a, b, rest]): TaxRule[] => [a, b, ...rest])
const EXPONENTS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 }

function priced(view: OrderView, taxRules?: readonly TaxRule[], discountPercent = 0): PricingAnswer | null {
  const money: Money = { currency: String(view.currency), exponent: EXPONENTS[String(view.currency)] ?? 2, rounding: 'half-up' }
  const answer = answerOrRefusal(() => {
    const lines = view.lines.map(each => ({ line: each, ...lineAmount(each, money) }))
    const net = sum(lines.map(({ netMinor }) => netMinor))
    return priceDocument({ order: view, money, lines, discountMinor: net > 0 ? Math.floor(net * discountPercent / 100) : 0, taxRules })
  })
  return 'refused' in answer ? null : answer
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

describe('an order that is taxed by rules', () => {
  it('is priced as it was before its tax', () => {
    fc.assert(fc.property(untaxed, rules, fc.integer({ min: 0, max: 100 }), (view, by, discount) => {
      const [without, taxed] = [priced(view, undefined, discount), priced(view, by, discount)]
      expect(taxed?.lines).toEqual(without?.lines)
      expect(taxed?.totals.taxExclusiveMinor).toEqual(without?.totals.taxExclusiveMinor)
      expect(taxed?.baseMinor).toEqual(without?.baseMinor)
    }))
  })

  it('is taxed whole: discounts, allowances and charges are shared among the groups, each rounded once at the decimals of its currency', () => {
    fc.assert(fc.property(untaxed, rules, fc.integer({ min: 0, max: 100 }), (view, by, discount) => {
      const answer = priced(view, by, discount)
      // Lines that cancel each other out leave no share to go by.
      if (answer === null || answer.taxes.length === 0 || answer.totals.lineNetMinor === 0) return
      expect(sum(answer.taxes.map(({ taxableMinor }) => taxableMinor))).toBe(answer.totals.taxExclusiveMinor)
      for (const { taxableMinor, percent, taxMinor } of answer.taxes) expect(taxMinor).toBe(halfUp(taxableMinor, percent ?? '0'))
      expect(answer.totals.taxMinor).toBe(sum(answer.taxes.map(({ taxMinor }) => taxMinor)))
      expect(answer.totals.payableMinor).toBe(answer.totals.taxExclusiveMinor + answer.totals.taxMinor)
    }), { numRuns: 400 })
  })

  it('costs what it would if its document stated the same taxes', () => {
    fc.assert(fc.property(untaxed, rules, fc.integer({ min: 0, max: 100 }), (drawn, by, discount) => {
      const view = { ...drawn, allowances: [] }
      const ruled = taxesByRule(view, by)
      if (ruled === null) return
      const stated = { ...view, lines: view.lines.map((each, index) => ({ ...each, tax: ruled.lines[index] ?? null })) }
      const [a, b] = [priced(view, by, discount), priced(stated, undefined, discount)]
      expect({ taxes: a?.taxes, totals: a?.totals }).toEqual({ taxes: b?.taxes, totals: b?.totals })
    }))
  })
})

/** Away from zero at a half, by whole numbers. */
function halfUp(taxableMinor: number, percent: string): number {
  const [whole = '0', rest = ''] = percent.split('.')
  const scale = 100n * 10n ** BigInt(rest.length)
  const product = BigInt(taxableMinor) * BigInt(whole + rest)
  const magnitude = ((product < 0n ? -product : product) * 2n + scale) / (scale * 2n)
  return Number(product < 0n ? -magnitude : magnitude)
}

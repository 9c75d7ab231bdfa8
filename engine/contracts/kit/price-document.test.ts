import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { completeOrder } from '#engine/packs/cases/index.ts'
import type { OrderView, PricingAnswer } from '../v1/index.ts'
import { parseDecimal } from './arithmetic.ts'
import { lineAmount } from './line-amount.ts'
import type { Money } from './money.ts'
import { answerOrRefusal } from './policy-refused.ts'
import { priceDocument } from './price-document.ts'

const rate = fc.constantFrom({ category: 'S', percent: '19' }, { category: 'S', percent: '19.00' }, { category: 'S', percent: '7.7' }, { category: 'Z', percent: '0' },
  { category: 'E', percent: null }, { category: 'AE', percent: '0.0' }, { category: 'O', percent: null })
const decimals = (max: number, places: number) => fc.tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max: 10 ** places - 1 }))
  .map(([whole, rest]) => `${whole}.${String(rest).padStart(places, '0')}`)
const allowance = fc.record({ charge: fc.boolean(), amount: decimals(20, 2), tax: rate })
const percentage = fc.record({ charge: fc.boolean(), percent: decimals(20, 3), tax: rate })
const line = fc.record({
  quantity: decimals(500, 3).filter(text => /[1-9]/.test(text)), price: decimals(900, 4), baseQuantity: fc.constantFrom(null, '1', '3', '100', '0.5'),
  return: fc.boolean(), tax: rate, allowances: fc.array(fc.oneof(allowance, percentage), { maxLength: 2 }),
})
const order = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 8 }), allowances: fc.array(fc.oneof(allowance, percentage), { maxLength: 3 }),
  prepaidAmount: fc.option(decimals(50, 2), { nil: null }), roundingAmount: fc.constantFrom(null, '0.02', '-0.01'),
}).map(completeOrder)
const money = fc.constantFrom<Money>(
  { currency: 'EUR', exponent: 2, rounding: 'half-up' }, { currency: 'JPY', exponent: 0, rounding: 'half-up' }, { currency: 'KWD', exponent: 3, rounding: 'half-even' })

function priced(view: OrderView, of: Money, discountPercent = 0): PricingAnswer | null {
  const answer = answerOrRefusal(() => {
    const lines = view.lines.map(each => ({ line: each, ...lineAmount(each, of) }))
    const net = sum(lines.map(each => each.netMinor))
    return priceDocument({ order: view, money: of, lines, discountMinor: net > 0 ? Math.floor(net * discountPercent / 100) : 0 })
  })
  if ('refused' in answer) expect(answer.refused.code).toBe('negative-total')
  return 'refused' in answer ? null : answer
}

describe('the totals of any document', () => {
  it('add up (BR-CO-10, 13, 14, 15, 16), and no amount is -0 or a fraction', () => {
    fc.assert(fc.property(order, money, fc.integer({ min: 0, max: 100 }), (view, of, discount) => {
      const answer = priced(view, of, discount)
      if (answer === null) return
      const { totals, taxes, lines } = answer
      expect(totals.lineNetMinor).toBe(sum(lines.map(each => each.netMinor)))
      expect(totals.taxExclusiveMinor).toBe(totals.lineNetMinor - totals.allowanceMinor + totals.chargeMinor)
      expect(totals.taxMinor).toBe(sum(taxes.map(each => each.taxMinor)))
      expect(totals.taxInclusiveMinor).toBe(totals.taxExclusiveMinor + totals.taxMinor)
      expect(totals.payableMinor).toBe(totals.taxInclusiveMinor - totals.prepaidMinor + totals.roundingMinor)
      for (const amount of [answer.baseMinor, ...Object.values(totals), ...lines.map(each => each.netMinor), ...taxes.flatMap(each => [each.taxableMinor, each.taxMinor])]) {
        expect(Number.isSafeInteger(amount) && !Object.is(amount, -0)).toBe(true)
      }
      expect(answer.baseMinor).toBeGreaterThanOrEqual(0)
    }), { numRuns: 400 })
  })

  it('are taxed whole: the groups hold the total without tax, each once', () => {
    fc.assert(fc.property(order, money, fc.integer({ min: 0, max: 100 }), (view, of, discount) => {
      const answer = priced(view, of, discount)
      if (answer === null) return
      expect(sum(answer.taxes.map(each => each.taxableMinor))).toBe(answer.totals.taxExclusiveMinor)
      const keys = answer.taxes.map(each => `${each.category} ${each.percent === null ? '' : Number(each.percent)}`)
      expect(new Set(keys).size).toBe(keys.length)
    }), { numRuns: 400 })
  })

  it('are those of fractions, rounded once for each amount (BR-CO-17)', () => {
    fc.assert(fc.property(order, view => {
      const of: Money = { currency: 'EUR', exponent: 2, rounding: 'half-up' }
      const answer = priced(view, of)
      if (answer === null) return
      view.lines.forEach((each, index) => {
        const [quantity, price, base] = [fraction(each.quantity), fraction(each.price ?? '0'), fraction(each.baseQuantity ?? '1')]
        const gross = divide(multiply(quantity, price), base)
        const signed: Fraction = each.return ? [-gross[0], gross[1]] : gross
        const grossMinor = halfUp(signed)
        const adjusted = each.allowances.reduce<Fraction>((total, { charge, amount, percent }) => {
          const part: Fraction = amount !== null ? fraction(amount) : [halfUp(divide(multiply([grossMinor, 100n], fraction(percent ?? '0')), [100n, 1n])), 100n]
          return add(total, charge ? part : [-part[0], part[1]])
        }, signed)
        expect(BigInt(answer.lines[index]?.netMinor ?? -1)).toBe(halfUp(adjusted))
      })
      for (const tax of answer.taxes) {
        expect(BigInt(tax.taxMinor)).toBe(halfUp(divide(multiply([BigInt(tax.taxableMinor), 100n], fraction(tax.percent ?? '0')), [100n, 1n])))
      }
    }), { numRuns: 400 })
  })

  it('do not depend on the order of the lines', () => {
    fc.assert(fc.property(order, money, (view, of) => {
      expect(priced({ ...view, lines: view.lines.toReversed() }, of)?.totals).toEqual(priced(view, of)?.totals)
    }))
  })

  it('are the opposite for a line that is sent back without allowances', () => {
    fc.assert(fc.property(line, money, (each, of) => {
      const [view] = completeOrder({ lines: [{ ...each, allowances: [] }] }).lines
      if (view === undefined) throw new Error('no line')
      expect(lineAmount({ ...view, return: true }, of).netMinor).toBe(0 - lineAmount({ ...view, return: false }, of).netMinor)
    }))
  })
})

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

type Fraction = readonly [numerator: bigint, denominator: bigint]

function fraction(text: string): Fraction {
  const { coefficient, scale } = parseDecimal(text)
  return [BigInt(coefficient), 10n ** BigInt(scale)]
}

function multiply([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * c, b * d]
}

function divide([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * d, b * c]
}

function add([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * d + c * b, b * d]
}

/** In hundredths, ties away from zero. */
function halfUp([numerator, denominator]: Fraction): bigint {
  const size = (numerator < 0n ? -numerator : numerator) * 200n + denominator
  const rounded = size / (2n * denominator)
  return numerator < 0n ? -rounded : rounded
}

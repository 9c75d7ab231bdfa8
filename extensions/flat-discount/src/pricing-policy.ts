import { lineAmount } from '#engine/contracts/kit/line-amount.ts'
import { type Money, moneyOf } from '#engine/contracts/kit/money.ts'
import { answerOrRefusal } from '#engine/contracts/kit/policy-refused.ts'
import { type PricedLine, priceDocument } from '#engine/contracts/kit/price-document.ts'
import { compareDecimals, HUNDRED, minorToDecimal, mulDivToMinor, parseDecimal, sumMinor } from '#engine/contracts/kit/arithmetic.ts'
import type { Explanation, LineView, PolicyRefusal, PricingAnswer, PricingInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** Percent off the sum of the lines, e.g. '10' or '7.5'. '0' prices the order as stated. */
  readonly percent: string
  /** Only orders in this currency whose lines come to more than this amount. */
  readonly over?: { readonly amount: string; readonly currency: string }
  readonly defaultCurrency?: string
  /** Decimals of currencies that ISO 4217 no longer lists. */
  readonly currencies?: Readonly<Record<string, number>>
}

/** One percentage off the sum of the lines, as an allowance of the document, rounded once. */
export function price({ order }: PricingInput, config: Config): PricingAnswer | PolicyRefusal {
  return answerOrRefusal(() => {
    const money = moneyOf(order, config)
    const lines = order.lines.map(line => priceLine(line, money))
    const sumOfLinesMinor = sumMinor(lines.map(line => line.netMinor))
    const { discountMinor, explanation } = discountOf(sumOfLinesMinor, money, config)
    return priceDocument({ order, money, lines, discountMinor, explanation })
  })
}

function priceLine(line: LineView, money: Money): PricedLine {
  return { line, ...lineAmount(line, money) }
}

function discountOf(beforeMinor: number, money: Money, { percent, over }: Config): { discountMinor: number; explanation: readonly Explanation[] } {
  if (over !== undefined && !isOver(beforeMinor, money, over)) {
    return {
      discountMinor: 0,
      explanation: [{ code: 'not-over', values: { amount: over.amount, currency: over.currency, percent, beforeMinor } }],
    }
  }
  // Nothing comes off an order that sends back more than it takes.
  const discountMinor = beforeMinor <= 0 ? 0
    : mulDivToMinor(minorToDecimal(beforeMinor, 0), parseDecimal(percent), HUNDRED, 0, money.rounding)
  if (discountMinor === 0) return { discountMinor, explanation: [] }
  return { discountMinor, explanation: [{ code: 'discount', values: { percent, beforeMinor, discountMinor, afterMinor: beforeMinor - discountMinor } }] }
}

function isOver(amountMinor: number, money: Money, over: { readonly amount: string; readonly currency: string }): boolean {
  return money.currency === over.currency
    && compareDecimals(minorToDecimal(amountMinor, money.exponent), parseDecimal(over.amount)) > 0
}

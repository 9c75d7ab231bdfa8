import { lineAmount } from '#engine/contracts/kit/line-amount.ts'
import { type Money, moneyOf } from '#engine/contracts/kit/money.ts'
import { answerOrRefusal } from '#engine/contracts/kit/policy-refused.ts'
import { type PricedLine, priceDocument } from '#engine/contracts/kit/price-document.ts'
import type { TaxRule } from '#engine/contracts/kit/tax-rules.ts'
import { compareDecimals, HUNDRED, minorToDecimal, mulDivToMinor, parseDecimal, sumMinor } from '#engine/contracts/kit/arithmetic.ts'
import type { Explanation, LineView, OrderView, PolicyRefusal, PricingAnswer, PricingInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** Percent off the sum of the lines, e.g. '10' or '7.5'. '0' prices the order as stated. */
  readonly percent: string
  /** Only orders in this currency whose lines come to more than this amount. */
  readonly over?: { readonly amount: string; readonly currency: string }
  /** Accounts whose attribute has one of these values get that percentage instead, e.g. `loyalty.tier`, { gold: '5' }. */
  readonly byAttribute?: { readonly attribute: string; readonly percents: Readonly<Record<string, string>> }
  readonly defaultCurrency?: string
  /** Decimals of currencies that ISO 4217 no longer lists. */
  readonly currencies?: Readonly<Record<string, number>>
  /** For orders that state no tax: of each line, the first that fits it. */
  readonly taxes?: readonly TaxRule[]
}

/** One percentage off the sum of the lines, as an allowance of the document, rounded once. */
export function price({ order }: PricingInput, config: Config): PricingAnswer | PolicyRefusal {
  return answerOrRefusal(() => {
    const money = moneyOf(order, config)
    const lines = order.lines.map(line => priceLine(line, money))
    const sumOfLinesMinor = sumMinor(lines.map(line => line.netMinor))
    const { discountMinor, explanation } = discountOf(sumOfLinesMinor, money, ofAccount(order, config))
    return priceDocument({ order, money, lines, discountMinor, taxRules: config.taxes, explanation })
  })
}

function priceLine(line: LineView, money: Money): PricedLine {
  return { line, ...lineAmount(line, money) }
}

/** The config with the percentage of the account, and why, where its attribute gives it one of its own. */
function ofAccount({ account }: OrderView, config: Config): Config & { readonly why?: Explanation } {
  const { attribute, percents = {} } = config.byAttribute ?? {}
  const value = attribute === undefined ? null : account.attributes[attribute] ?? null
  const percent = value !== null && Object.hasOwn(percents, String(value)) ? percents[String(value)] : undefined
  return percent === undefined ? config : { ...config, percent, why: { code: 'by-attribute', values: { account: account.code, attribute: attribute ?? '', value, percent } } }
}

function discountOf(beforeMinor: number, money: Money, { percent, over, why }: ReturnType<typeof ofAccount>): { discountMinor: number; explanation: readonly Explanation[] } {
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
  return { discountMinor, explanation: [...why === undefined ? [] : [why], { code: 'discount', values: { percent, beforeMinor, discountMinor, afterMinor: beforeMinor - discountMinor } }] }
}

function isOver(amountMinor: number, money: Money, over: { readonly amount: string; readonly currency: string }): boolean {
  return money.currency === over.currency
    && compareDecimals(minorToDecimal(amountMinor, money.exponent), parseDecimal(over.amount)) > 0
}

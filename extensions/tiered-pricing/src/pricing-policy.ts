import { lineAmount, statedPrice } from '#engine/contracts/kit/line-amount.ts'
import { matchesAny } from '#engine/contracts/kit/matches-pattern.ts'
import { type Money, moneyOf } from '#engine/contracts/kit/money.ts'
import { answerOrRefusal } from '#engine/contracts/kit/policy-refused.ts'
import { type PricedLine, priceDocument } from '#engine/contracts/kit/price-document.ts'
import type { TaxRule } from '#engine/contracts/kit/tax-rules.ts'
import {
  addDecimals, compareDecimals, type Decimal, HUNDRED, minorToDecimal, mulDivToMinor, negateDecimal, parseDecimal, sumMinor,
} from '#engine/contracts/kit/arithmetic.ts'
import type { Explanation, LineView, PolicyRefusal, PricingAnswer, PricingInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  readonly defaultCurrency?: string
  /** Decimals of currencies that ISO 4217 no longer lists. */
  readonly currencies?: Readonly<Record<string, number>>
  /** The first rule that names the item of a line counts. `*` in an item stands for any characters. */
  readonly tiers?: readonly TierRule[]
  /** The first rule that names the account counts, after the tiers. */
  readonly accountDiscounts?: readonly AccountDiscount[]
  readonly priceList?: PriceList
  /** For orders that state no tax: of each line, the first that fits it. */
  readonly taxes?: readonly TaxRule[]
}

export interface TierRule {
  readonly items: readonly string[]
  /** The step with the highest `from` that the quantity reaches counts. */
  readonly steps: readonly { readonly from: string; readonly percent: string }[]
}

export interface AccountDiscount {
  readonly accounts: readonly string[]
  readonly percent: string
}

/** Net price for one unit of each item, in one currency. */
export interface PriceList {
  readonly currency: string
  readonly prices: Readonly<Record<string, string>>
  /** `missing` (default): only where a line states no price. `always`: in place of the stated price, where it has one. */
  readonly use?: 'missing' | 'always'
}

/** Quantity tiers for each line, then the account's discount. The price is the line's own, or the price list's. */
export function price({ order }: PricingInput, config: Config): PricingAnswer | PolicyRefusal {
  return answerOrRefusal(() => {
    const money = moneyOf(order, config)
    const account = config.accountDiscounts?.find(rule => matchesAny(order.account.code, rule.accounts))
    const base: number[] = []
    const lines = order.lines.map(line => {
      const { amount, rungs } = listedAmount(line, money, config.priceList)
      base.push(amount)
      return discounted(line, amount, rungs, { money, tier: tierOf(line, config.tiers), account })
    })
    return priceDocument({ order, money, lines, baseMinor: sumMinor(base), taxRules: config.taxes })
  })
}

function listedAmount(line: LineView, money: Money, list: PriceList | undefined): { amount: number; rungs: Explanation[] } {
  const listed = listedPrice(line, money, list)
  // A list price is for one unit, whatever base quantity the document had in mind for its own price.
  const asListed = listed === null ? line : { ...line, baseQuantity: null }
  const { netMinor, explanation } = lineAmount(asListed, money, listed === null ? statedPrice(line) : parseDecimal(listed))
  const rungs = [...explanation]
  if (listed !== null) rungs.unshift({ code: 'list-price', lineId: line.id, values: { item: line.item, price: listed, currency: money.currency, stated: line.price } })
  return { amount: netMinor, rungs }
}

function listedPrice(line: LineView, money: Money, list: PriceList | undefined): string | null {
  if (list === undefined || list.currency !== money.currency || !Object.hasOwn(list.prices, line.item)) return null
  return line.price === null || list.use === 'always' ? list.prices[line.item] ?? null : null
}

interface Discounts {
  readonly money: Money
  readonly tier: { readonly from: string; readonly percent: string } | null
  readonly account: AccountDiscount | undefined
}

/** Each rung is rounded, so that the ladder that a person reads adds up. */
function discounted(line: LineView, amount: number, rungs: Explanation[], { money, tier, account }: Discounts): PricedLine {
  let netMinor = amount
  if (tier !== null) {
    const beforeMinor = netMinor
    netMinor = afterPercent(beforeMinor, parseDecimal(tier.percent), money)
    rungs.push({ code: 'tier', lineId: line.id, values: { from: tier.from, percent: tier.percent, beforeMinor, afterMinor: netMinor } })
  }
  if (account !== undefined) {
    const beforeMinor = netMinor
    netMinor = afterPercent(beforeMinor, parseDecimal(account.percent), money)
    rungs.push({ code: 'account-discount', lineId: line.id, values: { percent: account.percent, beforeMinor, afterMinor: netMinor } })
  }
  return { line, netMinor, explanation: rungs }
}

function afterPercent(amountMinor: number, percent: Decimal, money: Money): number {
  return mulDivToMinor(minorToDecimal(amountMinor, 0), addDecimals(HUNDRED, negateDecimal(percent)), HUNDRED, 0, money.rounding)
}

function tierOf(line: LineView, rules: readonly TierRule[] = []): { from: string; percent: string } | null {
  const rule = rules.find(candidate => matchesAny(line.item, candidate.items))
  if (rule === undefined) return null
  const quantity = parseDecimal(line.quantity)
  let reached: { from: string; percent: string } | null = null
  for (const step of rule.steps) {
    const from = parseDecimal(step.from)
    if (compareDecimals(quantity, from) >= 0 && (reached === null || compareDecimals(from, parseDecimal(reached.from)) > 0)) reached = step
  }
  return reached
}

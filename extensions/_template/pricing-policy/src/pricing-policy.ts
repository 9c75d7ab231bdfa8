import { HUNDRED, minorToDecimal, mulDivToMinor, parseDecimal, sumMinor } from '#engine/contracts/kit/arithmetic.ts'
import { lineAmount } from '#engine/contracts/kit/line-amount.ts'
import { moneyOf } from '#engine/contracts/kit/money.ts'
import { answerOrRefusal } from '#engine/contracts/kit/policy-refused.ts'
import { priceDocument } from '#engine/contracts/kit/price-document.ts'
import { unadjustedPrice } from '#engine/contracts/kit/unadjusted-price.ts'
import type { PolicyRefusal } from '#engine/contracts/v1/index.ts'
import type { PricingAnswer, PricingInput } from '#engine/contracts/v2/index.ts'

export interface Config {
  /** Percent off the sum of the lines, e.g. '10'. */
  readonly percent: string
  readonly defaultCurrency?: string
}

/** The prices that the document states, and one percentage off their sum. */
export function price({ order }: PricingInput, config: Config): PricingAnswer | PolicyRefusal {
  return answerOrRefusal(() => {
    const money = moneyOf(order, config)
    const lines = order.lines.map(line => ({ line, ...lineAmount(line, money) }))
    const beforeMinor = sumMinor(lines.map(line => line.netMinor))
    // Nothing comes off an order that sends back more than it takes.
    const discountMinor = beforeMinor <= 0 ? 0 : mulDivToMinor(minorToDecimal(beforeMinor, 0), parseDecimal(config.percent), HUNDRED, 0, money.rounding)
    const explanation = discountMinor === 0 ? []
      : [{ code: 'discount', values: { percent: config.percent, beforeMinor, discountMinor, afterMinor: beforeMinor - discountMinor } }]
    return unadjustedPrice(priceDocument({ order, money, lines, discountMinor, explanation }))
  })
}

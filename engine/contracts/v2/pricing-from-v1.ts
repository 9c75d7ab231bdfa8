import type { PricingAnswer as PricingAnswerV1 } from '../v1/index.ts'
import type { PricingAnswer } from './pricing-policy.ts'

/** Name of this adapter in receipts. */
export const PRICING_FROM_V1 = 'pricing-policy v1 to v2'

/** A price of v1 as one of v2: every line in the currency of the order, its list price its net price, nothing adjusted. */
export function pricingFromV1(answer: PricingAnswerV1): PricingAnswer {
  const { currency, exponent } = answer
  return {
    ...answer,
    lines: answer.lines.map(({ lineId, netMinor }) => ({
      lineId, currency, exponent, listMinor: netMinor, adjustments: [], netMinor, rate: null, settledMinor: netMinor,
    })),
  }
}

import type { PricingAnswer as PricingAnswerV1 } from '../v1/index.ts'
import type { PricingAnswer } from '../v2/index.ts'

/**
 * A price with its lines as v2 states them, where nothing changes a line by itself: every line in the currency of the
 * order, its list price its net price. A policy that adjusts lines, or prices them in currencies of their own, states
 * its lines itself: `{ ...unadjustedPrice(price), lines }`.
 */
export function unadjustedPrice(price: PricingAnswerV1): PricingAnswer {
  const { currency, exponent } = price
  return {
    ...price,
    lines: price.lines.map(({ lineId, netMinor }) => ({
      lineId, currency, exponent, listMinor: netMinor, adjustments: [], netMinor, rate: null, settledMinor: netMinor,
    })),
  }
}

import type { Explanation } from './explanation.ts'
import type { OrderView } from './order-view.ts'

/** Asked once for each validated revision of an order. @since v1 */
export interface PricingInput {
  readonly order: OrderView
}

/**
 * The price of an order. All amounts, the totals too, are safe integers in units of 10^-exponent of `currency`. Return
 * lines are negative. An answer whose sums are not those of PriceTotals is refused (KS-PACK-ANSWER).
 */
export interface PricingAnswer {
  /** ISO 4217 code. */
  readonly currency: string
  /** Decimals of every amount in this answer: 2 for EUR, 0 for JPY, 4 where a profile prices at four decimals. */
  readonly exponent: number
  /** What the order comes to before discounts: the core's `base_amount`. Never below 0. */
  readonly baseMinor: number
  /** One for each line of the order, in its order. */
  readonly lines: readonly { readonly lineId: string; readonly netMinor: number }[]
  readonly taxes: readonly TaxSubtotal[]
  readonly totals: PriceTotals
  readonly explanation: readonly Explanation[]
}

/** One row of the tax breakdown (BG-23). */
export interface TaxSubtotal {
  readonly category: string
  readonly percent: string | null
  readonly taxableMinor: number
  readonly taxMinor: number
}

/**
 * The document totals (BG-22). lineNet = the sum of the lines; taxExclusive = lineNet - allowance + charge; tax = the sum
 * of `taxes`, where there are any; taxInclusive = taxExclusive + tax; payable = taxInclusive - prepaid + rounding.
 */
export interface PriceTotals {
  readonly lineNetMinor: number
  readonly allowanceMinor: number
  readonly chargeMinor: number
  readonly taxExclusiveMinor: number
  readonly taxMinor: number
  readonly taxInclusiveMinor: number
  readonly prepaidMinor: number
  readonly roundingMinor: number
  readonly payableMinor: number
}

/** What a pack's `pricing-policy` module exports. Pure. */
export interface PricingPolicy<Config = unknown> {
  price(input: PricingInput, config: Config): PricingAnswer | PolicyRefusal
}

/**
 * A policy that cannot answer for a reason of the order itself says so instead of throwing: the order is marked with
 * the code, and mending the order (a new revision) asks again.
 *
 * @example { refused: { code: 'no-price', lineId: '2', values: { item: '85123A' } } }
 */
export interface PolicyRefusal {
  readonly refused: Explanation
}

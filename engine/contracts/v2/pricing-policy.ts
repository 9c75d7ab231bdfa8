import type { Explanation, OrderView, PolicyRefusal, PriceTotals, TaxSubtotal } from '../v1/index.ts'

/** Asked once for each validated revision of an order. @since v2 */
export interface PricingInput {
  readonly order: OrderView
}

/**
 * The price of an order, where lines may be in currencies of their own and every line says how its price came about.
 * `exponent`, `baseMinor`, `taxes` and `totals` are those of v1, in units of 10^-exponent of `currency`, the currency
 * that the order is paid in. An answer whose sums are not those of PriceTotals and PricedLine is refused
 * (KS-PACK-ANSWER).
 *
 * @example
 * { currency: 'EUR', exponent: 2, baseMinor: 12000, taxes: [], totals: …, explanation: [],
 *   lines: [{ lineId: '1', currency: 'USD', exponent: 2, listMinor: 10000, adjustments: [{ code: 'tariff', amountMinor: 2500, values: {} }],
 *     netMinor: 12500, rate: '0.96', settledMinor: 12000 }] }
 */
export interface PricingAnswer {
  /** ISO 4217 code. */
  readonly currency: string
  readonly exponent: number
  /** What the order comes to before discounts: the core's `base_amount`. Never below 0. */
  readonly baseMinor: number
  /** One for each line of the order, in its order. */
  readonly lines: readonly PricedLine[]
  readonly taxes: readonly TaxSubtotal[]
  /** `lineNetMinor` is the sum of the lines' `settledMinor`. */
  readonly totals: PriceTotals
  readonly explanation: readonly Explanation[]
}

/** A line in its own currency, and what it counts in the currency of the order. */
export interface PricedLine {
  readonly lineId: string
  /** ISO 4217 code and decimals of `listMinor`, `adjustments` and `netMinor`. */
  readonly currency: string
  readonly exponent: number
  /** Before adjustments. */
  readonly listMinor: number
  /** In the order in which they were made, at most 100. */
  readonly adjustments: readonly Adjustment[]
  /** listMinor + the adjustments. */
  readonly netMinor: number
  /** Units of the order's currency for one of the line's, a decimal string; null where they are the same currency. */
  readonly rate: string | null
  /** The line in the currency and at the exponent of the order. Equal to `netMinor` where both are the same. */
  readonly settledMinor: number
}

/** What lowers (below 0) or raises a line. The text is `adjustment.<code>` in the pack's locales. */
export interface Adjustment {
  readonly code: string
  readonly amountMinor: number
  readonly values: Explanation['values']
}

/** What a pack's `pricing-policy` module exports. Pure. */
export interface PricingPolicy<Config = unknown> {
  price(input: PricingInput, config: Config): PricingAnswer | PolicyRefusal
}

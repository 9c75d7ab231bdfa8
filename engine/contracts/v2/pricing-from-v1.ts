/** The adapter by which a price of v1 counts as one of v2. */
export { unadjustedPrice as pricingFromV1 } from '../kit/unadjusted-price.ts'

/** Name of this adapter in receipts. */
export const PRICING_FROM_V1 = 'pricing-policy v1 to v2'

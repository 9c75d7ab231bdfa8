import type { PricingDecision } from './decision.ts'

/** What those who read events need to know of a price. */
export interface ConfirmedPrice {
  readonly currency: string
  readonly exponent: number
  readonly payableMinor: number
  /** Null where the event was written before it was said. */
  readonly taxExclusiveMinor: number | null
  readonly taxMinor: number | null
  /** Currencies that lines were priced in, each once. */
  readonly currencies: readonly string[]
}

export function confirmedPrice({ currency, exponent, totals, lines }: Extract<PricingDecision, { outcome: 'priced' }>): ConfirmedPrice {
  const { payableMinor, taxExclusiveMinor, taxMinor } = totals
  const own = new Set<string>()
  for (const line of lines) if (line.own !== undefined) own.add(line.own.currency)
  return { currency, exponent, payableMinor, taxExclusiveMinor, taxMinor, currencies: own.size === 0 ? [currency] : [...own].toSorted() }
}

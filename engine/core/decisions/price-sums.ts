import type { PriceTotals, PricingAnswer } from '#engine/contracts/v1/index.ts'

/** A total that is not what the contract says it is. */
export interface WrongTotal {
  readonly total: keyof PriceTotals
  /** `is 12; the net amounts of the lines come to 11` */
  readonly said: string
}

/** The first total of a price that is not the sum that PriceTotals promises, counted in safe integers; null where all are. */
export function wrongTotal({ lines, taxes, totals }: Pick<PricingAnswer, 'lines' | 'taxes' | 'totals'>): WrongTotal | null {
  let net = 0
  for (const line of lines) net = plus(net, line.netMinor)
  let tax = 0
  for (const each of taxes) tax = plus(tax, each.taxMinor)
  return differs('lineNetMinor', totals, net, 'the net amounts of the lines')
    ?? differs('taxExclusiveMinor', totals, plus(plus(totals.lineNetMinor, -totals.allowanceMinor), totals.chargeMinor), 'lineNetMinor - allowanceMinor + chargeMinor')
    ?? differs('taxInclusiveMinor', totals, plus(totals.taxExclusiveMinor, totals.taxMinor), 'taxExclusiveMinor + taxMinor')
    ?? differs('payableMinor', totals, plus(plus(totals.taxInclusiveMinor, -totals.prepaidMinor), totals.roundingMinor), 'taxInclusiveMinor - prepaidMinor + roundingMinor')
    // A document may state its tax as one amount without a breakdown.
    ?? (taxes.length === 0 ? null : differs('taxMinor', totals, tax, 'the taxes'))
}

function differs(total: keyof PriceTotals, totals: PriceTotals, sum: number, of: string): WrongTotal | null {
  const stated = totals[total]
  return sum === stated ? null : { total, said: `is ${stated}; ${of} come to ${Number.isNaN(sum) ? 'more than a safe integer' : sum}` }
}

/** NaN once a sum leaves the safe integers; no total can equal that. */
function plus(a: number, b: number): number {
  const sum = a + b
  return Number.isSafeInteger(sum) ? sum : NaN
}

import { sumMinor, toMinor } from './arithmetic.ts'
import type { Explanation } from '../v1/explanation.ts'
import type { AllowanceView, LineView, OrderView } from '../v1/order-view.ts'
import type { PriceTotals, PricingAnswer, TaxSubtotal } from '../v1/pricing-policy.ts'
import { allowanceAmount, explainAllowance } from './line-amount.ts'
import type { Money } from './money.ts'
import { refuseLine, refuseOrder } from './policy-refused.ts'
import { TaxBreakdown } from './tax-breakdown.ts'
import { type RuledTaxes, taxesByRule, type TaxRule } from './tax-rules.ts'

export interface PricedLine {
  readonly line: LineView
  readonly netMinor: number
  readonly explanation?: readonly Explanation[]
}

export interface DocumentPricing {
  readonly order: OrderView
  readonly money: Money
  /** In the order of the document. */
  readonly lines: readonly PricedLine[]
  /** What the order comes to before discounts. Default: the sum of the lines. Below 0 (more is sent back than ordered) counts as 0. */
  readonly baseMinor?: number
  /** A discount on the sum of the lines, found by the policy; a document allowance that every tax group bears its share of. */
  readonly discountMinor?: number
  /** Taxes that the profile names, for documents that state none. */
  readonly taxRules?: readonly TaxRule[] | undefined
  readonly explanation?: readonly Explanation[]
}

/**
 * The price of a document from its priced lines: document allowances and charges, the tax breakdown, prepaid and
 * rounding amounts, by the calculation rules of EN 16931 (BR-CO-10 to 17, BR-*-08).
 *
 * Where no line names a tax, the tax that the document states as one amount counts, else what the rules say. Refuses:
 * `negative-total` (a credit is no order), `line-without-tax` (some lines have one), `allowance-without-amount`, and what
 * the tax breakdown refuses.
 */
export function priceDocument({ order, money, lines, baseMinor, discountMinor = 0, taxRules, explanation = [] }: DocumentPricing): PricingAnswer {
  const why: Explanation[] = []
  for (const line of lines) if (line.explanation !== undefined) why.push(...line.explanation)
  why.push(...explanation)

  const lineNetMinor = sumMinor(lines.map(line => line.netMinor))
  const ruled = taxesByRule(order, taxRules)
  if (ruled !== null) why.push(...ruled.explanation)
  const taxes = new TaxBreakdown(money)
  const taxed = ruled !== null || order.lines.some(line => line.tax !== null)
  if (taxed) addLines(taxes, lines, ruled)
  if (discountMinor !== 0 && ruled === null) taxes.discount(discountMinor, lineNetMinor)
  const { allowanceMinor, chargeMinor } = addAllowances(taxed && ruled === null ? taxes : null, order.allowances, lineNetMinor, money, why)
  // Where the document names no tax, neither do its allowances and charges: every group bears its share of them, as of a discount.
  if (ruled !== null) taxes.discount(sumMinor([discountMinor, allowanceMinor, 0 - chargeMinor]), lineNetMinor)
  const rows = taxes.rows()

  const taxMinor = taxed ? sumMinor(rows.map(row => row.taxMinor)) : statedTax(order, money, why)
  explainTaxes(rows, why)
  const totals = totalsOf({ order, money, lineNetMinor, allowanceMinor: sumMinor([allowanceMinor, discountMinor]), chargeMinor, taxMinor }, why)
  return {
    currency: money.currency,
    exponent: money.exponent,
    baseMinor: Math.max(0, baseMinor ?? lineNetMinor),
    lines: lines.map(({ line, netMinor }) => ({ lineId: line.id, netMinor })),
    taxes: rows,
    totals,
    explanation: why,
  }
}

function addLines(taxes: TaxBreakdown, lines: readonly PricedLine[], ruled: RuledTaxes | null): void {
  for (const [index, { line, netMinor }] of lines.entries()) {
    taxes.add(ruled?.lines[index] ?? line.tax ?? refuseLine('line-without-tax', line.id), netMinor, line.id)
  }
}

function addAllowances(
  taxes: TaxBreakdown | null, allowances: readonly AllowanceView[], lineNetMinor: number, money: Money, why: Explanation[],
): { allowanceMinor: number; chargeMinor: number } {
  let allowanceMinor = 0
  let chargeMinor = 0
  for (const allowance of allowances) {
    const amountMinor = toMinor(allowanceAmount(allowance, lineNetMinor, money, null), money.exponent, money.rounding)
    if (allowance.charge) chargeMinor = sumMinor([chargeMinor, amountMinor])
    else allowanceMinor = sumMinor([allowanceMinor, amountMinor])
    // Without a category it changes what is to pay, but no tax group.
    if (allowance.tax !== null) taxes?.add(allowance.tax, allowance.charge ? amountMinor : 0 - amountMinor, null)
    why.push(explainAllowance(allowance, amountMinor, null))
  }
  return { allowanceMinor, chargeMinor }
}

/** Documents such as orders state their tax as one amount, or none at all. */
function statedTax(order: OrderView, money: Money, why: Explanation[]): number {
  if (order.taxAmount === null) return 0
  const taxMinor = toMinor(order.taxAmount, money.exponent, money.rounding)
  why.push({ code: 'stated-tax', values: { taxMinor } })
  return taxMinor
}

function explainTaxes(rows: readonly TaxSubtotal[], why: Explanation[]): void {
  for (const { category, percent, taxableMinor, taxMinor } of rows) {
    why.push({ code: category === 'O' ? 'not-taxed' : 'tax', values: { category, percent, taxableMinor, taxMinor } })
  }
}

interface Sums {
  readonly order: OrderView
  readonly money: Money
  readonly lineNetMinor: number
  readonly allowanceMinor: number
  readonly chargeMinor: number
  readonly taxMinor: number
}

function totalsOf({ order, money, lineNetMinor, allowanceMinor, chargeMinor, taxMinor }: Sums, why: Explanation[]): PriceTotals {
  const taxExclusiveMinor = sumMinor([lineNetMinor, 0 - allowanceMinor, chargeMinor])
  if (taxExclusiveMinor < 0) refuseOrder('negative-total', { taxExclusiveMinor, currency: money.currency, exponent: money.exponent })
  const taxInclusiveMinor = sumMinor([taxExclusiveMinor, taxMinor])
  const prepaidMinor = order.prepaidAmount === null ? 0 : toMinor(order.prepaidAmount, money.exponent, money.rounding)
  const roundingMinor = order.roundingAmount === null ? 0 : toMinor(order.roundingAmount, money.exponent, money.rounding)
  if (prepaidMinor !== 0) why.push({ code: 'prepaid', values: { prepaidMinor } })
  if (roundingMinor !== 0) why.push({ code: 'rounding', values: { roundingMinor } })
  return {
    lineNetMinor, allowanceMinor, chargeMinor, taxExclusiveMinor, taxMinor, taxInclusiveMinor, prepaidMinor, roundingMinor,
    payableMinor: sumMinor([taxInclusiveMinor, 0 - prepaidMinor, roundingMinor]),
  }
}

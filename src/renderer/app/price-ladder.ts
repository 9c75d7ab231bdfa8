import type { QueryOutput } from './queries.ts'

export type PricingDecision = NonNullable<QueryOutput<'order'>['decisions']['pricing']>
type Explanation = PricingDecision['explanation'][number]

/** One rung: what the pack said, or a sum that the core's totals state. */
export type LadderRung =
  | { readonly kind: 'said'; readonly said: Explanation; readonly changeMinor: number | null; readonly afterMinor: number | null }
  | { readonly kind: 'sum'; readonly sum: 'base' | 'lines' | 'discounts' | 'withoutTax' | 'withTax' | 'payable'; readonly changeMinor: number | null; readonly afterMinor: number | null }

type OwnPrice = NonNullable<NonNullable<PricingDecision['lines']>[number]['own']>

export interface LineLadder {
  readonly lineId: string
  readonly netMinor: number
  /** The line in its own currency, where its pack says so. */
  readonly own: OwnPrice | null
  readonly rungs: readonly LadderRung[]
}

function minor(values: Explanation['values'], name: string): number | null {
  const value = values[name]
  return typeof value === 'number' ? value : null
}

/** How a rung moved the amount, from the names of its values; null where it only informs. */
export function changeOf({ code, values }: Explanation): number | null {
  const before = minor(values, 'beforeMinor')
  const after = minor(values, 'afterMinor')
  if (before !== null && after !== null) return after - before
  const amount = minor(values, 'amountMinor')
  if (amount !== null) return code.includes('charge') ? amount : code.includes('allowance') ? 0 - amount : null
  const prepaid = minor(values, 'prepaidMinor')
  if (prepaid !== null) return 0 - prepaid
  return minor(values, 'roundingMinor') ?? minor(values, 'taxMinor')
}

function rungOf(said: Explanation): LadderRung {
  return { kind: 'said', said, changeMinor: changeOf(said), afterMinor: minor(said.values, 'afterMinor') }
}

const AFTER_TAX = ['prepaidMinor', 'roundingMinor']

/** The whole order: before discounts, what the lines come to, allowances, taxes, prepaid, payable. Empty where not priced. */
export function orderLadder(decision: PricingDecision): readonly LadderRung[] {
  const { totals, baseMinor } = decision
  if (totals === undefined) return decision.explanation.filter(each => each.lineId === undefined).map(rungOf)
  const ofOrder = decision.explanation.filter(each => each.lineId === undefined)
  // Its own amounts, and why there is a tax.
  const isTax = (each: Explanation): boolean => Object.keys(each.values).some(name => name.startsWith('tax'))
  const isLater = (each: Explanation): boolean => AFTER_TAX.some(name => name in each.values)
  const sum = (kind: Extract<LadderRung, { kind: 'sum' }>['sum'], afterMinor: number | null, changeMinor: number | null = null): LadderRung => ({ kind: 'sum', sum: kind, afterMinor, changeMinor })
  const onLines = baseMinor === undefined ? 0 : totals.lineNetMinor - baseMinor
  return [
    ...(baseMinor === undefined || onLines === 0 ? [] : [sum('base', baseMinor), sum('discounts', null, onLines)]),
    sum('lines', totals.lineNetMinor),
    ...ofOrder.filter(each => !isTax(each) && !isLater(each)).map(rungOf),
    ...(totals.taxMinor === 0 || totals.taxExclusiveMinor === totals.lineNetMinor ? [] : [sum('withoutTax', totals.taxExclusiveMinor)]),
    ...ofOrder.filter(isTax).map(rungOf),
    ...(totals.taxMinor === 0 || totals.taxInclusiveMinor === totals.payableMinor ? [] : [sum('withTax', totals.taxInclusiveMinor)]),
    ...ofOrder.filter(each => isLater(each) && !isTax(each)).map(rungOf),
    sum('payable', totals.payableMinor),
  ]
}

/** What was said of each line, in the order of the decision; lines of which nothing was said are left out. */
export function lineLadders(decision: PricingDecision): readonly LineLadder[] {
  const said = new Map<string, Explanation[]>()
  for (const each of decision.explanation) {
    if (each.lineId === undefined) continue
    const of = said.get(each.lineId)
    if (of === undefined) said.set(each.lineId, [each])
    else of.push(each)
  }
  return (decision.lines ?? []).flatMap(({ lineId, netMinor, own = null }) => {
    const rungs = said.get(lineId)
    return rungs === undefined && own === null ? [] : [{ lineId, netMinor, own, rungs: (rungs ?? []).map(rungOf) }]
  })
}

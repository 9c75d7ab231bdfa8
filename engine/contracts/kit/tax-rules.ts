import type { Explanation } from '../v1/explanation.ts'
import type { LineView, OrderView, TaxView } from '../v1/order-view.ts'
import { isWithin } from './matches-pattern.ts'

/**
 * A tax that a profile names for orders that state none. Everything that it says of where it applies must hold; one that
 * says nothing applies everywhere.
 *
 * @example { title: 'VAT Bavaria', category: 'S', percent: '19', orgpaths: ['/harbour/bavaria'] }
 */
export interface TaxRule {
  /** What it is called on the order. */
  readonly title?: string
  /** UNCL 5305, as in TaxView. */
  readonly category: string
  readonly percent: string
  /** Nodes of the organisation that take the order; what is below them counts too. */
  readonly orgpaths?: readonly string[]
  /** An attribute with one of these values. */
  readonly attribute?: { readonly of: 'account' | 'order' | 'line'; readonly name: string; readonly values: readonly string[] }
}

export interface RuledTaxes {
  /** One for each line of the order, in its order. A line that no rule fits is not subject to tax (`O`). */
  readonly lines: readonly TaxView[]
  /** `tax-rule`: once where the order decides and every line has the same, else at each line. */
  readonly explanation: readonly Explanation[]
}

const NOT_TAXED: TaxView = { category: 'O', percent: null }

/**
 * The tax of each line: the first rule that fits it. Null where nothing is to be ruled: the document states its tax, on
 * lines or as one amount, or no rule fits any line.
 */
export function taxesByRule(order: OrderView, rules: readonly TaxRule[] = []): RuledTaxes | null {
  if (order.taxAmount !== null || order.lines.some(line => line.tax !== null)) return null
  const fitting = order.lines.map(line => rules.find(rule => fits(rule, order, line)) ?? null)
  if (fitting.every(rule => rule === null)) return null
  const lines = fitting.map(rule => (rule === null ? NOT_TAXED : { category: rule.category, percent: rule.percent }))
  const [first] = fitting
  if (first != null && first.attribute?.of !== 'line' && fitting.every(rule => rule === first)) return { lines, explanation: [why(first, order, null)] }
  return { lines, explanation: order.lines.flatMap((line, index) => (fitting[index] == null ? [] : [{ ...why(fitting[index], order, line), lineId: line.id }])) }
}

function fits({ orgpaths, attribute }: TaxRule, order: OrderView, line: LineView): boolean {
  if (orgpaths !== undefined && branchOf(order, orgpaths) === null) return false
  if (attribute === undefined) return true
  const value = valueOf(attribute, order, line)
  return value !== null && attribute.values.includes(value)
}

/** The node, of those that the rule names, that takes the order. */
function branchOf({ orgpath }: OrderView, orgpaths: readonly string[]): string | null {
  return orgpaths.find(node => isWithin(orgpath, node)) ?? null
}

function valueOf({ of, name }: NonNullable<TaxRule['attribute']>, order: OrderView, line: LineView | null): string | null {
  const holder = { account: order.account, order, line }[of]
  const value = holder !== null && Object.hasOwn(holder.attributes, name) ? holder.attributes[name] ?? null : null
  return value === null ? null : String(value)
}

/** Names of values begin with `tax` where the ladder shall show it beside the tax. */
function why({ title, category, percent, orgpaths, attribute }: TaxRule, order: OrderView, line: LineView | null): Explanation {
  return {
    code: 'tax-rule',
    values: {
      taxTitle: title ?? null, category, percent, branch: orgpaths === undefined ? null : branchOf(order, orgpaths),
      attribute: attribute?.name ?? null, value: attribute === undefined ? null : valueOf(attribute, order, line),
    },
  }
}

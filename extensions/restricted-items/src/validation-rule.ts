import { addDecimals, compareDecimals, type Decimal, formatDecimal, parseDecimal, ZERO } from '#engine/contracts/kit/arithmetic.ts'
import { isWithin, matchesAny } from '#engine/contracts/kit/matches-pattern.ts'
import type { Finding, OrderView, ValidationAnswer, ValidationInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  readonly rules: readonly Rule[]
}

export interface Rule {
  /** Items that may not be ordered; `*` stands for any characters. */
  readonly items: readonly string[]
  /** So much of one item an order may have, over all its lines; without it, none. A decimal. */
  readonly upTo?: string
  /** Who may order them all the same: one of these is enough. */
  readonly except?: {
    readonly accounts?: readonly string[]
    readonly orgpaths?: readonly string[]
    /** An attribute of the account with one of these values. */
    readonly attribute?: { readonly name: string; readonly values: readonly string[] }
  }
  /** Shown to the person, e.g. the regulation. */
  readonly reason?: string
  /** Default `error`: holds the order. `warning` only shows. */
  readonly severity?: 'error' | 'warning'
}

/** Finds each line whose item the account may not order, or not so much of. Sending such an item back is allowed. */
export function validate({ order }: ValidationInput, config: Config): ValidationAnswer {
  const rules = config.rules.filter(rule => !isExcepted(order, rule))
  const findings: Finding[] = []
  for (const line of order.lines) {
    if (line.return) continue
    const rule = rules.find(({ items, upTo }) => matchesAny(line.item, items) && (upTo === undefined || compareDecimals(ordered(line.item, order), parseDecimal(upTo)) > 0))
    if (rule === undefined) continue
    const { reason, upTo, severity = 'error' } = rule
    const values = { item: line.item, account: order.account.code, ...(reason === undefined ? {} : { reason }) }
    findings.push(upTo === undefined
      ? { code: reason === undefined ? 'restricted' : 'restricted-because', severity, lineId: line.id, values }
      : { code: reason === undefined ? 'too-much' : 'too-much-because', severity, lineId: line.id, values: { ...values, upTo, quantity: formatDecimal(ordered(line.item, order)) } })
  }
  return { findings }
}

/** How much of an item the order has, over all its lines. */
function ordered(item: string, { lines }: OrderView): Decimal {
  return lines.filter(line => line.item === item && !line.return).map(({ quantity }) => parseDecimal(quantity)).reduce(addDecimals, ZERO)
}

function isExcepted({ account, orgpath }: OrderView, { except: { accounts = [], orgpaths = [], attribute } = {} }: Rule): boolean {
  const value = attribute !== undefined && Object.hasOwn(account.attributes, attribute.name) ? account.attributes[attribute.name] ?? null : null
  return matchesAny(account.code, accounts) || orgpaths.some(node => isWithin(orgpath, node)) || (value !== null && attribute?.values.includes(String(value)) === true)
}

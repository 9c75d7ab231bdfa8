import { isWithin, matchesAny } from '#engine/contracts/kit/matches-pattern.ts'
import type { Finding, OrderView, ValidationAnswer, ValidationInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  readonly rules: readonly Rule[]
}

export interface Rule {
  /** Items that may not be ordered; `*` stands for any characters. */
  readonly items: readonly string[]
  /** Who may order them all the same. */
  readonly except?: { readonly accounts?: readonly string[]; readonly orgpaths?: readonly string[] }
  /** Shown to the person, e.g. the regulation. */
  readonly reason?: string
  /** Default `error`: holds the order. `warning` only shows. */
  readonly severity?: 'error' | 'warning'
}

/** Finds each line whose item the account may not order. Sending such an item back is allowed. */
export function validate({ order }: ValidationInput, config: Config): ValidationAnswer {
  const rules = config.rules.filter(rule => !isExcepted(order, rule))
  const findings: Finding[] = []
  for (const line of order.lines) {
    if (line.return) continue
    const rule = rules.find(candidate => matchesAny(line.item, candidate.items))
    if (rule === undefined) continue
    findings.push({
      code: rule.reason === undefined ? 'restricted' : 'restricted-because', severity: rule.severity ?? 'error', lineId: line.id,
      values: { item: line.item, account: order.account.code, ...(rule.reason === undefined ? {} : { reason: rule.reason }) },
    })
  }
  return { findings }
}

function isExcepted(order: OrderView, { except }: Rule): boolean {
  return matchesAny(order.account.code, except?.accounts ?? []) || (except?.orgpaths ?? []).some(node => isWithin(order.orgpath, node))
}

import type { Explanation } from '#engine/contracts/v1/index.ts'
import type { Refusal } from '../refusal.ts'
import type { PricingDecision, ValidationDecision } from './decision.ts'

export interface Held extends Refusal {
  readonly step: 'validation' | 'pricing'
  /** Whose finding it is; null where the step has one pack alone. */
  readonly pack: string | null
}

/** Why an order stays where it is although every pack answered; null where it goes on. */
export function heldBy(answer: ValidationDecision | PricingDecision): Held | null {
  if ('findings' in answer) {
    if (answer.outcome !== 'held') return null
    const finding = answer.findings.find(f => f.severity === 'error')
    return {
      step: 'validation', pack: finding?.pack ?? null, code: 'KS-ORDER-HELD', message: `A validation rule holds the order${named(finding)}.`,
      remedy: 'Amend the order, or reject it.', values: valuesOf(finding),
    }
  }
  if (answer.outcome !== 'refused') return null
  const [reason] = answer.explanation
  return {
    step: 'pricing', pack: null, code: 'KS-ORDER-NO-PRICE', message: `The pricing policy cannot price the order as it stands${named(reason)}.`,
    remedy: 'Amend the order, or reject it.', values: valuesOf(reason),
  }
}

/** `: tax-rate-not-zero (line 1, category Z, percent 19)`, for whoever has no texts of packs at hand. */
function named(finding: Explanation | undefined): string {
  if (finding === undefined) return ''
  const details = [
    ...(finding.lineId === undefined ? [] : [`line ${finding.lineId}`]),
    ...Object.entries(finding.values).filter(([, value]) => value !== null).map(([name, value]) => `${name} ${String(value)}`),
  ]
  return `: ${finding.code}${details.length === 0 ? '' : ` (${details.join(', ')})`}`
}

function valuesOf(finding: Explanation | undefined): NonNullable<Refusal['values']> {
  return { finding: finding?.code ?? null, lineId: finding?.lineId ?? null, ...finding?.values }
}

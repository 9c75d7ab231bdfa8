import { canonicalJson } from '../canonical-json.ts'
import type { ApprovalDecision, DecisionKind, PricingDecision, StepFailure, ValidationDecision } from './decision.ts'

/** What a step came to on one side of a comparison; a step that was not reached is absent. */
export type ComparedStep =
  | { readonly kind: DecisionKind; readonly ok: true; readonly answer: string }
  | { readonly kind: DecisionKind; readonly ok: false; readonly failure: StepFailure }

/**
 * In which way two decisions of one order differ.
 * - `validation`, `pricing`, `approval`: another outcome, or the step is reached on one side only.
 * - `amount`: what is to be paid. `currency`: in what. `breakdown`: the same to pay, by other lines, taxes or sums.
 * - `findings`, `stages`: the same outcome, with other findings or other people to ask.
 * - `price-explanation`, `approval-explanation`: the same result, for other reasons.
 * - `mended`: a pack failed before and answers now.
 */
export const DIFFERENCE_KINDS = [
  'validation', 'findings', 'pricing', 'amount', 'currency', 'breakdown', 'price-explanation', 'approval', 'stages', 'approval-explanation', 'mended',
] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

export interface Difference {
  readonly kind: DifferenceKind
  /** Where in the decisions, e.g. `pricing.totals.payableMinor`. */
  readonly field: string
  readonly before: string | number | null
  readonly after: string | number | null
}

/** What is to be paid, in minor units. */
export interface Payable {
  readonly currency: string
  readonly exponent: number
  readonly minor: number
}

export interface Comparison {
  readonly differences: readonly Difference[]
  readonly before: Payable | null
  readonly after: Payable | null
  /** A pack that could not answer now; `before`: it could not before either. */
  readonly failure: (StepFailure & { readonly step: DecisionKind; readonly before: boolean }) | null
}

/** Compares what two compositions decided on one order. Equal texts need not be handed in: they do not differ. */
export function compareDecisions(before: readonly ComparedStep[], after: readonly ComparedStep[]): Comparison {
  const failedBefore = failureOf(before)
  const failedAfter = failureOf(after)
  const was = answersOf(before)
  const is = answersOf(after)
  const payables = { before: payableOf(was.pricing), after: payableOf(is.pricing) }
  if (failedAfter !== null) return { ...payables, differences: [], failure: { ...failedAfter, before: failedBefore !== null } }
  const differences = [
    ...(failedBefore === null ? [] : [{ kind: 'mended' as const, field: `${failedBefore.step}.failure`, before: failedBefore.code, after: null }]),
    ...validationDifferences(was.validation, is.validation), ...pricingDifferences(was.pricing, is.pricing), ...approvalDifferences(was.approval, is.approval),
  ]
  return { ...payables, differences, failure: null }
}

interface Answers {
  readonly validation: ValidationDecision | null
  readonly pricing: PricingDecision | null
  readonly approval: ApprovalDecision | null
}

function answersOf(steps: readonly ComparedStep[]): Answers {
  const of = (kind: DecisionKind): unknown => {
    const step = steps.find(each => each.kind === kind)
    return step?.ok === true ? JSON.parse(step.answer) as unknown : null
  }
  return { validation: of('validation') as Answers['validation'], pricing: of('pricing') as Answers['pricing'], approval: of('approval') as Answers['approval'] }
}

function failureOf(steps: readonly ComparedStep[]): (StepFailure & { readonly step: DecisionKind }) | null {
  for (const step of steps) if (!step.ok) return { ...step.failure, step: step.kind }
  return null
}

function payableOf(pricing: PricingDecision | null): Payable | null {
  return pricing?.outcome === 'priced' ? { currency: pricing.currency, exponent: pricing.exponent, minor: pricing.totals.payableMinor } : null
}

function validationDifferences(before: ValidationDecision | null, after: ValidationDecision | null): Difference[] {
  if (before?.outcome !== after?.outcome) return [outcome('validation', before, after)]
  return listed('findings', 'validation.findings', before?.findings ?? [], after?.findings ?? [])
}

function pricingDifferences(before: PricingDecision | null, after: PricingDecision | null): Difference[] {
  if (before?.outcome !== after?.outcome) return [outcome('pricing', before, after)]
  if (before?.outcome !== 'priced' || after?.outcome !== 'priced') return listed('price-explanation', 'pricing.explanation', before?.explanation ?? [], after?.explanation ?? [])
  const amounts = [...currencyDifferences(before, after), ...amountDifferences(before, after)]
  return amounts.length > 0 ? amounts : listed('price-explanation', 'pricing.explanation', before.explanation, after.explanation)
}

type Priced = Extract<PricingDecision, { outcome: 'priced' }>

function currencyDifferences(before: Priced, after: Priced): Difference[] {
  if (before.currency !== after.currency) return [{ kind: 'currency', field: 'pricing.currency', before: before.currency, after: after.currency }]
  return before.exponent === after.exponent ? [] : [{ kind: 'currency', field: 'pricing.exponent', before: before.exponent, after: after.exponent }]
}

/** What is to be paid says it all; only where that is the same, the sums, taxes and lines below it are worth a word. */
function amountDifferences(before: Priced, after: Priced): Difference[] {
  const { payableMinor: was, ...sums } = before.totals
  if (was !== after.totals.payableMinor) return [{ kind: 'amount', field: 'pricing.totals.payableMinor', before: was, after: after.totals.payableMinor }]
  const breakdown: Difference[] = Object.entries(sums).flatMap(([name, minor]) => {
    const now = after.totals[name as keyof typeof sums]
    return minor === now ? [] : [{ kind: 'breakdown', field: `pricing.totals.${name}`, before: minor, after: now }]
  })
  if (before.baseMinor !== after.baseMinor) breakdown.push({ kind: 'breakdown', field: 'pricing.baseMinor', before: before.baseMinor, after: after.baseMinor })
  breakdown.push(...firstOther('pricing.taxes', before.taxes, after.taxes), ...firstOther('pricing.lines', before.lines, after.lines))
  return breakdown
}

function approvalDifferences(before: ApprovalDecision | null, after: ApprovalDecision | null): Difference[] {
  if (before?.outcome !== after?.outcome) return [outcome('approval', before, after)]
  const stages = (of: ApprovalDecision | null) => (of?.outcome === 'ask' ? of.stages : [])
  if (canonicalJson(stages(before)) !== canonicalJson(stages(after))) {
    const text = (of: ApprovalDecision | null): string => stages(of).map(({ id, role, quorum = 1 }) => `${id}: ${quorum} ${role}`).join(', ')
    return [{ kind: 'stages', field: 'approval.stages', before: text(before), after: text(after) }]
  }
  return listed('approval-explanation', 'approval.explanation', before?.explanation ?? [], after?.explanation ?? [])
}

function outcome(kind: DecisionKind, before: { readonly outcome: string } | null, after: { readonly outcome: string } | null): Difference {
  return { kind, field: `${kind}.outcome`, before: before?.outcome ?? null, after: after?.outcome ?? null }
}

interface Told {
  readonly code: string
  readonly lineId?: string
  readonly values: Readonly<Record<string, unknown>>
}

/** Lists of things with a code, told by their codes; where those are the same, by the first that says something else. */
function listed(kind: DifferenceKind, field: string, before: readonly Told[], after: readonly Told[]): Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return []
  const codes = (of: readonly Told[]): string => [...new Set(of.map(({ code }) => code))].join(', ')
  if (codes(before) !== codes(after)) return [{ kind, field, before: codes(before), after: codes(after) }]
  const at = Array.from({ length: Math.max(before.length, after.length) }, (_, i) => i).find(i => canonicalJson(before[i] ?? null) !== canonicalJson(after[i] ?? null)) ?? 0
  return [{ kind, field: `${field}[${at}]`, before: tell(before[at], after[at]), after: tell(after[at], before[at]) }]
}

/** What one says that the other does not. */
function tell(one: Told | undefined, other: Told | undefined): string | null {
  if (one === undefined) return null
  const values = Object.entries(one.values).filter(([name, value]) => canonicalJson(value ?? null) !== canonicalJson(other?.values[name] ?? null))
  const where = one.lineId === undefined ? '' : ` (line ${one.lineId})`
  return `${one.code}${where}${values.length === 0 ? '' : `: ${values.map(([name, value]) => `${name} ${String(value)}`).join(', ')}`}`
}

/** The first entry that is another: what follows in a list seldom says more. */
function firstOther(field: string, before: readonly unknown[], after: readonly unknown[]): Difference[] {
  const texts = (of: readonly unknown[]): string[] => of.map(each => canonicalJson(each))
  const was = texts(before)
  const is = texts(after)
  const at = Array.from({ length: Math.max(was.length, is.length) }, (_, i) => i).find(i => was[i] !== is[i])
  return at === undefined ? [] : [{ kind: 'breakdown', field: `${field}[${at}]`, before: was[at] ?? null, after: is[at] ?? null }]
}

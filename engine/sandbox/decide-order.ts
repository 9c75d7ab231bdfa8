import type { OrderView } from '#engine/contracts/v1/index.ts'
import type { PricingDecision, StepFailure } from '#engine/core/decisions/decision.ts'
import type { Step } from './answer-builder.ts'
import { copyApproval } from './answers/approval-answer.ts'
import { copyPricing, type OrderLines } from './answers/pricing-answer.ts'
import { copyFindings } from './answers/validation-answer.ts'
import type { Asker } from './asker.ts'
import { InputDigests } from './input-digest.ts'
import { FIRST_STEP, type StepKind } from './protocol.ts'

type Priced = Extract<PricingDecision, { outcome: 'priced' }>

/** An order as its columns give it. */
export interface OrderRow {
  readonly view: string
  readonly viewBytes: Uint8Array
  readonly from: number
  readonly exposure: { readonly openMinor: number; readonly openOrders: number }
  readonly price: string
}

/** Which uses answer which step, what is blocked, and after which use to stop. */
export interface StepPlan {
  readonly validation: readonly number[]
  readonly pricing: number
  readonly approval: number
  readonly until: number
  readonly blocked: ReadonlyMap<StepKind, StepFailure>
}

/** Takes one order from the step it is at to as far as it gets. */
export function decideOrder(asker: Asker, plan: StepPlan, row: OrderRow): readonly Step[] {
  const order = new FreshOrder(row)
  const steps: Step[] = []
  if (row.from <= FIRST_STEP.submitted) {
    const passed = validate(asker, plan, order, steps)
    if (!passed) return steps
  }
  const priced = row.from <= FIRST_STEP.validated ? price(asker, plan, order, steps) : row.price
  if (priced !== null) approve(asker, plan, { order, priced }, steps)
  return steps
}

/** The order of one row: parsed anew for each pack that sees it. */
class FreshOrder {
  readonly row: OrderRow
  readonly digests: InputDigests
  #lines: OrderLines | undefined
  /** Parsed for its line ids, and in no pack's hands yet. */
  #unseen: OrderView | undefined

  constructor(row: OrderRow) {
    this.row = row
    this.digests = new InputDigests(row.viewBytes)
  }

  parse(): OrderView {
    void this.lines
    const view = this.#unseen ?? JSON.parse(this.row.view) as OrderView
    this.#unseen = undefined
    return view
  }

  get lines(): OrderLines {
    if (this.#lines === undefined) {
      this.#unseen = JSON.parse(this.row.view) as OrderView
      this.#lines = linesOf(this.#unseen)
    }
    return this.#lines
  }

  get longestAnswer(): number {
    return 256 * 1024 + 4 * 1024 * this.lines.ids.length
  }
}

function linesOf(view: OrderView): OrderLines {
  const ids = view.lines.map(line => line.id)
  return { ids, set: new Set(ids) }
}

function validate(asker: Asker, plan: StepPlan, order: FreshOrder, steps: Step[]): boolean {
  const blocked = plan.blocked.get('validation')
  if (blocked !== undefined) return fail('validation', blocked, steps)
  const findings = []
  for (const use of plan.validation) {
    if (use > plan.until) return false
    const asked = asker.ask({
      use,
      input: () => ({ order: order.parse(), exposure: { openMinor: order.row.exposure.openMinor, openOrders: order.row.exposure.openOrders } }),
      copy: answer => copyFindings(answer, order.lines.set),
      longest: order.longestAnswer,
    })
    if (!asked.ok) return fail('validation', asked.failure, steps)
    for (const finding of asked.value) findings.push({ ...finding, pack: asker.use(use).use.pack })
  }
  const held = findings.some(finding => finding.severity === 'error')
  const configs = plan.validation.map(use => asker.use(use).use.configDigest)
  steps.push({
    kind: 'validation', ok: true,
    text: JSON.stringify({ outcome: held ? 'held' : 'passed', findings }),
    inputDigest: order.digests.validation(JSON.stringify(order.row.exposure), configs),
  })
  return !held
}

function price(asker: Asker, plan: StepPlan, order: FreshOrder, steps: Step[]): Priced | null {
  const blocked = plan.blocked.get('pricing')
  if (blocked !== undefined) return fail('pricing', blocked, steps) || null
  if (plan.pricing > plan.until) return null
  const asked = asker.ask({
    use: plan.pricing,
    input: () => ({ order: order.parse() }),
    copy: answer => copyPricing(answer, order.lines, asker.use(plan.pricing).use.contractVersion),
    longest: order.longestAnswer,
  })
  if (!asked.ok) return fail('pricing', asked.failure, steps) || null
  steps.push({
    kind: 'pricing', ok: true, text: asked.text,
    inputDigest: order.digests.pricing(asker.use(plan.pricing).use.configDigest),
  })
  return asked.value.outcome === 'priced' ? asked.value : null
}

/** `priced` is the price that was just decided, or the text of one that was decided before. */
function approve(asker: Asker, plan: StepPlan, { order, priced: given }: { order: FreshOrder; priced: Priced | string }, steps: Step[]): void {
  const blocked = plan.blocked.get('approval')
  if (blocked !== undefined) return void fail('approval', blocked, steps)
  if (plan.approval > plan.until) return
  const priced = typeof given === 'string' ? JSON.parse(given) as Priced : given
  const asked = asker.ask({
    use: plan.approval,
    input: () => ({ order: order.parse(), price: priceView(priced) }),
    copy: answer => copyApproval(answer, order.lines.set),
    longest: order.longestAnswer,
  })
  if (!asked.ok) return void fail('approval', asked.failure, steps)
  steps.push({
    kind: 'approval', ok: true, text: asked.text,
    inputDigest: order.digests.approval(JSON.stringify(priceView(priced)), asker.use(plan.approval).use.configDigest),
  })
}

/** Keys in one order, whether the price was made just now or read back from the log: its text is digested. */
function priceView({ currency, exponent, baseMinor, totals }: Priced) {
  return {
    currency, exponent, baseMinor,
    totals: {
      lineNetMinor: totals.lineNetMinor, allowanceMinor: totals.allowanceMinor, chargeMinor: totals.chargeMinor,
      taxExclusiveMinor: totals.taxExclusiveMinor, taxMinor: totals.taxMinor, taxInclusiveMinor: totals.taxInclusiveMinor,
      prepaidMinor: totals.prepaidMinor, roundingMinor: totals.roundingMinor, payableMinor: totals.payableMinor,
    },
  }
}

function fail(kind: StepKind, failure: StepFailure, steps: Step[]): false {
  steps.push({ kind, ok: false, text: JSON.stringify(failure), inputDigest: null })
  return false
}

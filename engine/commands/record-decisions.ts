import { confirmedPrice, type ConfirmedPrice } from '#engine/core/decisions/confirmed-price.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type {
  ApprovalDecision, DecisionKind, PricingDecision, Receipt, StepFailure, ValidationDecision,
} from '#engine/core/decisions/decision.ts'
import { wrongTotal } from '#engine/core/decisions/price-sums.ts'
import { ok } from '#engine/core/refusal.ts'
import type { CoreEvents, CoreEventType } from '#engine/log/event-types.ts'
import type { DecidedOrder, DecideStep } from '#engine/packs/pack-host.ts'
import type { OrderRow } from '#engine/store/core-store.ts'
import { appendStep } from './order-commands.ts'
import { internal } from './handler.ts'
import { park } from './park.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** The answers of one batch, with what they were asked for. */
export interface DecisionBatch {
  /** Parts of the receipts that all decisions of a kind share, as JSON text without the closing brace. */
  readonly receipts: Readonly<Record<DecisionKind, string>>
  readonly confirmation: 'automatic' | 'manual'
  readonly orders: readonly (DecidedOrder & { readonly revision: number; readonly from: 'submitted' | 'validated' | 'priced'; readonly attempt: number })[]
}

export interface RecordedBatch {
  readonly recorded: number
  /** Orders that had moved on meanwhile; their answers were dropped, and they are decided again. */
  readonly stale: number
  readonly failed: number
}

/**
 * Appends what a batch of orders came to, each by compare-and-set on (revision, state, attempt): a decision never lands on
 * an order that has changed since it was read.
 */
export const recordDecisions = internal<DecisionBatch, RecordedBatch>((writer, batch, invocation) => {
  let recorded = 0
  let stale = 0
  let failed = 0
  for (const order of batch.orders) {
    const row = writer.store.orderByNo(order.key)
    if (row === null || row.revision !== order.revision || row.state !== order.from || row.attempt !== order.attempt
      || row.attention !== null || row.awaits_stage !== null) {
      stale++
      continue
    }
    let causationId: string = row.cause_event
    const pass: Pass = { batch, price: undefined, failed: false }
    for (const step of order.steps) {
      causationId = step.ok
        ? recordAnswer(writer, row, step, pass, invocation, causationId)
        : recordFailure(writer, row, step.kind, step.failure, invocation, causationId)
      if (!step.ok || pass.failed) {
        failed++
        break
      }
    }
    recorded++
  }
  return ok({ recorded, stale, failed })
})

/** One order on its way through the steps of a batch. */
interface Pass {
  readonly batch: DecisionBatch
  /** Set once the price was decided in this pass. */
  price: ConfirmedPrice | undefined
  /** Set where an answer turned out to be none. */
  failed: boolean
}

function recordAnswer(
  writer: TenantWriter, row: OrderRow, step: Extract<DecideStep, { ok: true }>, pass: Pass, invocation: Invocation, causationId: string,
): string {
  const receipt = `${pass.batch.receipts[step.kind]},"revision":${row.revision},"inputDigest":"${step.inputDigest}"}`
  const answer = JSON.parse(step.answer) as ValidationDecision | PricingDecision | ApprovalDecision
  const about = { orderId: row.id, orderNo: row.order_no, orgpath: row.orgpath, causationId }
  const append = <T extends CoreEventType>(type: T, extra: string): string => {
    const text = `{"revision":${row.revision},"attempt":${row.attempt},${extra}"answer":${step.answer},"receipt":${receipt}}`
    // The fold reads revision, attempt, kind and answer; the receipt travels as text only.
    const data = { revision: row.revision, attempt: row.attempt, kind: step.kind, answer } as unknown as CoreEvents[T]
    return writer.appendText(type, data, text, invocation, about).id
  }
  const wrong = answer.outcome === 'priced' ? wrongTotal(answer) : null
  if (wrong !== null) {
    pass.failed = true
    return recordFailure(writer, row, step.kind, wrongSums(pass.batch, `totals.${wrong.total} ${wrong.said}`), invocation, causationId)
  }
  if (row.attempt > 1) resolveLetters(writer, row, step.kind)
  switch (answer.outcome) {
    case 'passed': return append('keelson.order.validated.v1', '')
    case 'held':
    case 'refused': return append('keelson.order.held.v1', `"kind":"${step.kind}",`)
    case 'priced':
      pass.price = confirmedPrice(answer)
      return append('keelson.order.priced.v1', '')
    case 'ask': return append('keelson.order.approval-asked.v1', '')
    case 'rejected': return append('keelson.order.rejected.v1', `"reference":${JSON.stringify(row.reference)},"account":${JSON.stringify(row.account)},`)
    case 'approved': {
      const id = append('keelson.order.approved.v1', '')
      return pass.batch.confirmation === 'automatic' ? appendStep(writer, row, { step: 'confirmed' }, null, invocation, id, pass.price) : id
    }
  }
}

/** The pack host has checked this; it is the one part of an answer on which money depends, so nobody is believed. */
function wrongSums(batch: DecisionBatch, said: string): StepFailure {
  const { parts } = JSON.parse(`${batch.receipts.pricing}}`) as Pick<Receipt, 'parts'>
  const { pack, contract } = parts[0] ?? { pack: 'keelson', contract: 'pricing-policy' }
  return { pack, contract, code: 'KS-PACK-ANSWER', message: `The answer of ${pack} breaks its contract: ${said}`, remedy: 'Mend the pack, then replay.' }
}

function recordFailure(
  writer: TenantWriter, row: OrderRow, kind: DecisionKind, failure: StepFailure, invocation: Invocation, causationId: string,
): string {
  const event = writer.append('keelson.decision.failed.v1', {
    revision: row.revision, attempt: row.attempt, kind, reference: row.reference, account: row.account, failure,
  }, invocation, { orderId: row.id, orderNo: row.order_no, orgpath: row.orgpath, causationId })
  park(writer, {
    pack: failure.pack, eventId: row.cause_event, handler: failure.contract, orderNo: row.order_no,
    payload: JSON.stringify({ kind, revision: row.revision, attempt: row.attempt }),
  }, failure)
  return event.id
}

/** A step that answered has nothing parked any more. */
function resolveLetters(writer: TenantWriter, row: OrderRow, kind: DecisionKind): void {
  writer.statements.get<[number, string], unknown>(
    `UPDATE dead_letters SET state = 'resolved' WHERE order_no = ? AND state IN ('open', 'replaying') AND payload ->> '$.kind' = ?`).run(row.order_no, kind)
}

/** Receipt text that all decisions of one kind in a batch share, open at its end. */
export function receiptHead(receipt: Omit<Receipt, 'revision' | 'inputDigest'>): string {
  return JSON.stringify(receipt).slice(0, -1)
}

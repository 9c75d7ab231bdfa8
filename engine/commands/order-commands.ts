import { mayAlso } from '#engine/access/authorise.ts'
import { confirmedPrice, type ConfirmedPrice } from '#engine/core/decisions/confirmed-price.ts'
import type { PricingDecision } from '#engine/core/decisions/decision.ts'
import type { Approver } from '#engine/core/orders/approval.ts'
import type { OrderCommand, OrderFacts, OrderStep } from '#engine/core/orders/decide-order-command.ts'
import { decideOrderCommand } from '#engine/core/orders/decide-order-command.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import type { OrderState } from '#engine/core/orders/order-state.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { submitterOfOrder, type OrderRow } from '#engine/store/core-store.ts'
import { attributesBy, checkDocumentAttributes, checkRequiredAttributes } from './attributes.ts'
import { documentOf } from './document-of.ts'
import { command, type CommandHandler } from './handler.ts'
import { registerAccount } from './register-account.ts'
import type { TenantWriter } from './tenant-writer.ts'

export interface OrderResult {
  readonly orderId: string
  readonly reference: string
  readonly state: string
  readonly revision: number
}

export interface OnOrder {
  readonly orderId: string
  readonly revision: number
}

/** The commands that a person gives on one order; what each may do, core/orders/decide-order-command.ts says. */
export const orderCommands = {
  'submit-order': onOrder<OnOrder>(() => ({ kind: 'submit' })),
  'amend-order': onOrder<OnOrder & { readonly document: OrderDocument }>(() => ({ kind: 'amend' })),
  'cancel-order': onOrder<OnOrder>(() => ({ kind: 'cancel' })),
  'reject-order': onOrder<OnOrder>((_, { actor }, at) => ({ kind: 'reject', by: mayAlso(actor, 'orders.approve') ? null : approver(actor, at) })),
  'approve-order': onOrder<OnOrder & { readonly stage: string }>(({ stage }, { actor }, at) => ({ kind: 'approve', stage, by: approver(actor, at) })),
  'confirm-order': onOrder<OnOrder>(() => ({ kind: 'confirm' })),
  'fulfil-order': onOrder<OnOrder>(() => ({ kind: 'fulfil' })),
  'close-order': onOrder<OnOrder>(() => ({ kind: 'close' })),
  'retry-order': onOrder<OnOrder>(() => ({ kind: 'retry' })),
  'recompose-order': onOrder<OnOrder>(() => ({ kind: 'recompose' })),
} as const

interface AtOrder {
  readonly writer: TenantWriter
  readonly row: OrderRow
}

function approver({ id, roles }: Invocation['actor'], { writer, row }: AtOrder): Approver {
  return { id, roles, submitted: submitterOf(writer, row) === id }
}

function onOrder<Input extends OnOrder & { readonly document?: OrderDocument }>(
  toCommand: (input: Input, invocation: Invocation, at: AtOrder) => OrderCommand,
): CommandHandler<Input, OrderResult> {
  return command((writer, input, invocation) => {
    const row = writer.store.orderById(input.orderId)
    if (row === null) return unknownOrder(input.orderId)
    const decided = decideOrderCommand(orderFacts(row), toCommand(input, invocation, { writer, row }), input.revision, writer.composition?.confirmation ?? 'automatic')
    if (!decided.ok) return decided
    if (input.document !== undefined && (input.document.reference !== row.reference || input.document.account.code !== row.account)) {
      return refuse('KS-ORDER-IDENTITY', 'Reference and account of an order stay as they are.', 'Cancel this order and enter a new one.', { reference: row.reference })
    }
    const attributes = checkedAttributes(writer, row, input.document ?? null, decided.value, invocation)
    if (!attributes.ok) return attributes
    let causationId: string | null = row.cause_event
    for (const step of decided.value) causationId = appendStep(writer, row, step, input.document ?? null, invocation, causationId)
    const { state, revision } = afterSteps(row, decided.value)
    return ok({ orderId: row.id, reference: row.reference, state, revision })
  })
}

/** Attributes that a new document changes, and those that must be there before an order is submitted. */
function checkedAttributes(writer: TenantWriter, row: OrderRow, document: OrderDocument | null, steps: readonly OrderStep[], invocation: Invocation): Result<null> {
  const { composition } = writer
  if (composition === null || composition.modules.every(({ manifest }) => manifest.attributes === undefined)) return ok(null)
  if (document !== null) {
    const checked = checkDocumentAttributes(composition, document, documentOf(writer, row), attributesBy(invocation))
    if (!checked.ok || row.state === 'draft') return checked
    return checkRequiredAttributes(composition, document)
  }
  return steps.some(({ step }) => step === 'submitted') ? checkRequiredAttributes(composition, documentOf(writer, row)) : ok(null)
}

function afterSteps(row: OrderRow, steps: readonly OrderStep[]): { readonly state: OrderState; readonly revision: number } {
  let { state, revision } = row
  for (const step of steps) {
    if (step.step === 'amended' || step.step === 'recomposed') {
      revision = step.revision
      state = state === 'draft' ? 'draft' : 'submitted'
    } else if (step.step !== 'retried' && step.step !== 'approval-given') state = step.step
  }
  return { state, revision }
}

export function orderFacts(row: OrderRow): OrderFacts {
  return {
    reference: row.reference, account: row.account, state: row.state, revision: row.revision, attempt: row.attempt,
    needsAttention: row.attention !== null,
    awaits: row.awaits_stage === null ? null : (JSON.parse(row.awaits_stage) as NonNullable<OrderFacts['awaits']>),
  }
}

export function unknownOrder(order: string): Result<never> {
  return refuse('KS-ORDER-UNKNOWN', `There is no order ${order} here.`, 'Check the reference and the tenant.', { order })
}

/** Appends the event of a step; returns its id, which causes the next one. `price` is given where it is at hand already. */
export function appendStep(
  writer: TenantWriter, row: OrderRow, step: OrderStep, document: OrderDocument | null, invocation: Invocation, causationId: string | null,
  price?: ConfirmedPrice | null,
): string {
  const about = { orderId: row.id, orderNo: row.order_no, orgpath: row.orgpath, causationId }
  const profileVersion = writer.store.activeProfileVersion()
  switch (step.step) {
    case 'submitted': return writer.append('keelson.order.submitted.v1', { revision: row.revision, profileVersion }, invocation, about).id
    case 'amended': {
      if (document === null) throw new Error('an amendment without a document')
      const account = registerAccount(writer, document, invocation)
      if (!account.ok) throw new Error(account.refusal.message)
      const { sealed } = writer.sealDocument(document, account.value.id)
      return writer.append('keelson.order.amended.v1', {
        revision: step.revision, document: sealed, profileVersion: row.state === 'draft' ? 0 : profileVersion,
      }, invocation, about).id
    }
    case 'recomposed': return writer.append('keelson.order.recomposed.v1', { revision: step.revision, profileVersion }, invocation, about).id
    case 'retried': return writer.append('keelson.order.retried.v1', { revision: row.revision, attempt: step.attempt }, invocation, about).id
    case 'approval-given': return writer.append('keelson.order.approval-given.v1', { revision: row.revision, stage: step.stage }, invocation, about).id
    case 'approved': return writer.append('keelson.order.approved.v1', { revision: row.revision, attempt: row.attempt, answer: null, receipt: null }, invocation, about).id
    case 'rejected': return writer.append('keelson.order.rejected.v1', {
      revision: row.revision, attempt: row.attempt, reference: row.reference, account: row.account, answer: null, receipt: null,
    }, invocation, about).id
    case 'confirmed': return writer.append('keelson.order.confirmed.v2', {
      revision: row.revision, reference: row.reference, account: row.account, price: price === undefined ? priceOf(writer, row) : price,
    }, invocation, about).id
    case 'fulfilled': return writer.append('keelson.order.fulfilled.v1', { revision: row.revision }, invocation, about).id
    case 'closed': return writer.append('keelson.order.closed.v1', { revision: row.revision }, invocation, about).id
    case 'cancelled': return writer.append('keelson.order.cancelled.v1', { revision: row.revision }, invocation, about).id
  }
}

function submitterOf(writer: TenantWriter, row: OrderRow): string | null {
  return writer.statements.get<[number], { actor: string | null }>(`SELECT ${submitterOfOrder('?')} AS actor`).get(row.order_no)?.actor ?? null
}

function priceOf(writer: TenantWriter, row: OrderRow): ConfirmedPrice | null {
  const found = writer.statements.get<[number, number], { body: string }>(`
    SELECT e.body FROM decisions d JOIN events e USING (position)
    WHERE d.order_no = ? AND d.revision = ? AND d.kind = 'pricing' ORDER BY d.attempt DESC LIMIT 1`).get(row.order_no, row.revision)
  if (found === undefined) return null
  const { answer } = (JSON.parse(found.body) as EventEnvelope<{ readonly answer?: PricingDecision }>).data
  return answer?.outcome === 'priced' ? confirmedPrice(answer) : null
}

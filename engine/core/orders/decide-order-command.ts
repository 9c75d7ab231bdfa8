import { ok, refuse, type Result } from '../refusal.ts'
import { afterApproval, type Approver, type AwaitedApproval, mayApprove } from './approval.ts'
import type { OrderState } from './order-state.ts'

/** What the core knows of an order when it decides a command on it. */
export interface OrderFacts {
  readonly reference: string
  readonly account: string
  readonly state: OrderState
  readonly revision: number
  readonly attempt: number
  readonly needsAttention: boolean
  /** The approval that is asked for; null where none is. */
  readonly awaits: AwaitedApproval | null
}

export type OrderCommand =
  | { readonly kind: 'submit' }
  | { readonly kind: 'amend' }
  | { readonly kind: 'cancel' }
  /** `by` is null for whoever may reject any order; anybody else rejects what waits for their decision. */
  | { readonly kind: 'reject'; readonly by: Approver | null }
  | { readonly kind: 'approve'; readonly stage: string; readonly by: Approver }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'fulfil' }
  | { readonly kind: 'close' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'recompose' }

export type OrderStep =
  | { readonly step: 'submitted' | 'rejected' | 'confirmed' | 'fulfilled' | 'closed' | 'cancelled' | 'approved' }
  | { readonly step: 'amended' | 'recomposed'; readonly revision: number }
  | { readonly step: 'retried'; readonly attempt: number }
  | { readonly step: 'approval-given'; readonly stage: string }

const OPEN: readonly OrderState[] = ['submitted', 'validated', 'priced', 'approved']

/** States in which each command may be given. The table is the rule; the database holds the same transitions. */
const ALLOWED: Readonly<Record<OrderCommand['kind'], readonly OrderState[]>> = {
  submit: ['draft'],
  amend: ['draft', ...OPEN],
  cancel: ['draft', ...OPEN, 'confirmed'],
  reject: OPEN,
  approve: ['priced'],
  confirm: ['approved'],
  fulfil: ['confirmed'],
  close: ['fulfilled'],
  retry: ['submitted', 'validated', 'priced'],
  recompose: OPEN,
}

export const ORDER_COMMANDS = Object.keys(ALLOWED) as readonly OrderCommand['kind'][]

/** True where the state alone lets the command through; what else it needs, `decideOrderCommand` says. */
export function stateAllows(kind: OrderCommand['kind'], state: OrderState): boolean {
  return ALLOWED[kind].includes(state)
}

/**
 * Decides a person's command on an order: which steps follow, or why none does. `revision` is the one the person saw;
 * a command for another revision is refused, so that an approval never lands on a price that nobody saw.
 */
export function decideOrderCommand(order: OrderFacts, command: OrderCommand, revision: number, confirmation: 'automatic' | 'manual'): Result<readonly OrderStep[]> {
  if (revision !== order.revision) {
    return refuse('KS-ORDER-REVISION', `Order ${order.reference} has been changed: it is at revision ${order.revision}, not ${revision}.`,
      'Look at the order as it is now, then decide again.', { reference: order.reference, revision: order.revision, given: revision })
  }
  if (!stateAllows(command.kind, order.state)) {
    return refuse('KS-ORDER-STATE', `Order ${order.reference} is ${order.state}; it cannot be ${PAST[command.kind]} now.`,
      'Look at the order as it is now.', { reference: order.reference, state: order.state, command: command.kind })
  }
  switch (command.kind) {
    case 'submit': return ok([{ step: 'submitted' }])
    case 'amend': return ok([{ step: 'amended', revision: order.revision + 1 }])
    case 'recompose': return ok([{ step: 'recomposed', revision: order.revision + 1 }])
    case 'cancel': return ok([{ step: 'cancelled' }])
    case 'reject': return reject(order, command.by)
    case 'confirm': return ok([{ step: 'confirmed' }])
    case 'fulfil': return ok([{ step: 'fulfilled' }])
    case 'close': return ok([{ step: 'closed' }])
    case 'retry': return order.needsAttention
      ? ok([{ step: 'retried', attempt: order.attempt + 1 }])
      : refuse('KS-ORDER-NOTHING-TO-RETRY', `Nothing of order ${order.reference} has failed.`, 'There is nothing to do.', { reference: order.reference })
    case 'approve': return approve(order, command, confirmation)
  }
}

function approve(order: OrderFacts, { stage, by }: Extract<OrderCommand, { kind: 'approve' }>, confirmation: 'automatic' | 'manual'): Result<readonly OrderStep[]> {
  const may = mayApprove(order.reference, order.awaits, stage, by)
  if (!may.ok) return may
  const given: OrderStep = { step: 'approval-given', stage }
  if (order.awaits !== null && afterApproval(order.awaits, stage, by.id, 0).open !== null) return ok([given])
  return ok(confirmation === 'automatic' ? [given, { step: 'approved' }, { step: 'confirmed' }] : [given, { step: 'approved' }])
}

/** Whoever may approve the open stage may reject the order there. */
function reject({ reference, awaits }: OrderFacts, by: Approver | null): Result<readonly OrderStep[]> {
  if (by !== null) {
    if (awaits === null || awaits.open === null) {
      return refuse('KS-APPROVAL-NOT-ASKED', `Order ${reference} waits for nobody's approval, and you may not reject orders otherwise.`,
        'Ask someone who may reject any order.', { reference })
    }
    const may = mayApprove(reference, awaits, awaits.open, by)
    if (!may.ok) return may
  }
  return ok([{ step: 'rejected' }])
}

const PAST: Readonly<Record<OrderCommand['kind'], string>> = {
  submit: 'submitted', amend: 'amended', cancel: 'cancelled', reject: 'rejected', approve: 'approved', confirm: 'confirmed', fulfil: 'fulfilled',
  close: 'closed', retry: 'retried', recompose: 'decided again',
}

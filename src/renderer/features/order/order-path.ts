import type { OrderState } from '#engine/core/orders/order-state.ts'
import type { QueryOutput } from '../../app/queries.ts'

export type OrderPageData = QueryOutput<'order'>
export type LoggedEvent = OrderPageData['events'][number]

export interface PathStep {
  readonly state: OrderState
  readonly at: 'done' | 'current' | 'attention' | 'ended' | 'ahead'
  /** When the order got there, in its present revision. */
  readonly time: string | null
}

const WAY: readonly OrderState[] = ['draft', 'submitted', 'validated', 'priced', 'approved', 'confirmed', 'fulfilled', 'closed']

const REACHED_BY: Readonly<Record<string, OrderState>> = {
  'order.drafted': 'draft', 'order.submitted': 'submitted', 'order.amended': 'submitted', 'order.recomposed': 'submitted', 'order.validated': 'validated',
  'order.priced': 'priced', 'order.approved': 'approved', 'order.confirmed': 'confirmed', 'order.fulfilled': 'fulfilled', 'order.closed': 'closed',
  'order.rejected': 'rejected', 'order.cancelled': 'cancelled',
}

/** `keelson.order.drafted.v2` → `order.drafted` */
export function shortType(type: string): string {
  return type.replace(/^keelson\./, '').replace(/\.v\d+$/, '')
}

/** Where the order has been, where it stands and what is ahead, from its own events. An ended order shows where it ended. */
export function orderPath(order: OrderPageData['order'], events: readonly LoggedEvent[]): readonly PathStep[] {
  const times = new Map<OrderState, string>()
  for (const event of events) {
    const state = REACHED_BY[shortType(event.type)]
    if (state === undefined) continue
    times.set(state, event.time)
    // A new revision goes its way again from here.
    if (state === 'submitted') for (const later of WAY.slice(2)) times.delete(later)
  }
  const { state } = order
  if (state === 'rejected' || state === 'cancelled') {
    const been = WAY.filter(each => times.has(each)).map((each): PathStep => ({ state: each, at: 'done', time: times.get(each) ?? null }))
    return [...been, { state, at: 'ended', time: times.get(state) ?? null }]
  }
  const now = WAY.indexOf(state)
  return WAY.map((each, index): PathStep => ({
    state: each, time: index <= now ? times.get(each) ?? null : null,
    at: index < now || each === 'closed' && state === 'closed' ? 'done' : index > now ? 'ahead' : order.needsAttention === null ? 'current' : 'attention',
  }))
}

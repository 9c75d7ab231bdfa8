import type { EventView, ReactorAnswer, ReactorInput } from '#engine/contracts/v1/index.ts'

type Occasion = 'confirmed' | 'failed' | 'rejected'

export interface Config {
  /** Entry of the profile's `integrations`, and what it is. */
  readonly target: string
  readonly kind: 'webhook' | 'file'
  readonly on: readonly Occasion[]
}

const OCCASIONS: Readonly<Record<string, Occasion>> = Object.freeze({
  'keelson.order.confirmed.v1': 'confirmed',
  'keelson.decision.failed.v1': 'failed',
  'keelson.order.rejected.v1': 'rejected',
})

/** Tells one receiver what became of orders: each event once, under a key that stays the same when it is sent again. */
export function react({ event }: ReactorInput, { target, kind, on }: Config): ReactorAnswer {
  const occasion = Object.hasOwn(OCCASIONS, event.type) ? OCCASIONS[event.type] : undefined
  if (occasion === undefined || !on.includes(occasion)) return { deliveries: [] }
  return { deliveries: [{ kind, key: occasion, target, payload: payloadOf(event, occasion) }] }
}

/** Standard Webhooks' shape: type, timestamp, data. */
function payloadOf(event: EventView, occasion: Occasion) {
  return {
    type: `order.${occasion}`,
    timestamp: event.time,
    data: { eventId: event.id, eventType: event.type, source: event.source, orderId: event.subject, orgpath: event.orgpath, details: event.data },
  }
}

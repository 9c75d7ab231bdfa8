import type { DueDelivery } from '#engine/projections/engine-reads.ts'

/** What an attempt to deliver came to. `again` is for what may pass by itself; `never` is parked at once. */
export type Attempt =
  | { readonly ok: true }
  | { readonly ok: false; readonly retry: 'again' | 'never'; readonly code: string; readonly message: string; readonly remedy: string }

/** The idempotency key that the receiver sees; the same for every attempt. */
export function idempotencyKey(delivery: DueDelivery): string {
  return `msg_${delivery.event_id}_${delivery.pack}_${delivery.key}`
}

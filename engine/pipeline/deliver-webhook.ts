import { Webhook } from 'standardwebhooks'
import type { Clock } from '#engine/core/ports.ts'
import type { DeliveryTarget } from '#engine/packs/composition.ts'
import type { DueDelivery } from '#engine/projections/engine-reads.ts'
import { idempotencyKey, type Attempt } from './attempt.ts'

const TIMEOUT_MS = 15_000

/** Posts one delivery, signed after Standard Webhooks 1.0 (https://www.standardwebhooks.com). */
export async function deliverWebhook(target: Extract<DeliveryTarget, { kind: 'webhook' }>, delivery: DueDelivery, clock: Clock): Promise<Attempt> {
  if (target.secret === '') {
    return { ok: false, retry: 'never', code: 'KS-DELIVERY-SECRET', message: 'The secret of the webhook is not on this site.', remedy: 'Publish the profile again with its secret, then replay.' }
  }
  const id = idempotencyKey(delivery)
  const sentAt = new Date(clock.now())
  try {
    const response = await fetch(target.url, {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS), body: delivery.payload,
      headers: {
        'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': new Webhook(target.secret).sign(id, sentAt, delivery.payload),
      },
    })
    await response.body?.cancel()
    if (response.ok) return { ok: true }
    // 410 Gone: the receiver says that it wants no more.
    return failed(response.status === 410 ? 'never' : 'again', `${new URL(target.url).host} answered ${response.status}`)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : (error as Error).message
    return failed('again', `${new URL(target.url).host} could not be reached: ${cause}`)
  }
}

function failed(retry: 'again' | 'never', what: string): Attempt {
  return {
    ok: false, retry, code: 'KS-DELIVERY-WEBHOOK', message: `The webhook was not taken: ${what}.`,
    remedy: 'Check the receiver and the address in the profile; replay when it is well.',
  }
}

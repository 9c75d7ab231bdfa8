import type { DeliveryOutcome } from '#engine/commands/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock } from '#engine/core/ports.ts'
import type { EngineLog } from '#engine/engine.ts'
import type { Composition, DeliveryTarget } from '#engine/packs/composition.ts'
import type { DueDelivery } from '#engine/projections/engine-reads.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { Attempt } from './attempt.ts'
import { deliverFiles } from './deliver-files.ts'
import { deliverWebhook } from './deliver-webhook.ts'
import { BackgroundWork } from './loop.ts'
import type { Timers } from './timers.ts'

const PAGE = 500
const WEBHOOKS_AT_ONCE = 8
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits before each further attempt, as senders of Standard Webhooks do; after the last one the delivery is parked. */
export const RETRY_WAITS_MS: readonly number[] = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR]

export interface DeliveryPorts {
  readonly tenant: string
  readonly outboxFolder: (name: string) => string
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly clock: Clock
  readonly log: EngineLog
  readonly timers: Timers
  activeComposition(): Promise<Composition | null>
  invocation(): Invocation
}

/** Carries out what reactors asked for: at least once, each with its idempotency key, retried with growing waits. */
export class DeliveryRunner extends BackgroundWork {
  readonly #ports: DeliveryPorts
  #cancelDue: (() => void) | null = null

  constructor(ports: DeliveryPorts) {
    super('deliveries', ports)
    this.#ports = ports
  }

  override async stop(): Promise<void> {
    this.#cancelDue?.()
    await super.stop()
  }

  protected override async pass(): Promise<void> {
    const { tenant, reader, writer, clock, timers } = this.#ports
    for (;;) {
      const { due, nextAt } = await reader.read(tenant, 'due-deliveries', { now: clock.now(), limit: PAGE })
      if (due.length === 0 || this.loop.stopped) {
        this.#cancelDue?.()
        this.#cancelDue = nextAt === null ? null : timers.after(Math.max(0, nextAt - clock.now()), () => this.wake())
        return
      }
      const targets = (await this.#ports.activeComposition())?.targets ?? {}
      const outcomes = await this.#deliver(due, targets)
      const result = await writer.run(tenant, 'record-deliveries', { outcomes }, this.#ports.invocation(), 'bulk')
      if (!result.ok) throw new Error(`${result.refusal.code} ${result.refusal.message}`)
    }
  }

  async #deliver(due: readonly DueDelivery[], targets: Composition['targets']): Promise<DeliveryOutcome[]> {
    const outcomes: DeliveryOutcome[] = []
    const webhooks: { readonly delivery: DueDelivery; readonly target: Extract<DeliveryTarget, { kind: 'webhook' }> }[] = []
    const files = new Map<string, { readonly folder: string; readonly deliveries: DueDelivery[] }>()
    for (const delivery of due) {
      const target = targets[delivery.target]
      if (target === undefined) outcomes.push(this.#outcome(delivery, unknownTarget(delivery.target)))
      else if (target.kind === 'webhook') webhooks.push({ delivery, target })
      else {
        const name = `${target.folder}\n${delivery.batch}`
        const same = files.get(name)
        if (same === undefined) files.set(name, { folder: target.folder, deliveries: [delivery] })
        else same.deliveries.push(delivery)
      }
    }
    for (const { folder, deliveries } of files.values()) {
      const attempt = deliverFiles(this.#ports.outboxFolder(folder), deliveries)
      for (const delivery of deliveries) outcomes.push(this.#outcome(delivery, attempt))
    }
    for (let from = 0; from < webhooks.length; from += WEBHOOKS_AT_ONCE) {
      const group = webhooks.slice(from, from + WEBHOOKS_AT_ONCE)
      const attempts = await Promise.all(group.map(({ delivery, target }) => deliverWebhook(target, delivery, this.#ports.clock)))
      for (const [index, { delivery }] of group.entries()) {
        const attempt = attempts[index]
        if (attempt !== undefined) outcomes.push(this.#outcome(delivery, attempt))
      }
    }
    return outcomes
  }

  #outcome(delivery: DueDelivery, attempt: Attempt): DeliveryOutcome {
    if (attempt.ok) return { deliveryNo: delivery.delivery_no, state: 'delivered', nextAt: 0, failure: null }
    const wait = RETRY_WAITS_MS[delivery.attempts]
    this.#ports.log.warn({ tenant: this.#ports.tenant, eventId: delivery.event_id, target: delivery.target, attempt: delivery.attempts + 1, code: attempt.code }, 'a delivery failed')
    if (attempt.retry === 'again' && wait !== undefined) {
      return { deliveryNo: delivery.delivery_no, state: 'again', nextAt: this.#ports.clock.now() + wait, failure: null }
    }
    return { deliveryNo: delivery.delivery_no, state: 'parked', nextAt: 0, failure: attempt }
  }
}

function unknownTarget(target: string): Attempt {
  return {
    ok: false, retry: 'never', code: 'KS-DELIVERY-TARGET', message: `The profile has no target "${target}".`,
    remedy: 'Add it under "integrations" in the profile, then replay.',
  }
}

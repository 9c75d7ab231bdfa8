import type { Clock } from '#engine/core/ports.ts'
import type { JobView } from '#engine/jobs/job-runner.ts'
import type { RunCounts } from '#engine/log/event-types.ts'
import { asksExposure } from '#engine/packs/composed-packs.ts'
import type { Composition } from '#engine/packs/composition.ts'
import type { PackHostClient } from '#engine/packs/pack-host-client.ts'
import type { DecidedOrder, DecideStep } from '#engine/packs/pack-host.ts'
import type { ImpactOrder } from '#engine/projections/impact-orders.ts'
import type { ComparedOrder, RunProgress } from '#engine/projections/run-results.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { ImpactPlan } from './impact-plan.ts'

/** Orders that are decided in one go, by both sides. */
const BATCH = 1000

/** Who decides: what was, by the profile version of an order where each has its own, and what would be. */
export interface Sides {
  readonly before: (version: number) => Promise<Composition>
  readonly after: Composition
}

interface Opened {
  readonly plan: ImpactPlan
  readonly progress: RunProgress
  readonly sides: Sides
  readonly host: PackHostClient
}

interface RunPorts {
  readonly tenant: string
  readonly runId: string
  readonly reader: ReaderPool
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly tell: () => void
  readonly open: () => Promise<Opened>
}

const NOTHING_YET: RunProgress = { after: 0, orders: 0, unchanged: 0, changed: 0, failed: 0, elapsedMs: 0 }

/**
 * One run from where it stands to its end. While both sides decide one batch, the next is read and the one before is compared
 * and kept, with how far the run is: after a kill it goes on from there.
 */
export class ImpactRun {
  readonly #ports: RunPorts
  #progress = NOTHING_YET
  #begunWith = 0
  #total = 0
  #phase: 'starting' | 'remembering' | 'comparing' = 'starting'
  #remembered = 0

  constructor(ports: RunPorts) {
    this.#ports = ports
  }

  async run(): Promise<void> {
    const startedMs = this.#ports.clock.now()
    const { plan, progress, sides, host } = await this.#ports.open()
    this.#progress = progress
    this.#begunWith = progress.orders
    this.#total = plan.scope.orders
    try {
      const exposure = await needsExposure(sides, plan, this.#ports)
      // The host starts while the accounts' past is gathered.
      const ready = host.decide(sides.after, [])
      if (exposure || plan.scope.attributed) await this.#remember(plan, exposure)
      await ready
      this.#phase = 'comparing'
      await this.#compare({ plan, sides, host, exposure, startedMs: startedMs - progress.elapsedMs })
    } finally {
      await host.close()
    }
  }

  /** What the run came to so far, for good. */
  async sumUp(): Promise<{ readonly counts: RunCounts; readonly durationMs: number }> {
    const { tenant, runId, reader } = this.#ports
    await reader.read(tenant, 'sum-up-run', { runId }, 'housekeeping')
    return { counts: countsOf(this.#progress), durationMs: this.#progress.elapsedMs }
  }

  live(seconds: number): Partial<JobView> {
    const here = this.#progress.orders - this.#begunWith
    const comparing = this.#phase === 'comparing'
    const fraction = comparing && this.#total > 0 ? Math.min(1, this.#progress.orders / this.#total) : this.#phase === 'remembering' ? this.#remembered : null
    const rate = here / seconds
    return {
      phase: this.#phase, fraction, run: countsOf(this.#progress), ratePerSecond: comparing ? Math.round(rate) : null,
      secondsLeft: comparing && rate > 0 ? Math.ceil((this.#total - this.#progress.orders) / rate) : null,
    }
  }

  async #remember({ scope }: ImpactPlan, exposure: boolean): Promise<void> {
    const { tenant, runId, reader, signal, tell } = this.#ports
    this.#phase = 'remembering'
    for (let done = false; !done;) {
      signal.throwIfAborted()
      const step = await reader.read(tenant, 'extend-run-history', { runId, scope, exposure }, 'bulk')
      done = step.done
      this.#remembered = step.fraction
      tell()
    }
  }

  async #compare({ plan: { scope }, sides, host, exposure, startedMs }: Omit<Opened, 'progress'> & { readonly exposure: boolean; readonly startedMs: number }): Promise<void> {
    const { tenant, runId, reader, clock, signal, tell } = this.#ports
    const read = (after: number): Promise<ImpactOrder[]> => reader.read(tenant, 'impact-orders', { runId, scope, after, limit: BATCH, exposure }, 'bulk')
    let keeping: Promise<void> = Promise.resolve()
    let next = read(this.#progress.after)
    try {
      for (;;) {
        const orders = await next
        const last = orders.at(-1)
        if (last === undefined) break
        signal.throwIfAborted()
        next = read(last.key)
        const [before, after] = await Promise.all([decideBefore(sides, host, orders), host.decide(sides.after, orders)])
        await keeping
        const compared = differing(orders, before, after)
        keeping = reader.read(tenant, 'record-impact', { runId, after: last.key, orders: orders.length, elapsedMs: clock.now() - startedMs, compared }, 'housekeeping')
          .then(progress => {
            this.#progress = progress
            tell()
          })
        // Looked at with the next batch; until then it is not left unhandled.
        keeping.catch(() => undefined)
      }
    } finally {
      await next.catch(() => undefined)
      await keeping
    }
  }
}

/** With what each order had, or the one that all are compared against: in one go for each version. */
async function decideBefore({ before }: Sides, host: PackHostClient, orders: readonly ImpactOrder[]): Promise<readonly DecidedOrder[]> {
  const decided = new Map<number, DecidedOrder>()
  const groups = new Map<Composition, ImpactOrder[]>()
  for (const order of orders) {
    const composition = await before(order.profileVersion)
    const group = groups.get(composition)
    if (group === undefined) groups.set(composition, [order])
    else group.push(order)
  }
  for (const [composition, group] of groups) for (const answer of await host.decide(composition, group)) decided.set(answer.key, answer)
  return orders.map(({ key }) => decided.get(key) ?? missing(key))
}

/** What is not the same text on both sides, or failed on one; the rest cannot differ. */
function differing(orders: readonly ImpactOrder[], before: readonly DecidedOrder[], after: readonly DecidedOrder[]): ComparedOrder[] {
  return orders.flatMap(({ view: _view, from: _from, price: _price, ...order }, index): ComparedOrder[] => {
    const was = before[index] ?? missing(order.key)
    const is = after[index] ?? missing(order.key)
    if (was.key !== order.key || is.key !== order.key) throw new Error('the pack host answered in another order')
    return sameSteps(was.steps, is.steps) ? [] : [{ order, before: was.steps, after: is.steps }]
  })
}

function sameSteps(before: readonly DecideStep[], after: readonly DecideStep[]): boolean {
  return before.length === after.length && before.every((step, index) => {
    const other = after[index]
    return other !== undefined && step.ok && other.ok && step.kind === other.kind && step.answer === other.answer
  })
}

function missing(key: number): never {
  throw new Error(`the pack host did not answer for order ${key}`)
}

async function needsExposure({ before, after }: Sides, { profileVersion }: ImpactPlan, { reader, tenant }: RunPorts): Promise<boolean> {
  const versions = profileVersion === null ? (await reader.read(tenant, 'profile-versions', {})).map(({ version }) => version) : [profileVersion]
  const all = [after, ...await Promise.all(versions.map(before))]
  return all.some(asksExposure)
}

function countsOf({ orders, unchanged, changed, failed }: RunProgress): RunCounts {
  return { orders, unchanged, changed, failed }
}

import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock } from '#engine/core/ports.ts'
import type { EngineLog } from '#engine/engine.ts'
import { BackgroundWork } from '#engine/pipeline/loop.ts'
import type { Timers } from '#engine/pipeline/timers.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import { effectOf, profileOf } from './published-profile.ts'
import type { TenantRuntime } from './tenant-runtime.ts'

/** A machine that sleeps stops its timers: the clock is looked at this often while a version waits. */
const LONGEST_WAIT_MS = 60_000

export interface SchedulePorts {
  readonly tenant: string
  readonly reader: ReaderPool
  readonly clock: Clock
  readonly log: EngineLog
  readonly timers: Timers
  readonly runtime: TenantRuntime
  invocation(): Invocation
}

/** Makes the scheduled version of the profile active when its time comes; after a restart, what came due meanwhile. */
export class ProfileSchedule extends BackgroundWork {
  readonly #ports: SchedulePorts
  #cancelDue: (() => void) | null = null

  constructor(ports: SchedulePorts) {
    super('profile schedule', ports)
    this.#ports = ports
  }

  override async stop(): Promise<void> {
    this.#cancelDue?.()
    await super.stop()
  }

  protected override async pass(): Promise<void> {
    const { tenant, reader, clock, timers, runtime } = this.#ports
    this.#cancelDue?.()
    this.#cancelDue = null
    const row = await reader.read(tenant, 'scheduled-profile', {})
    if (row === null || this.loop.stopped) return
    const waitMs = row.effective_at - clock.now()
    if (waitMs > 0) {
      this.#cancelDue = timers.after(Math.min(waitMs, LONGEST_WAIT_MS), () => this.wake())
      return
    }
    const effect = effectOf(profileOf(row), await runtime.compositionOf(row.version))
    const result = await runtime.run('activate-profile', { version: row.version, effect }, this.#ports.invocation())
    if (!result.ok) throw new Error(`${result.refusal.code} ${result.refusal.message}`)
    if (result.value.activated) await runtime.activated()
  }
}

import type { EngineLog } from '#engine/engine.ts'
import type { Timers } from './timers.ts'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000

/**
 * A piece of work that runs until there is nothing left, sleeps until it is woken, and tries again with a growing wait
 * when it fails. One turn at a time, however often it is woken.
 */
class Loop {
  readonly #name: string
  readonly #work: () => Promise<void>
  readonly #log: EngineLog
  readonly #timers: Timers
  #running: Promise<void> | null = null
  #again = false
  #stopped = false
  #failures = 0
  #cancelWait: (() => void) | null = null

  constructor(name: string, log: EngineLog, timers: Timers, work: () => Promise<void>) {
    this.#name = name
    this.#log = log
    this.#timers = timers
    this.#work = work
  }

  get stopped(): boolean {
    return this.#stopped
  }

  get failures(): number {
    return this.#failures
  }

  wake(): void {
    if (this.#stopped) return
    this.#cancelWait?.()
    this.#cancelWait = null
    if (this.#running !== null) {
      this.#again = true
      return
    }
    // A turn later: work that fails at once would leave before it is noted here, and stand here for ever.
    this.#running = Promise.resolve().then(() => this.#run())
  }

  /** Wakes it and resolves once it has nothing left to do (or waits after a failure). */
  async drained(): Promise<void> {
    this.wake()
    while (this.#running !== null) await this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelWait?.()
    await this.#running
  }

  async #run(): Promise<void> {
    do {
      this.#again = false
      try {
        await this.#work()
        this.#failures = 0
      } catch (error) {
        if (!this.#stopped) this.#tryLater(error)
        break
      }
    } while (this.#again && !this.#stopped)
    // In the same breath as the question whether it was woken: a wake between the two would be lost.
    this.#running = null
  }

  #tryLater(error: unknown): void {
    this.#failures++
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1))
    this.#log.error({ error, loop: this.#name, failures: this.#failures, waitMs }, 'background work failed and will be tried again')
    this.#cancelWait = this.#timers.after(waitMs, () => this.wake())
  }
}

/** Background work of a tenant with a loop of its own: what the tenant's runtime wakes, waits for and stops. */
export abstract class BackgroundWork {
  protected readonly loop: Loop

  constructor(name: string, { tenant, log, timers }: { readonly tenant: string; readonly log: EngineLog; readonly timers: Timers }) {
    this.loop = new Loop(`${name} ${tenant}`, log, timers, () => this.pass())
  }

  wake(): void {
    this.loop.wake()
  }

  drained(): Promise<void> {
    return this.loop.drained()
  }

  stop(): Promise<void> {
    return this.loop.stop()
  }

  /** Does what there is to do and returns when there is nothing left. */
  protected abstract pass(): Promise<void>
}

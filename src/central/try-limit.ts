import type { Clock } from '#engine/core/ports.ts'

const TRIES = 10
const WINDOW_MS = 10 * 60_000
/** Beyond this many names the oldest are forgotten: memory is bounded, whoever asks. */
const MOST_NAMES = 10_000

/** Counts failed tries by name, e.g. an address: ten in ten minutes, then a pause until these are over. */
export class TryLimit {
  readonly #clock: Clock
  readonly #failed = new Map<string, { count: number; readonly untilMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How long this name has to wait; 0 when it may try. */
  waitMs(name: string): number {
    const known = this.#failed.get(name)
    return known === undefined || known.count < TRIES ? 0 : Math.max(0, known.untilMs - this.#clock.now())
  }

  failed(name: string): void {
    const nowMs = this.#clock.now()
    const known = this.#failed.get(name)
    if (known !== undefined && known.untilMs > nowMs) {
      known.count += 1
      return
    }
    this.#failed.delete(name)
    this.#failed.set(name, { count: 1, untilMs: nowMs + WINDOW_MS })
    const [oldest] = this.#failed.keys()
    if (this.#failed.size > MOST_NAMES && oldest !== undefined) this.#failed.delete(oldest)
  }
}

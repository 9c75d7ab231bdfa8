import type { Clock } from '#engine/core/ports.ts'
import type { Timers } from '#engine/sync/ports.ts'

/** A clock and timers that move only when told to. */
export class FakeTime implements Clock, Timers {
  #now: number
  #next = 0
  readonly #waiting = new Map<number, { readonly at: number; readonly ms: number; readonly run: () => void }>()

  constructor(startMs = Date.parse('2026-11-21T00:00:00Z')) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const id = this.#next
    this.#next += 1
    this.#waiting.set(id, { at: this.#now + ms, ms, run })
    return () => void this.#waiting.delete(id)
  }

  /** What each waiting timer was asked to wait, soonest first. */
  waits(): number[] {
    return [...this.#waiting.values()].sort((a, b) => a.at - b.at).map((timer) => timer.ms)
  }

  /** Moves the clock; what falls due runs, in order. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const [due] = [...this.#waiting].filter(([, timer]) => timer.at <= until).sort(([, a], [, b]) => a.at - b.at)
      if (due === undefined) break
      this.#waiting.delete(due[0])
      this.#now = Math.max(this.#now, due[1].at)
      due[1].run()
    }
    this.#now = until
  }
}

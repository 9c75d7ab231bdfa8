/** An engine that ran this long was well; what ended it is taken for a single mishap. */
const WELL_AFTER_MS = 30_000
const FIRST_MS = 50
const LONGEST_MS = 15_000

/** How long to wait before the next start: at once for a single mishap, longer each time it ends soon after its start. */
export class RestartDelay {
  #soon = 0

  next(ranMs: number): number {
    this.#soon = ranMs >= WELL_AFTER_MS ? 0 : this.#soon + 1
    return Math.min(FIRST_MS * 3 ** Math.max(0, this.#soon - 1), LONGEST_MS)
  }
}

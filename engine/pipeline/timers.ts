/** Waiting, as whoever starts the engine has it; tests drive it by hand. `after` returns what cancels it. */
export interface Timers {
  after(ms: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

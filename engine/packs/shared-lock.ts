/**
 * Many share, one excludes. An investigation of what kills the pack host excludes all other batches: otherwise they
 * would die with it and look guilty.
 */
export class SharedLock {
  #sharing = 0
  #excluded = false
  readonly #waiting: { readonly exclusive: boolean; readonly begin: () => void }[] = []

  async shared<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter(false)
    try {
      return await work()
    } finally {
      this.#sharing--
      this.#next()
    }
  }

  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter(true)
    try {
      return await work()
    } finally {
      this.#excluded = false
      this.#next()
    }
  }

  #enter(exclusive: boolean): Promise<void> {
    return new Promise((begin) => {
      this.#waiting.push({ exclusive, begin })
      this.#next()
    })
  }

  /** First come, first served, so that neither kind waits for ever. */
  #next(): void {
    for (;;) {
      const first = this.#waiting[0]
      if (first === undefined || this.#excluded || (first.exclusive && this.#sharing > 0)) return
      this.#waiting.shift()
      if (first.exclusive) this.#excluded = true
      else this.#sharing++
      first.begin()
    }
  }
}

/** Those who follow something long by its id, and are shown it as it changes. */
export class Followers {
  readonly #listeners = new Map<string, Set<() => void>>()

  /** Whoever follows it looks again. */
  tell(id: string): void {
    for (const listener of this.#listeners.get(id) ?? []) listener()
  }

  /** What `view` gives once it `isLast`. */
  async last<View>(id: string, { view, isLast }: { readonly view: () => View | Promise<View>; readonly isLast: (view: View) => boolean }): Promise<View> {
    let last = await view()
    for await (const now of this.follow(id, { signal: undefined, view, isLast })) last = now
    return last
  }

  /** What `view` gives, now and after each change, up to the one that `isLast`. Changes that come while one is looked at are one. */
  async *follow<View>(id: string, { signal, view, isLast }: {
    readonly signal: AbortSignal | undefined
    readonly view: () => View | Promise<View>
    readonly isLast: (view: View) => boolean
  }): AsyncGenerator<View> {
    let wakeUp: () => void = () => undefined
    let news = true
    const listener = (): void => {
      news = true
      wakeUp()
    }
    const listeners = this.#listeners.get(id) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(id, listeners)
    signal?.addEventListener('abort', listener)
    try {
      for (;;) {
        if (signal?.aborted === true) return
        if (!news) await new Promise<void>(resolve => { wakeUp = resolve })
        news = false
        const now = await view()
        yield now
        if (isLast(now)) return
      }
    } finally {
      signal?.removeEventListener('abort', listener)
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(id)
    }
  }
}

/**
 * Where a worker is, in memory that it shares with the host's main thread: a worker that loops says nothing any more,
 * but this still names the order and the pack it loops in.
 */
const TICK = 0
const ITEM = 1
const USE = 2
const PHASE = 3

export const PHASES = { waiting: 0, loading: 1, running: 2, answering: 3 } as const

export interface Place {
  /** Changes whenever the worker turns to another order, pack or phase. */
  readonly tick: number
  readonly item: number
  readonly use: number
  readonly phase: number
}

export class Progress {
  readonly #cells: Int32Array

  constructor(shared: SharedArrayBuffer) {
    this.#cells = new Int32Array(shared)
  }

  static share(): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)
  }

  loading(use: number): void {
    this.#enter(PHASES.loading, -1, use)
  }

  item(item: number): void {
    this.#enter(PHASES.running, item, -1)
  }

  /** Within an order: its time goes on. */
  use(use: number): void {
    Atomics.store(this.#cells, USE, use)
  }

  answering(): void {
    this.#enter(PHASES.answering, -1, -1)
  }

  read(): Place {
    return {
      tick: Atomics.load(this.#cells, TICK),
      item: Atomics.load(this.#cells, ITEM),
      use: Atomics.load(this.#cells, USE),
      phase: Atomics.load(this.#cells, PHASE),
    }
  }

  #enter(phase: number, item: number, use: number): void {
    Atomics.store(this.#cells, USE, use)
    Atomics.store(this.#cells, ITEM, item)
    Atomics.store(this.#cells, PHASE, phase)
    Atomics.add(this.#cells, TICK, 1)
  }
}

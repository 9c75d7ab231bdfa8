import type { EngineLog } from '#engine/engine.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import { BackgroundWork } from './loop.ts'
import type { Timers } from './timers.ts'

/** How long what was written waits for its words to be indexed; while more comes in, a slice is taken this often. */
const PAUSE_MS = 1000

interface IndexerPorts {
  readonly tenant: string
  readonly reader: ReaderPool
  readonly log: EngineLog
  readonly timers: Timers
}

/**
 * Keeps the index of item words behind the log. It gives way: while orders come in it takes a slice a second, which no import
 * feels, and the rest once it is quiet.
 */
export class WordIndexer extends BackgroundWork {
  readonly #ports: IndexerPorts
  #cancel: (() => void) | null = null

  constructor(ports: IndexerPorts) {
    super('item words', ports)
    this.#ports = ports
  }

  /** There are new events. */
  changed(): void {
    this.#cancel ??= this.#ports.timers.after(PAUSE_MS, () => {
      this.#cancel = null
      this.wake()
    })
  }

  override async stop(): Promise<void> {
    this.#cancel?.()
    await super.stop()
  }

  protected async pass(): Promise<void> {
    const { tenant, reader } = this.#ports
    while (!this.loop.stopped) {
      const { more } = await reader.read(tenant, 'index-item-words', {}, 'housekeeping')
      if (!more || this.#cancel !== null) return
    }
  }
}

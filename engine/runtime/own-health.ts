import type { Clock } from '#engine/core/ports.ts'
import type { EngineLog } from '#engine/engine.ts'

/** How often packs are asked how they are while nobody looks at their pages; longer than an idle pack host lives, which this must not keep alive. */
const ASK_EVERY_MS = 5 * 60_000

interface OwnHealthPorts {
  readonly tenant: string
  readonly clock: Clock
  readonly log: Pick<EngineLog, 'warn'>
  /** Whether the process runs in which packs answer. */
  isAwake(): boolean
  /** Asks every pack, which has `learn` called. */
  ask(): Promise<unknown>
}

/** What the packs of a tenant said of themselves last, for what is shown all the time and may wake no process for it. */
export class OwnHealth {
  readonly #ports: OwnHealthPorts
  #unwell: ReadonlySet<string> = new Set()
  #askedAt = -Infinity

  constructor(ports: OwnHealthPorts) {
    this.#ports = ports
  }

  /** Digests of the packs that said that they are unwell. */
  unwell(): ReadonlySet<string> {
    const { tenant, clock, log } = this.#ports
    if (this.#ports.isAwake() && clock.now() - this.#askedAt >= ASK_EVERY_MS) {
      this.#askedAt = clock.now()
      this.#ports.ask().catch((error: unknown) => { log.warn({ tenant, err: error }, 'packs could not be asked how they are') })
    }
    return this.#unwell
  }

  learn(unwell: ReadonlySet<string>): void {
    this.#unwell = unwell
    this.#askedAt = this.#ports.clock.now()
  }
}

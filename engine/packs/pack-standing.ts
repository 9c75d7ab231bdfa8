import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { failures } from '#engine/sandbox/failures.ts'
import type { HostUse } from '#engine/sandbox/protocol.ts'
import { type IncidentHistory, isTooHigh, NO_INCIDENTS, withDecisions, withIncident } from './incident-rate.ts'

/** Which packs may be asked, as far as their conduct goes. One standing for each (digest, contract, config). */
export class PackStanding {
  readonly #histories = new Map<string, IncidentHistory>()
  readonly #out = new Map<string, { readonly digest: string; readonly failure: StepFailure }>()

  /** Why this pack must not be asked, or null. */
  failure(use: HostUse): StepFailure | null {
    return this.#out.get(keyOf(use))?.failure ?? null
  }

  decided(use: HostUse, count: number): void {
    this.#histories.set(keyOf(use), withDecisions(this.#history(use), count))
  }

  /** True where this incident switched the pack off. */
  incident(use: HostUse, subject: string): boolean {
    const history = withIncident(this.#history(use), subject)
    this.#histories.set(keyOf(use), history)
    return isTooHigh(history) && this.#ban(use, failures.disabled(use))
  }

  unloadable(use: HostUse, failure: StepFailure): boolean {
    return this.#ban(use, failure)
  }

  quarantine(use: HostUse): boolean {
    return this.#ban(use, failures.quarantined(use))
  }

  readmit(digest: string): void {
    for (const [key, ban] of this.#out) {
      if (ban.digest !== digest) continue
      this.#out.delete(key)
      this.#histories.delete(key)
    }
  }

  #history(use: HostUse): IncidentHistory {
    return this.#histories.get(keyOf(use)) ?? NO_INCIDENTS
  }

  #ban(use: HostUse, failure: StepFailure): boolean {
    if (this.#out.has(keyOf(use))) return false
    this.#out.set(keyOf(use), { digest: use.digest, failure })
    return true
  }
}

function keyOf({ digest, contract, configDigest }: HostUse): string {
  return `${digest} ${contract} ${configDigest}`
}

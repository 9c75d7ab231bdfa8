import type { StepFailure } from '#engine/core/decisions/decision.ts'
import type { PipelineContract } from '#engine/contracts/v1/index.ts'
import { DEFAULT_POLICIES } from './default-policies.ts'
import { compartmentFor, type OpenModule } from './compartment.ts'
import { failures } from './failures.ts'
import type { HostUse } from './protocol.ts'
import { describeThrown } from './thrown.ts'

/** A pack ready to be asked, for one batch. `failure` stands where it could not be loaded. */
export interface LoadedUse {
  readonly use: HostUse
  readonly ask: ((input: unknown, config: unknown) => unknown) | null
  readonly config: unknown
  readonly failure: StepFailure | null
  /** A default: our own code, which answers without a look at its input. */
  readonly trusted: boolean
}

const EXPORT_OF: Readonly<Record<PipelineContract, string>> = {
  'validation-rule': 'validate', 'pricing-policy': 'price', 'approval-policy': 'approve', 'reactor': 'react',
}

/** Compartments of this worker: each belongs to one (digest, tenant, contract) for as long as the worker lives. */
export class Compartments {
  readonly #modules = new Map<string, OpenModule>()

  /** The module's closure is new at each call: what it remembers ends with the batch. */
  load(use: HostUse, tenant: string, code: string): LoadedUse {
    const config: unknown = JSON.parse(use.config)
    const builtIn = DEFAULT_POLICIES[use.entry]
    if (builtIn !== undefined) return { use, ask: builtIn, config, failure: null, trusted: true }
    try {
      const exported = Object.getOwnPropertyDescriptor(this.#module(use, tenant, code)(), EXPORT_OF[use.contract])?.value as unknown
      if (typeof exported !== 'function') throw new TypeError(`${use.entry} exports no function "${EXPORT_OF[use.contract]}"`)
      return { use, ask: exported as LoadedUse['ask'], config, failure: null, trusted: false }
    } catch (error) {
      return { use, ask: null, config, failure: failures.load(use, describeThrown(error)), trusted: false }
    }
  }

  #module(use: HostUse, tenant: string, code: string): OpenModule {
    const key = JSON.stringify([use.digest, tenant, use.contract, use.entry])
    let module = this.#modules.get(key)
    if (module === undefined) {
      module = compartmentFor(code)
      this.#modules.set(key, module)
    }
    return module
  }
}

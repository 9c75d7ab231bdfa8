import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { DEFAULT_POLICIES } from './default-policies.ts'
import { compartmentFor, type OpenModule } from './compartment.ts'
import { failures } from './failures.ts'
import { EXPORTS } from './module-functions.ts'
import type { HostUse } from './protocol.ts'
import { describeThrown } from './thrown.ts'

export type PackFunction = (...given: readonly unknown[]) => unknown

/** A pack ready to be asked, for one batch. `failure` stands where it could not be loaded. */
export interface LoadedUse {
  readonly use: HostUse
  /** What the module exports of its contract, by name; null where it could not be loaded. */
  readonly functions: ReadonlyMap<string, PackFunction> | null
  readonly config: unknown
  readonly failure: StepFailure | null
  /** A default: our own code, which answers without a look at its input. */
  readonly trusted: boolean
}

/** Compartments of this worker: each belongs to one (digest, tenant, contract) for as long as the worker lives. */
export class Compartments {
  readonly #modules = new Map<string, OpenModule>()

  /** The module's closure is new at each call: what it remembers ends with the batch. */
  load(use: HostUse, tenant: string, code: string): LoadedUse {
    const config: unknown = JSON.parse(use.config)
    const builtIn = DEFAULT_POLICIES[use.entry]
    if (builtIn !== undefined) return { use, functions: new Map([[policyFunction(use), builtIn as PackFunction]]), config, failure: null, trusted: true }
    try {
      return { use, functions: functionsOf(this.#module(use, tenant, code)(), use), config, failure: null, trusted: false }
    } catch (error) {
      return { use, functions: null, config, failure: failures.load(use, describeThrown(error)), trusted: false }
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

/** The one function of a policy. */
export function policyFunction({ contract }: HostUse): string {
  return EXPORTS[contract].required[0] as string
}

function functionsOf(module: object, { contract, entry }: HostUse): Map<string, PackFunction> {
  const { required, optional } = EXPORTS[contract]
  const functions = new Map<string, PackFunction>()
  for (const name of [...required, ...optional]) {
    const exported: unknown = Object.getOwnPropertyDescriptor(module, name)?.value
    if (typeof exported === 'function') functions.set(name, exported as PackFunction)
    else if (exported !== undefined || required.includes(name)) throw new TypeError(`${entry} exports no function "${name}"`)
  }
  return functions
}

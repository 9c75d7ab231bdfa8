import type { Explanation } from './explanation.ts'

/**
 * What a pack says about itself, from the module that the manifest's `lifeCycle` names; each is optional. Pure: they
 * look at config and figures, and change nothing.
 *
 * @since v1
 */
export interface LifeCycle<Config = unknown> {
  /** When the pack is first loaded for a tenant, and after each change of its config. */
  onInit?(config: Config): LifeCycleAnswer
  /** Before a tenant's profile enables it. A refusal leaves it disabled. */
  onEnable?(config: Config): LifeCycleAnswer
  /** Before it is disabled: what will be missing then. */
  onDisable?(config: Config): LifeCycleAnswer
  onHealthCheck?(input: HealthInput, config: Config): HealthAnswer
}

export type LifeCycleAnswer = { readonly notes: readonly Explanation[] } | { readonly refused: Explanation }

/** The pack's figures over the last hour, per contract. */
export interface HealthInput {
  readonly contracts: readonly { readonly contract: string; readonly asked: number; readonly failed: number; readonly share: number }[]
  readonly deadLetters: number
}

export interface HealthAnswer {
  readonly health: 'well' | 'unwell'
  readonly notes: readonly Explanation[]
}

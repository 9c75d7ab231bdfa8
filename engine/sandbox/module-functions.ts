import type {
  DomainAnswer, DomainInput, EventView, HealthAnswer, HealthInput, LifeCycleAnswer, ReactorAnswer, ReactorInput, Row, RowKey,
} from '#engine/contracts/v1/index.ts'
import type { DomainCommand } from '#engine/contracts/v1/index.ts'
import type { AskedContract } from './protocol.ts'

/** Question and answer of each function of a module, beside the policies. */
export interface ModuleFunctions {
  readonly react: { readonly input: ReactorInput; readonly answer: ReactorAnswer }
  readonly keys: { readonly input: EventView; readonly answer: readonly RowKey[] }
  /**
   * The folds of one call are a chain: `rows` are those of `keys` where no earlier question of the call named them; where
   * one did, the pack sees what it left there.
   */
  readonly fold: { readonly input: { readonly event: EventView; readonly keys: readonly RowKey[]; readonly rows: readonly (Row | null)[] }; readonly answer: readonly (Row | null)[] }
  readonly needs: { readonly input: DomainCommand; readonly answer: readonly RowKey[] }
  readonly decide: { readonly input: DomainInput; readonly answer: DomainAnswer }
  readonly onInit: { readonly input: null; readonly answer: LifeCycleAnswer }
  readonly onEnable: { readonly input: null; readonly answer: LifeCycleAnswer }
  readonly onDisable: { readonly input: null; readonly answer: LifeCycleAnswer }
  readonly onHealthCheck: { readonly input: HealthInput; readonly answer: HealthAnswer }
}

export type ModuleFunction = keyof ModuleFunctions

/** Their numbers in columns. */
export const MODULE_FUNCTIONS = [
  'react', 'keys', 'fold', 'needs', 'decide', 'onInit', 'onEnable', 'onDisable', 'onHealthCheck',
] as const satisfies readonly ModuleFunction[]

interface Exports {
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** What a module of each contract exports; a policy has one function, the first. */
export const EXPORTS: Readonly<Record<AskedContract, Exports>> = {
  'validation-rule': { required: ['validate'], optional: [] },
  'pricing-policy': { required: ['price'], optional: [] },
  'approval-policy': { required: ['approve'], optional: [] },
  'reactor': { required: ['react'], optional: ['keys'] },
  'report': { required: ['keys', 'fold'], optional: [] },
  'domain-module': { required: ['keys', 'fold', 'needs', 'decide'], optional: [] },
  'life-cycle': { required: [], optional: ['onInit', 'onEnable', 'onDisable', 'onHealthCheck'] },
}

/** The answer for a module that does not export an optional function. */
export const ANSWER_OF_NONE: { readonly [F in ModuleFunction]?: ModuleFunctions[F]['answer'] } = {
  keys: [], onInit: { notes: [] }, onEnable: { notes: [] }, onDisable: { notes: [] }, onHealthCheck: { health: 'well', notes: [] },
}

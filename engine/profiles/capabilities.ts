import type { PipelineContract } from '#engine/contracts/v1/index.ts'

/** Something the product can do and that a profile composes from packs. */
export interface Capability {
  /** Its name in the profile's `capabilities:` section. */
  readonly name: 'validation' | 'pricing' | 'approval' | 'reactions' | 'modules'
  readonly title: string
  /** Null for modules: each brings what its pack has beside policies. */
  readonly contract: PipelineContract | null
  /** How many packs may share it. */
  readonly packs: 'one' | 'several'
  /** Whether every profile must say who answers. */
  readonly required: boolean
  /** What the product itself can answer, where the profile names it. */
  readonly defaults: readonly string[]
}

/** Every capability there is. */
export const CAPABILITIES: readonly Capability[] = [
  { name: 'validation', title: 'Checks before an order is priced', contract: 'validation-rule', packs: 'several', required: true, defaults: ['accept-all'] },
  { name: 'pricing', title: 'The price of an order', contract: 'pricing-policy', packs: 'one', required: true, defaults: [] },
  { name: 'approval', title: 'Who has to approve an order', contract: 'approval-policy', packs: 'one', required: true, defaults: ['always-approve'] },
  { name: 'reactions', title: 'What happens after an event', contract: 'reactor', packs: 'several', required: false, defaults: [] },
  { name: 'modules', title: 'What packs bring of their own: tables, commands, screens, attributes', contract: null, packs: 'several', required: false, defaults: [] },
]

export function capability(name: Capability['name']): Capability {
  const found = CAPABILITIES.find(each => each.name === name)
  if (found === undefined) throw new Error(`no capability ${name}`)
  return found
}

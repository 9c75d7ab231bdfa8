import type { ContractImplementation, PackManifest, PipelineContract } from '#engine/contracts/v1/index.ts'

/** A part of a profile's `capabilities:` that can name a pack. */
export type ProfileSection = 'validation' | 'pricing' | 'approval' | 'reactions' | 'modules'

/** Something the product can do and that a profile composes from packs. */
export interface Capability {
  readonly name: ProfileSection
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

const POLICIES: readonly string[] = ['validation-rule', 'pricing-policy', 'approval-policy']

/** What of a pack an entry of a section enables, and takes its settings: policies answer only where they are asked for. */
export function partsIn(section: ProfileSection, { implements: parts }: PackManifest): readonly ContractImplementation[] {
  const { contract } = capability(section)
  return parts.filter(part => contract === null ? !POLICIES.includes(part.contract) : part.contract === contract)
}

const MODULE_CONTRACTS: readonly string[] = ['domain-module', 'report', 'ui-module', 'data-extension']

/** Where a pack belongs that no section names yet: among the modules where it brings something of its own, else by its contract. */
export function sectionFor(manifest: PackManifest): ProfileSection {
  const contracts = manifest.implements.map(({ contract }) => contract as string)
  if (contracts.some(contract => MODULE_CONTRACTS.includes(contract))) return 'modules'
  if (contracts.includes('pricing-policy')) return 'pricing'
  if (contracts.includes('approval-policy')) return 'approval'
  return contracts.includes('validation-rule') ? 'validation' : 'reactions'
}

import type { ContractImplementation, ContractName } from '#engine/contracts/v1/index.ts'

/** A published version of a contract. */
export interface ContractVersion {
  readonly name: ContractName
  /** e.g. `v1` */
  readonly version: string
  /** `deprecated`: works, and goes with the release in `removedIn`; packs and profiles that use it are told. */
  readonly status: 'current' | 'deprecated'
  readonly removedIn: string | null
  /** What new packs are written against. */
  readonly isDefault: boolean
}

const current = (name: ContractName, version = 'v1', isDefault = true): ContractVersion => ({ name, version, status: 'current', removedIn: null, isDefault })

/** Every version of every contract that this engine runs, older ones first. */
export const CONTRACT_VERSIONS: readonly ContractVersion[] = [
  current('validation-rule'), current('pricing-policy', 'v1', false), current('pricing-policy', 'v2'), current('approval-policy'), current('reactor'), current('report'),
  current('data-extension'), current('domain-module'), current('ui-module'),
]

export function contractVersion(name: string, version: string): ContractVersion | null {
  return CONTRACT_VERSIONS.find(each => each.name === name && each.version === version) ?? null
}

/** Of the parts of one pack, the newest version of each contract that this engine runs; a part of a later one is left out. */
export function newestOfEach(parts: readonly ContractImplementation[]): readonly ContractImplementation[] {
  const rank = ({ contract, version }: ContractImplementation) => CONTRACT_VERSIONS.findIndex(each => each.name === contract && each.version === version)
  return parts.filter(part => rank(part) >= 0 && !parts.some(other => other.contract === part.contract && rank(other) > rank(part)))
}

/** A part that is written against a version that goes, and the release that it goes with. */
export interface Deprecation { readonly contract: string; readonly version: string; readonly removedIn: string | null }

export function deprecationsOf(parts: readonly { readonly contract: string; readonly version: string }[], versions: readonly ContractVersion[] = CONTRACT_VERSIONS): readonly Deprecation[] {
  return parts.flatMap(({ contract, version }) => versions
    .filter(each => each.name === contract && each.version === version && each.status === 'deprecated')
    .map(({ removedIn }) => ({ contract, version, removedIn })))
}

export function deprecationText({ contract, version, removedIn }: Deprecation): string {
  return `${contract} ${version} is deprecated${removedIn === null ? '' : ` and goes with release ${removedIn}`}`
}

import type { ContractName } from '#engine/contracts/v1/index.ts'
import type { Composition } from './composition.ts'

/** A pack of a composition, with everything that it does there. */
export interface ComposedPack {
  readonly pack: string
  /** Empty where it could not be resolved. */
  readonly version: string
  readonly digest: string
  readonly contracts: readonly ContractName[]
}

/** The packs of a composition, each once; what the product answers itself is none. */
export function composedPacks(composition: Composition): ComposedPack[] {
  const packs = new Map<string, { version: string; digest: string; contracts: Set<ContractName> }>()
  const add = (pack: string, version: string, digest: string, contracts: readonly ContractName[]): void => {
    if (pack === 'keelson') return
    const known = packs.get(pack)
    if (known === undefined) packs.set(pack, { version, digest, contracts: new Set(contracts) })
    else for (const contract of contracts) known.contracts.add(contract)
  }
  for (const use of [...composition.validation, composition.pricing, composition.approval, ...composition.reactors]) add(use.pack, use.version, use.digest, [use.contract as ContractName])
  for (const { pack, version, digest, manifest } of composition.modules) {
    add(pack, version, digest, manifest.implements.map(each => each.contract).filter(contract => BROUGHT_BY_MODULES.has(contract)))
  }
  return [...packs].map(([pack, { version, digest, contracts }]) => ({ pack, version, digest, contracts: [...contracts] }))
}

/** Whether a validation rule asks what accounts owe; where none does, nobody looks that up, and it is in no digest. */
export function asksExposure({ validation }: Composition): boolean {
  return validation.some(({ needs }) => needs.includes('exposure'))
}

const BROUGHT_BY_MODULES: ReadonlySet<ContractName> = new Set(['domain-module', 'report', 'ui-module', 'data-extension'])

/** Whether something in the composition answers by that version of a contract. */
export function usesContract({ validation, pricing, approval, reactors, modules }: Composition, name: string, version: string): boolean {
  return [...validation, pricing, approval, ...reactors].some(use => use.digest !== '' && use.pack !== 'keelson' && use.contract === name && use.contractVersion === version)
    || modules.some(({ manifest }) => manifest.implements.some(part => BROUGHT_BY_MODULES.has(part.contract) && part.contract === name && part.version === version))
}

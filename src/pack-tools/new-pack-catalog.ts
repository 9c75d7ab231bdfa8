import type { ContractName, PackManifest } from '#engine/contracts/v1/index.ts'
import type { PackCatalog } from '#engine/packs/pack-catalog.ts'
import type { ConfigField, Part } from './new-pack.ts'

/** What a template says of the catalog: where its contract belongs, the config to begin with, the parts that a profile may use or leave. */
export type PartCatalog = Required<Pick<PackCatalog, 'zone'>> & Pick<PackCatalog, 'start' | 'capabilities'>

/** What a pack brings of its own is enabled once in a profile, with one config for all of it. */
export const MODULES: readonly ContractName[] = ['reactor', 'report', 'data-extension', 'domain-module', 'ui-module']

/** The parts that a profile gives a config to when it takes the pack up: what it brings of its own, else one policy. */
export function beginningOf({ implements: parts }: PackManifest): PackManifest['implements'] {
  const [first] = ['pricing-policy', 'approval-policy', 'validation-rule', 'reactor'].filter(name => parts.some(({ contract }) => contract === name))
  const own = parts.some(({ contract }) => contract !== 'reactor' && MODULES.includes(contract))
  return parts.filter(({ contract }) => own ? MODULES.includes(contract) : contract === first)
}

/** The entry of a new pack in the catalog: a working config to begin with, and each setting that may be left out as something to use or leave. */
export function newPackCatalog(manifest: PackManifest, parts: readonly Part[], fields: readonly ConfigField[]): PackCatalog {
  const beginning = beginningOf(manifest)
  const begun = parts.filter(part => beginning.some(({ contract }) => contract === part.implements.contract)).map(({ catalog }) => catalog)
  const start = Object.assign({}, ...begun.map(each => each.start)) as Readonly<Record<string, unknown>>
  const known = parts.flatMap(({ implements: { config } }) => Object.keys(config['properties'] as object))
  const own = fields.filter(({ name }) => !known.includes(name)).map(({ name, type }) => ({
    id: name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), title: wordsOf(name), documentation: `The profile says ${name}.`,
    usedWhen: [{ path: `packs.${manifest.id}.config.${name}`, ...type === 'boolean' ? { is: true } : { present: true } }],
  }))
  const capabilities = [...parts.flatMap(({ catalog }) => catalog.capabilities ?? []), ...own]
  return {
    catalog: 1, ...begun[0] === undefined ? {} : { zone: begun[0].zone }, title: manifest.title, documentation: manifest.description,
    ...Object.keys(start).length === 0 ? {} : { start }, ...capabilities.length === 0 ? {} : { capabilities },
  }
}

function wordsOf(camelCase: string): string {
  const words = camelCase.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

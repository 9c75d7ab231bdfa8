import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { ContractName } from '#engine/contracts/v1/index.ts'
import { MODULES } from './new-pack-catalog.ts'
import { productSources } from './product-sources.ts'

export interface ReadmeOf {
  readonly id: string
  readonly title: string
  readonly contracts: readonly { readonly contract: ContractName; readonly version: string }[]
  /** The pack's folder. */
  readonly folder: string
  /** Settings lie in a file: the catalog cannot begin with all of them. */
  readonly hasSettings: boolean
}

/** The README of a new pack: from its first test to a screen on a demo site, in commands that work as they stand. */
export function newPackReadme({ id, title, contracts, folder, hasSettings }: ReadmeOf): string {
  const at = relative(productSources.root, folder).replaceAll(sep, '/')
  const names = contracts.map(({ contract }) => contract)
  const tries = names.map(name => part(name, 'try.md')).filter(text => text !== '')
  const screens = ['ui-module', 'domain-module', 'report', 'pack'].filter(name => name === 'pack' || names.some(each => each === name)).map(name => part(name, 'screens.md')).find(text => text !== '') ?? ''
  const texts: Readonly<Record<string, string>> = {
    title, besides: besides(names), implements: contracts.map(({ contract, version }) => `${contract} ${version}`).join(', '),
    enable: part('pack', hasSettings ? 'enable-with-file.md' : 'enable.md'),
    tries: tries.join('\n'), screens,
  }
  const filled = Object.entries(texts).reduce((text, [name, value]) => text.replaceAll(`{{${name}}}`, value), part('pack', 'README.md'))
  return filled.replaceAll('{{at}}', at).replaceAll('template-pack', id)
}

/** Where a profile names a pack that answers by a contract: `pack enable` writes the first that there is. */
const SECTIONS = [['pricing-policy', 'pricing'], ['approval-policy', 'approval'], ['validation-rule', 'validation'], ['reactor', 'reactions']] as const

function besides(names: readonly ContractName[]): string {
  const own = names.some(name => name !== 'reactor' && MODULES.includes(name))
  const answering = SECTIONS.filter(([contract]) => names.includes(contract) && !(own && contract === 'reactor')).map(([, section]) => section)
  const [first, ...others] = own ? ['modules', ...answering] : answering
  if (others.length === 0) return ''
  return `\nThat names the pack under \`capabilities.${first}\`. To have all of it answer, name it under ${others.map(section => `\`${section}\``).join(' and ')} too, in the profile editor.`
}

function part(template: string, file: string): string {
  const path = join(productSources.extensions, '_template', template, file)
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : ''
}

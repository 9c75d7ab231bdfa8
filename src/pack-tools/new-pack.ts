import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { ContractName, PackManifest } from '#engine/contracts/v1/index.ts'
import { PACK_LOCALES } from '#engine/packs/kpack.ts'
import type { PackCatalog } from '#engine/packs/pack-catalog.ts'
import { manifestSchema } from '#engine/packs/manifest-schema.ts'
import { packTsconfig } from './check-types.ts'
import { beginningOf, MODULES, newPackCatalog, type PartCatalog } from './new-pack-catalog.ts'
import { newPackReadme } from './new-pack-readme.ts'
import { refused } from './pack-sources.ts'
import { productSources } from './product-sources.ts'

export const CONFIG_TYPES = ['text', 'decimal', 'integer', 'boolean'] as const

/** A field of the config that the new pack takes, beside those of its templates. */
export interface ConfigField { readonly name: string; readonly type: (typeof CONFIG_TYPES)[number] }

export interface NewPack {
  readonly id: string
  readonly publisher: string
  readonly title: string
  readonly licence?: string
  readonly contracts: readonly ContractName[]
  readonly config: readonly ConfigField[]
  /** Oldest engine that it runs on. */
  readonly engine: string
  /** Folder that the pack's own folder is made in; extensions/ where it is not said. */
  readonly into?: string
}

/** Contracts that a new pack can begin with. */
export const TEMPLATES: readonly ContractName[] = ['validation-rule', 'pricing-policy', 'approval-policy', 'reactor', 'report', 'data-extension', 'domain-module', 'ui-module']

/** What a template adds to the manifest and to the catalog; `template-pack` in it stands for the pack's id. */
export type Part = { readonly implements: PackManifest['implements'][number]; readonly catalog: PartCatalog } & Partial<Pick<PackManifest, 'tables' | 'queries' | 'commands' | 'emits' | 'attributes' | 'permissions' | 'issues'>>

/**
 * Makes the folder of a new pack, whole or not at all, and answers its path. Throws RefusalError KS-PACK-ID-TAKEN,
 * KS-PACK-NAME or KS-PACK-CONTRACTS.
 */
export function newPack(pack: NewPack): string {
  const into = resolve(pack.into ?? productSources.extensions)
  const folder = join(into, pack.id)
  const files = filesOf(pack, folder)
  assertFree(pack.id, folder)
  const fresh = join(into, `.new-${pack.id}`)
  rmSync(fresh, { recursive: true, force: true })
  for (const [name, content] of files) {
    mkdirSync(dirname(join(fresh, name)), { recursive: true })
    writeFileSync(join(fresh, name), content)
  }
  renameSync(fresh, folder)
  return folder
}

function assertFree(id: string, folder: string): void {
  const known = readdirSync(productSources.extensions).filter(name => existsSync(join(productSources.extensions, name, 'manifest.json')))
  if (existsSync(folder) || known.includes(id)) {
    throw refused('KS-PACK-ID-TAKEN', `There is a pack ${id} already.`, 'Choose another id: two packs with one id cannot be on the same site.', { id })
  }
}

function filesOf(pack: NewPack, folder: string): ReadonlyMap<string, string> {
  const { contracts } = pack
  if (contracts.length === 0) throw refused('KS-PACK-CONTRACTS', 'A pack implements at least one contract.', `Name one or more of ${TEMPLATES.join(', ')}.`)
  if (contracts.includes('ui-module') && !contracts.includes('domain-module')) {
    throw refused('KS-PACK-CONTRACTS', 'The screens of a new ui-module show what its domain-module keeps.', 'Name both contracts; take out afterwards what you do not need.')
  }
  if (contracts.includes('report') && contracts.includes('domain-module')) {
    throw refused('KS-PACK-CONTRACTS', 'A domain-module folds its events itself: it is no report as well.', 'Make two packs, or let the domain module read the events too.')
  }
  const parts = contracts.map(contract => JSON.parse(template(contract, 'part.json', pack.id)) as Part)
  const files = new Map<string, string>()
  const manifest = manifestOf(pack, parts)
  const catalog = newPackCatalog(manifest, parts, pack.config)
  files.set('manifest.json', json(manifest))
  files.set('catalog.json', json(catalog))
  const settings = settingsOf(manifest, catalog)
  if (settings !== null) files.set('settings.json', json(settings))
  files.set('README.md', newPackReadme({ id: pack.id, title: pack.title, contracts: manifest.implements, folder, hasSettings: settings !== null }))
  for (const locale of PACK_LOCALES) {
    const texts = Object.assign({}, ...contracts.map(contract => JSON.parse(template(contract, `locales/${locale}.json`, pack.id)) as object)) as Readonly<Record<string, string>>
    files.set(`locales/${locale}.json`, json(Object.fromEntries(Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1)))))
  }
  for (const contract of contracts) {
    for (const kind of ['src', 'cases', 'ui']) {
      const from = join(productSources.extensions, '_template', contract, kind)
      if (!existsSync(from)) continue
      for (const name of readdirSync(from)) files.set(`${kind}/${name}`, withConfig(template(contract, `${kind}/${name}`, pack.id), pack.config))
    }
  }
  // Inside the project its own tsconfig sees the pack; elsewhere the editor needs to be told where the contracts are.
  if (!folder.startsWith(productSources.extensions)) files.set('tsconfig.json', json({ ...packTsconfig('.'), compilerOptions: { ...packTsconfig('.').compilerOptions, paths: { '#engine/contracts/*': [`${relative(folder, productSources.contracts).replaceAll(sep, '/')}/*`] } } }))
  return files
}

/** Settings for the demo site, where the catalog's cannot be all: which integration is meant only a profile knows. Null where they are. */
function settingsOf(manifest: PackManifest, { start = {} }: PackCatalog): unknown {
  const required = beginningOf(manifest).flatMap(({ config }) => (config['required'] ?? []) as string[])
  const unsaid = required.filter(key => !Object.hasOwn(start, key))
  return unsaid.length === 0 ? null : { ...start, ...Object.fromEntries(unsaid.map(key => [key, 'outbox'])) }
}

function manifestOf({ id, publisher, title, licence, config, engine }: NewPack, parts: readonly Part[]): PackManifest {
  const joined = (name: keyof Omit<Part, 'implements' | 'catalog'>): object => {
    const all = parts.flatMap((part): readonly unknown[] => part[name] ?? [])
    return all.length === 0 ? {} : { [name]: all }
  }
  const manifest = {
    manifest: 1, id, version: '0.1.0', publisher, title, description: `${title}.`, ...licence === undefined ? {} : { licence }, engine: `>=${engine}`,
    implements: configured(parts.map(part => part.implements), config),
    ...joined('tables'), ...joined('queries'), ...joined('commands'), ...joined('emits'), ...joined('attributes'), ...joined('permissions'), ...joined('issues'),
  }
  const checked = manifestSchema.safeParse(manifest)
  if (checked.success) return manifest as PackManifest
  const [issue] = checked.error.issues
  throw refused('KS-PACK-NAME', `This cannot stand in a manifest: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`, 'Ids and publishers are kebab-case, such as tiered-pricing.')
}

const FIELD_SCHEMAS = {
  text: { type: 'string', maxLength: 500 }, decimal: { type: 'string', pattern: '^\\d{1,30}(\\.\\d{1,20})?$' }, integer: { type: 'integer' }, boolean: { type: 'boolean' },
} as const

/** The parts with the fields in the schemas of their configs; those that share a config all take all of it. */
function configured(parts: readonly Part['implements'][], fields: readonly ConfigField[]): Part['implements'][] {
  const own = Object.fromEntries(fields.map(({ name, type }) => [name, FIELD_SCHEMAS[type]]))
  const modules = parts.filter(({ contract }) => MODULES.includes(contract))
  return parts.map(part => {
    const sharing = MODULES.includes(part.contract) ? modules : [part]
    const properties = Object.assign({}, own, ...sharing.map(({ config }) => config['properties'])) as object
    const required = sharing.flatMap(({ config }) => (config['required'] ?? []) as string[])
    return { ...part, config: { ...part.config, properties, ...required.length === 0 ? {} : { required } } }
  })
}

function withConfig(source: string, fields: readonly ConfigField[]): string {
  const types = { text: 'string', decimal: 'string', integer: 'number', boolean: 'boolean' } as const
  // A field that the template has already stays as the template uses it.
  const lines = fields.filter(({ name }) => !new RegExp(`^  readonly ${name}\\??:`, 'm').test(source)).map(({ name, type }) => `  readonly ${name}?: ${types[type]}\n`).join('')
  return source.replace('export interface Config {\n', line => line + lines)
}

function template(contract: ContractName, name: string, id: string): string {
  return readFileSync(join(productSources.extensions, '_template', contract, name), 'utf8').replaceAll('template-pack', id)
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

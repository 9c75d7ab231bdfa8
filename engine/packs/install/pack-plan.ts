import { compare } from 'semver'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { contractVersion } from '../contract-versions.ts'

/** What can be told apart between two versions of a pack. */
export type PlanPart =
  | 'contract' | 'config' | 'permission' | 'command' | 'issues' | 'reads' | 'emits' | 'table' | 'query' | 'attribute' | 'requires' | 'engine' | 'licence' | 'publisher' | 'entitlement'

/** One difference to the version that is here: `from` null where it is new, `to` null where it goes. */
export interface PlanDifference {
  readonly what: PlanPart
  readonly name: string
  readonly from: string | null
  readonly to: string | null
}

/** What a pack is and will be able to do, as far as its manifest says; what it does not say is not allowed. */
export interface PackPlan {
  readonly pack: string
  readonly version: string
  readonly publisher: string
  readonly title: string
  readonly description: string
  readonly licence: string | null
  readonly digest: string
  readonly bytes: number
  readonly engine: string
  readonly contracts: readonly { readonly contract: string; readonly version: string; readonly status: 'current' | 'deprecated' | 'unknown'; readonly config: Readonly<Record<string, unknown>> }[]
  readonly permissions: readonly { readonly name: string; readonly roles: readonly string[] }[]
  readonly commands: readonly string[]
  readonly issues: readonly string[]
  readonly reads: readonly string[]
  readonly emits: readonly string[]
  readonly tables: readonly { readonly name: string; readonly columns: number }[]
  readonly attributes: readonly string[]
  readonly requires: readonly { readonly pack: string; readonly version: string }[]
  readonly entitlement: string | null
  readonly cases: number
  /** The version it is compared with: the newest that is here; null where there is none. */
  readonly installed: string | null
  readonly kind: 'new' | 'upgrade' | 'downgrade' | 'same'
  readonly differences: readonly PlanDifference[]
}

interface Planned { readonly manifest: PackManifest; readonly digest: string; readonly bytes: number; readonly cases: number }

/** What installing a pack will bring, beside the newest version that the site has of it. */
export function planOf({ manifest, digest, bytes, cases }: Planned, installed: PackManifest | null): PackPlan {
  return {
    pack: manifest.id, version: manifest.version, publisher: manifest.publisher, title: manifest.title, description: manifest.description,
    licence: manifest.licence ?? null, digest, bytes, engine: manifest.engine, cases,
    contracts: manifest.implements.map(({ contract, version, config }) => ({ contract, version, config, status: contractVersion(contract, version)?.status ?? 'unknown' })),
    permissions: manifest.permissions ?? [], commands: (manifest.commands ?? []).map(({ name }) => name), issues: manifest.issues ?? [],
    reads: readsOf(manifest), emits: (manifest.emits ?? []).map(({ type }) => type),
    tables: (manifest.tables ?? []).map(({ name, columns }) => ({ name, columns: columns.length })),
    attributes: (manifest.attributes ?? []).map(({ on, name }) => `${on} ${name}`), requires: manifest.requires ?? [], entitlement: manifest.entitlement ?? null,
    installed: installed?.version ?? null, kind: kindOf(manifest, installed), differences: installed === null ? [] : differencesOf(installed, manifest),
  }
}

/** Event types that any part of a pack reads. */
export function readsOf(manifest: PackManifest): string[] {
  return [...new Set(manifest.implements.flatMap(({ reads }) => reads ?? []))]
}

function kindOf(manifest: PackManifest, installed: PackManifest | null): PackPlan['kind'] {
  const order = installed === null ? null : compare(manifest.version, installed.version)
  if (order === null) return 'new'
  return order === 0 ? 'same' : order > 0 ? 'upgrade' : 'downgrade'
}

/** What changes from one version to another, part by part. */
export function differencesOf(from: PackManifest, to: PackManifest): PlanDifference[] {
  const before = factsOf(from)
  const after = factsOf(to)
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(key => {
    const [what, name] = key.split('\n') as [PlanPart, string]
    const was = before.get(key) ?? null
    const is = after.get(key) ?? null
    return was === is ? [] : [{ what, name, from: was, to: is }]
  })
}

/** A schema setting by setting, so that what is read is what changed; its frame as a whole. */
function configFacts(contract: string, config: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const { properties, required, ...frame } = config
  const needed = new Set(Array.isArray(required) ? required : [])
  const settings = Object.entries(typeof properties === 'object' ? properties ?? {} : {})
  return [[contract, canonicalJson(frame)], ...settings.map(([name, schema]) => [`${contract}.${name}`, `${canonicalJson(schema)}${needed.has(name) ? ' required' : ''}`] as const)]
}

/** Each fact of a manifest by what it is and its name, with the text that makes it the same fact. */
function factsOf(manifest: PackManifest): Map<string, string> {
  const facts = new Map<string, string>()
  const add = (what: PlanPart, name: string, value: string): void => void facts.set(`${what}\n${name}`, value)
  for (const { contract, version, config } of manifest.implements) {
    add('contract', contract, version)
    for (const [name, text] of configFacts(contract, config)) add('config', name, text)
  }
  for (const type of readsOf(manifest)) add('reads', type, type)
  for (const { name, roles } of manifest.permissions ?? []) add('permission', name, roles.join(', '))
  for (const { name, permission } of manifest.commands ?? []) add('command', name, permission)
  for (const name of manifest.issues ?? []) add('issues', name, name)
  for (const { type } of manifest.emits ?? []) add('emits', type, type)
  for (const { name, columns, ...rest } of manifest.tables ?? []) {
    add('table', name, canonicalJson(rest))
    for (const column of columns) add('table', `${name}.${column.name}`, [column.type, column.scale, column.nullable === true ? 'nullable' : undefined].filter(each => each !== undefined).join(' '))
  }
  for (const query of manifest.queries ?? []) add('query', query.name, canonicalJson(query))
  for (const attribute of manifest.attributes ?? []) add('attribute', `${attribute.on} ${attribute.name}`, canonicalJson(attribute))
  for (const { pack, version } of manifest.requires ?? []) add('requires', pack, version)
  add('engine', 'engine', manifest.engine)
  add('publisher', 'publisher', manifest.publisher)
  if (manifest.licence !== undefined) add('licence', 'licence', manifest.licence)
  if (manifest.entitlement !== undefined) add('entitlement', 'entitlement', manifest.entitlement)
  return facts
}

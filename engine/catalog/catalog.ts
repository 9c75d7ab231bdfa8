import { compare } from 'semver'
import type { ContractImplementation } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import { CONTRACT_VERSIONS, type ContractVersion } from '#engine/packs/contract-versions.ts'
import { type Condition, inLanguage, type Zone, ZONES } from '#engine/packs/pack-catalog.ts'
import { allHold } from './condition.ts'
import { type Constraint, nameOfConstraint, siteConstraints } from './constraint.ts'
import { CORE_CAPABILITIES, type CoreCapability } from './core-capabilities.ts'
import { DocumentView } from './document-view.ts'

/** Something that the product can do here, and who uses it. */
export interface CatalogEntry {
  /** `orders` of the core, `loyalty` of a pack, `threshold-approval.stages` of a part of one. */
  readonly id: string
  readonly title: string
  readonly documentation: string
  readonly zone: Zone
  readonly status: 'core' | 'partial' | 'variable'
  readonly stability: 'stable' | 'proposed' | 'deprecated'
  /** Contracts that it comes through, in the versions that there are of it, or that the pack implements. */
  readonly contracts: readonly EntryContract[]
  /** Packs that answer it; the product itself where there are none. */
  readonly providers: readonly { readonly pack: string; readonly version: string }[]
  readonly usedBy: readonly EntryUse[]
  readonly since: string
  /** Names of the constraints that speak of it. */
  readonly constraints: readonly string[]
}

export interface EntryContract { readonly contract: string; readonly version: string; readonly status: 'current' | 'deprecated' | 'proposed'; readonly removedIn: string | null }

export interface EntryUse {
  readonly tenant: string
  readonly profileVersion: number
  readonly options: readonly { readonly path: string; readonly value: string }[]
}

/** The active profile of a tenant, as plain values. */
export interface UsingProfile { readonly tenant: string; readonly version: number; readonly document: unknown }

/** The catalog of a site by zones: what the product does there, then what each pack adds, in the language given. */
export function catalogOf(packs: readonly KnownPack[], profiles: readonly UsingProfile[], locale: string): CatalogEntry[] {
  const views = profiles.map(({ tenant, version, document }) => ({ tenant, version, view: new DocumentView(document, packs) }))
  const constraints = siteConstraints(packs)
  const usedBy = (isUsed: (view: DocumentView) => boolean, options: readonly string[] = []): EntryUse[] => views
    .filter(({ view }) => isUsed(view))
    .map(({ tenant, version, view }) => ({ tenant, profileVersion: version, options: options.flatMap(path => optionAt(path, view)) }))
  const ids = [...new Set(packs.map(({ manifest }) => manifest.id))].toSorted()
  const entries = [
    ...CORE_CAPABILITIES.map((each): CatalogEntry => ({
      id: each.id, title: inLanguage(each.title, locale), documentation: inLanguage(each.documentation, locale), zone: each.zone, status: each.status, since: each.since,
      stability: each.stability ?? 'stable', contracts: contractsNamed(each.contract, each.stability), providers: each.contract === undefined ? [] : providersOf(each.contract, packs),
      usedBy: usedBy(view => uses(each, view), each.options), constraints: constraintsAbout(constraints, each.usedWhen ?? []),
    })),
    ...ids.flatMap(id => packEntries(packs.filter(({ manifest }) => manifest.id === id), { usedBy, constraints, locale })),
  ]
  return ZONES.flatMap(zone => entries.filter(entry => entry.zone === zone))
}

interface PackContext {
  readonly usedBy: (isUsed: (view: DocumentView) => boolean, options?: readonly string[]) => EntryUse[]
  readonly constraints: readonly Constraint[]
  readonly locale: string
}

/** A pack and the parts of it that it names, as its newest version says. */
function packEntries(versions: readonly KnownPack[], { usedBy, constraints, locale }: PackContext): CatalogEntry[] {
  const newest = versions.toSorted((a, b) => compare(b.manifest.version, a.manifest.version))[0]
  if (newest === undefined) return []
  const { manifest: { id, title, description, implements: parts, version }, catalog = { catalog: 1 } } = newest
  const contracts = parts.map(part => contractOf(part, CONTRACT_VERSIONS))
  const zone = catalog.zone ?? zoneOf(parts)
  const common = {
    status: 'variable' as const, contracts, stability: contracts.some(({ status }) => status === 'deprecated') ? 'deprecated' as const : 'stable' as const,
    providers: [...new Set(versions.map(({ manifest }) => manifest.version))].toSorted(compare).map(each => ({ pack: id, version: each })),
  }
  return [
    {
      ...common, id, zone, title: inLanguage(catalog.title ?? title, locale), documentation: inLanguage(catalog.documentation ?? description, locale), since: catalog.since ?? version,
      usedBy: usedBy(view => view.pack(id) !== null, [`packs.${id}.version`]), constraints: constraintsAbout(constraints, [{ pack: id }]),
    },
    ...(catalog.capabilities ?? []).map((part): CatalogEntry => ({
      ...common, id: `${id}.${part.id}`, zone: part.zone ?? zone, title: inLanguage(part.title, locale), documentation: inLanguage(part.documentation, locale),
      since: part.since ?? catalog.since ?? version, usedBy: usedBy(view => allHold(part.usedWhen, view) === true, part.usedWhen.flatMap(each => ('path' in each ? [each.path] : []))),
      constraints: constraintsAbout(constraints, part.usedWhen),
    })),
  ]
}

function contractOf({ contract, version }: Pick<ContractImplementation, 'contract' | 'version'>, versions: readonly ContractVersion[]): EntryContract {
  const known = versions.find(each => each.name === contract && each.version === version)
  return { contract, version, status: known?.status ?? 'proposed', removedIn: known?.removedIn ?? null }
}

function contractsNamed(contract: string | undefined, stability: 'proposed' | undefined): EntryContract[] {
  if (contract === undefined) return []
  if (stability === 'proposed') return [{ contract, version: '', status: 'proposed', removedIn: null }]
  return CONTRACT_VERSIONS.filter(({ name }) => name === contract).map(({ version, status, removedIn }) => ({ contract, version, status, removedIn }))
}

function providersOf(contract: string, packs: readonly KnownPack[]): CatalogEntry['providers'] {
  return packs.filter(({ manifest }) => manifest.implements.some(part => part.contract === contract)).map(({ manifest: { id, version } }) => ({ pack: id, version }))
    .toSorted((a, b) => a.pack < b.pack ? -1 : a.pack > b.pack ? 1 : compare(a.version, b.version))
}

/** Contracts that a profile has only by naming a pack that brings them; the others are answered in every profile. */
const BROUGHT: readonly string[] = ['reactor', 'domain-module', 'data-extension', 'report', 'ui-module']

function uses({ usedWhen, contract, stability }: CoreCapability, view: DocumentView): boolean {
  if (stability === 'proposed') return false
  if (usedWhen !== undefined) return allHold(usedWhen, view) === true
  return contract === undefined || !BROUGHT.includes(contract)
    || view.packs.some(({ manifest: { id, version, implements: parts } }) => parts.some(part => part.contract === contract) && view.pack(id) === version)
}

function zoneOf(parts: readonly ContractImplementation[]): Zone {
  const contracts = parts.map(({ contract }) => contract)
  if (contracts.some(each => each === 'domain-module' || each === 'data-extension' || each === 'report')) return 'data'
  if (contracts.some(each => each === 'pricing-policy' || each === 'approval-policy' || each === 'validation-rule')) return 'rules'
  return contracts.includes('ui-module') ? 'presentation' : 'automation'
}

/** Constraints that speak of the same packs or places. */
function constraintsAbout(constraints: readonly Constraint[], conditions: readonly Condition[]): string[] {
  const subjects = new Set(conditions.flatMap(subjectsOf))
  return [...new Set(constraints.filter(({ when, then }) => [...when, ...then].flatMap(subjectsOf).some(each => subjects.has(each))).map(nameOfConstraint))]
}

function subjectsOf(condition: Condition): string[] {
  return 'pack' in condition ? [`packs.${condition.pack}`] : [condition.path, ...(condition.same === undefined ? [] : [condition.same])]
}

function optionAt(path: string, view: DocumentView): EntryUse['options'] {
  const value = view.value(path)
  return value === undefined ? [] : [{ path, value: shownOption(value) }]
}

/** A value in a few words: lists of packs by their names, sections by their keys. */
function shownOption(value: unknown): string {
  if (Array.isArray(value)) return value.map(shownOption).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  const { pack, default: fallback } = value as { readonly pack?: unknown; readonly default?: unknown }
  return String(pack ?? fallback ?? Object.keys(value).join(', '))
}

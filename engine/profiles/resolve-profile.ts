import { compare, satisfies } from 'semver'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { ContractImplementation, ContractName, PackManifest, PipelineContract } from '#engine/contracts/v1/index.ts'
import { type ContractVersion, deprecationsOf, newestOfEach } from '#engine/packs/contract-versions.ts'
import type { Composition, KnownPack, ModuleUse, PackUse, UnusablePack } from '#engine/packs/composition.ts'
import { capability, type Capability, partsIn } from '#engine/catalog/capabilities.ts'
import { approvalFindings, stagesOf } from './approval-findings.ts'
import { branchFindings } from './branch-findings.ts'
import { configFindings, isValidConfig } from './check-config.ts'
import { closestName } from './closest-name.ts'
import type { ConsoleTexts } from './console-texts.ts'
import { constraintFindings } from './constraint-findings.ts'
import type { CapabilityEntry, Profile } from './profile-document.ts'
import type { Finding, Fix, PathKey } from '#engine/profiles/finding.ts'
import { englishOf, findingAt, fixOf, type Saying, saying } from './finding-texts.ts'
import { integrationKeys, unusedIntegrations } from './integration-findings.ts'
import { lookFindings } from './look-findings.ts'
import { attributeFindings, permissionFindings, unmetNeeds } from './pack-needs.ts'
import { ProfileSource } from '#engine/profiles/profile-source.ts'
import { substitutesFor } from './substitutes.ts'

/** The bytes that a site has, and the engine that shall run them. */
export interface Available {
  readonly packs: readonly KnownPack[]
  /** Version of the engine, e.g. `0.1.0`. */
  readonly engineVersion: string
  /** By pack id: the digest to take where the profile takes its version; a tenant changes version when a person says so. */
  readonly preferred?: ReadonlyMap<string, string>
  /** What a profile may put its own words in place of; without it, words are not looked up. */
  readonly texts?: ConsoleTexts
  /** Roles of each person who works for the tenant here; without it, nobody counts them. */
  readonly people?: readonly (readonly string[])[]
  /** Language of what packs say about why things go together; English without it. */
  readonly locale?: string
  /** Contract versions that this engine runs, where they are not those of now. */
  readonly contracts?: readonly ContractVersion[]
}

/**
 * Who answers what, resolved to exact bytes: the preferred version, else the highest that the profile takes and this engine runs. What
 * cannot be resolved is in `unusable`, and stands in its place with an empty digest, so that its step holds the order.
 */
export function resolveProfile(profile: Profile, available: Available, tenant: string, version: number): Composition {
  const unusable: UnusablePack[] = []
  const { validation, pricing, approval, reactions = [], modules = [], confirmation } = profile.capabilities
  const use = (name: PolicyCapability, entry: CapabilityEntry) => resolveUse(name, entry, available, unusable)
  const resolved = modules.map(entry => resolveModule(entry, available, unusable, profile.attributes ?? {}))
  const reactors = reactions.map(entry => use('reactions', entry))
  const composition = {
    tenant,
    profileVersion: version,
    validation: validation.map(entry => use('validation', entry)),
    pricing: use('pricing', pricing),
    approval: use('approval', approval),
    reactors: [...reactors, ...resolved.flatMap(({ reactor }) => (reactor === null || reactors.some(({ pack }) => pack === reactor.pack) ? [] : [reactor]))],
    modules: resolved.flatMap(({ module }) => module ?? []),
    permissions: permissionsOf(profile, resolved.flatMap(({ module }) => module ?? [])),
    approvers: [...new Set(stagesOf(profile, packOf('approval', approval, available))?.map(({ role }) => role))],
    confirmation,
    targets: profile.integrations ?? {},
  }
  return { ...composition, unusable: [...unusable, ...unmetOf(profile, available, new Set(unusable.map(({ pack }) => pack)))] }
}

/** What stands against publishing the profile on this site: packs that are missing, configs that they do not take, what they need and lack. */
export function checkProfile(profile: Profile, available: Available, source = new ProfileSource(profile.source)): readonly Finding[] {
  const findings: Finding[] = []
  const enabled = enabledPacks(profile, available)
  for (const { name, entry, at } of entriesOf(profile)) {
    if (entry.pack === undefined) continue
    const found = find(name, entry, available)
    if ('missing' in found) {
      const alone = typeof at.at(-1) !== 'number' || profile.capabilities[name as 'validation']?.length === 1
      const others = found.missing.code === 'pack-missing' || found.missing.code === 'pack-misspelt' ? substitutesFor(name, { pack: entry.pack, at, alone }, available) : []
      findings.push(findingAt(source, [...at, found.at], withFixes(found, [...at, found.at], others)))
      continue
    }
    const config = entry.config ?? {}
    const configAt = [...at, 'config']
    const unlike = found.parts.filter(part => canonicalJson(part.config) !== canonicalJson(found.parts[0]?.config))
    const place = { profile, at: configAt, source }
    const ofParts = found.parts.flatMap(part => [
      ...configFindings(config, part.config, { at: configAt, source, start: found.pack.catalog?.start ?? {} }), ...targetFindings(config, part, place), ...branchFindings(config, part.config, place),
    ])
    // What several contracts of a pack say alike is said once.
    findings.push(...new Map(ofParts.map(finding => [`${finding.path} ${finding.message}`, finding])).values())
    if (ofParts.length > 0 && unlike.length > 0) {
      const contracts = [found.parts[0], ...unlike].map(part => part?.contract).join(', ')
      findings.push({ ...findingAt(source, configAt, saying('configs-differ', { pack: entry.pack, contracts })), severity: 'hint' })
    }
    for (const { contract, version, removedIn } of deprecationsOf(found.parts, available.contracts)) {
      const values = { pack: entry.pack, contract, version, release: removedIn ?? '' }
      findings.push({ ...findingAt(source, [...at, 'pack'], saying(removedIn === null ? 'contract-deprecated' : 'contract-goes', values)), severity: 'warning' })
    }
    for (const { said } of unmetNeeds(found.pack.manifest, enabled, profile)) findings.push(findingAt(source, [...at, 'pack'], said))
    const other = enabled.get(entry.pack)
    if (other !== undefined && other.digest !== found.pack.digest) {
      findings.push(findingAt(source, [...at, 'version'], saying('two-versions', { pack: entry.pack, one: other.manifest.version, other: found.pack.manifest.version })))
    }
  }
  const packs = [...enabled.values()]
  return [
    ...findings,
    ...permissionFindings(profile, packs, source),
    ...attributeFindings(profile, packs, source),
    ...lookFindings(profile, packs, available, source),
    ...approvalFindings(profile, packs, available.people, source),
    ...unusedIntegrations(profile, packs, available.packs, source),
    ...constraintFindings(profile, available, source),
  ]
}

type PolicyCapability = Exclude<Capability['name'], 'modules'>

function resolveUse(name: PolicyCapability, entry: CapabilityEntry, available: Available, unusable: UnusablePack[]): PackUse {
  const contract = capability(name).contract as PipelineContract
  const config = entry.config ?? {}
  const configDigest = sha256Hex(canonicalJson(config))
  if (entry.pack === undefined) {
    const named = `default:${String(entry.default)}`
    return {
      pack: 'keelson', version: available.engineVersion, digest: sha256Hex(`${named} ${available.engineVersion}`), contract,
      contractVersion: 'v1', entry: named, config, configDigest, needs: [], reads: [], issues: [],
    }
  }
  const found = find(name, entry, available)
  if ('missing' in found) {
    unusable.push(missingPack(entry.pack, contract, found))
    return missingUse(entry.pack, contract, config, configDigest)
  }
  const { pack, parts: [part] } = found
  if (part === undefined || !isValidConfig(config, part.config)) {
    unusable.push(wrongConfig(pack, contract))
    return missingUse(entry.pack, contract, config, configDigest)
  }
  return useOf(pack, part, config, configDigest)
}

/** A module, and its reactor, if it has one. One that is not there may have had a reactor: its place is kept. */
function resolveModule(entry: CapabilityEntry, available: Available, unusable: UnusablePack[], asked: NonNullable<Profile['attributes']>): { readonly module: ModuleUse | null; readonly reactor: PackUse | null } {
  const id = String(entry.pack)
  const config = entry.config ?? {}
  const configDigest = sha256Hex(canonicalJson(config))
  const found = find('modules', entry, available)
  if ('missing' in found) {
    for (const contract of ['domain-module', 'reactor'] as const) unusable.push(missingPack(id, contract, found))
    return { module: null, reactor: missingUse(id, 'reactor', config, configDigest) }
  }
  const { pack, parts } = found
  for (const part of parts) if (!isValidConfig(config, part.config)) unusable.push(wrongConfig(pack, part.contract))
  const reactor = parts.find(({ contract }) => contract === 'reactor')
  return {
    module: { pack: id, version: pack.manifest.version, digest: pack.digest, config, configDigest, manifest: askingMore(pack.manifest, asked) },
    reactor: reactor === undefined ? null : useOf(pack, reactor, config, configDigest),
  }
}

/** What a pack declares, with the attributes required that the profile requires. */
function askingMore(manifest: PackManifest, asked: NonNullable<Profile['attributes']>): PackManifest {
  const { attributes } = manifest
  if (attributes?.some(({ name }) => asked[`${manifest.id}.${name}`]?.required === true) !== true) return manifest
  return { ...manifest, attributes: attributes.map(each => asked[`${manifest.id}.${each.name}`]?.required === true ? { ...each, required: true } : each) }
}

function useOf({ manifest, digest }: KnownPack, part: ContractImplementation, config: unknown, configDigest: string): PackUse {
  return {
    pack: manifest.id, version: manifest.version, digest, contract: part.contract as PipelineContract, contractVersion: part.version, entry: part.entry,
    config, configDigest, needs: part.needs ?? [], reads: part.reads ?? [], issues: manifest.issues ?? [],
  }
}

function missingUse(pack: string, contract: PipelineContract, config: unknown, configDigest: string): PackUse {
  return { pack, version: '', digest: '', contract, contractVersion: '', entry: '', config, configDigest, needs: [], reads: [], issues: [] }
}

function missingPack(pack: string, contract: ContractName, { missing }: Extract<Found, { missing: Saying }>): UnusablePack {
  return { pack, contract, code: 'KS-PACK-MISSING', ...told(missing) }
}

function wrongConfig({ manifest: { id, version } }: KnownPack, contract: ContractName): UnusablePack {
  return {
    pack: id, contract, code: 'KS-PACK-CONFIG', message: `${id} ${version} does not take the config of the profile for its ${contract}.`,
    remedy: 'Correct the config in the profile, or name the version of the pack that it was written for.',
  }
}

/** What packs need and lack; a pack that needs one that cannot be used cannot be used either, and so on. */
function unmetOf(profile: Profile, available: Available, out: ReadonlySet<string>): UnusablePack[] {
  const enabled = enabledPacks(profile, available)
  for (const id of out) enabled.delete(id)
  const unmet: UnusablePack[] = []
  for (let before = -1; before < unmet.length;) {
    before = unmet.length
    for (const { manifest } of [...enabled.values()]) {
      const [need] = unmetNeeds(manifest, enabled, profile)
      if (need === undefined) continue
      for (const { contract } of manifest.implements) unmet.push({ pack: manifest.id, contract, code: need.code, ...told(need.said) })
      enabled.delete(manifest.id)
    }
  }
  return unmet
}

/** The packs of a profile that are there, by id. */
export function enabledPacks(profile: Profile, available: Available): Map<string, KnownPack> {
  const enabled = new Map<string, KnownPack>()
  for (const { name, entry } of entriesOf(profile)) {
    for (const pack of packOf(name, entry, available)) if (!enabled.has(pack.manifest.id)) enabled.set(pack.manifest.id, pack)
  }
  return enabled
}

/** The pack that answers a capability, alone; none where the product does, or where it is not here. */
function packOf(name: Capability['name'], entry: CapabilityEntry, available: Available): KnownPack[] {
  const found = entry.pack === undefined ? null : find(name, entry, available)
  return found !== null && 'pack' in found ? [found.pack] : []
}

/** Roles of each permission of the modules: the profile has the last word. */
function permissionsOf(profile: Profile, modules: readonly ModuleUse[]): Composition['permissions'] {
  const defined = modules.flatMap(({ manifest }) => manifest.permissions ?? [])
  return Object.fromEntries(defined.map(({ name, roles }) => [name, profile.permissions?.[name] ?? roles]))
}

function told(said: Saying): { readonly message: string; readonly remedy: string } {
  const { message, fix } = englishOf(said)
  return { message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`, remedy: fix }
}

type Found =
  | { readonly pack: KnownPack; readonly parts: readonly ContractImplementation[] }
  | { readonly missing: Saying; readonly at: 'pack' | 'version'; readonly instead?: string }

/** Why a pack cannot be had, and what to write instead, if anything. */
function withFixes({ missing, instead }: Extract<Found, { missing: Saying }>, path: readonly PathKey[], others: readonly Fix[]): Saying {
  const near = instead === undefined ? [] : [fixOf('set', { value: instead }, { op: 'set', path, value: instead })]
  const [first, ...rest] = others.filter(({ code }) => code === 'use-pack').map(({ values }) => String(values['pack']))
  const said = missing.code === 'pack-missing' && first !== undefined ? saying('pack-missing-others', { ...missing.values, others: [first, ...rest].join(', ') }) : missing
  return { ...said, fixes: [...near, ...others] }
}

/** The version of a pack that a profile would get, whatever it uses it for; of any range, where none that is here fits its own. */
export function packGiven(id: string, range: string, available: Available): KnownPack | undefined {
  const here = available.packs.filter(({ manifest }) => manifest.id === id)
  return versionGiven(here.filter(({ manifest }) => satisfies(manifest.version, range)), available) ?? versionGiven(here, available)
}

/** Of the versions of a pack that a profile takes, the one that it gets: the preferred, else the highest that this engine runs. */
function versionGiven(wanted: readonly KnownPack[], { engineVersion, preferred }: Pick<Available, 'engineVersion' | 'preferred'>): KnownPack | undefined {
  const running = wanted.filter(each => satisfies(engineVersion, each.manifest.engine, { includePrerelease: true }))
  // The digest decides between two packs of one version, so that every start resolves the same way.
  const [highest] = running.toSorted((a, b) => compare(b.manifest.version, a.manifest.version) || (a.digest < b.digest ? -1 : 1))
  return running.find(each => each.digest === preferred?.get(each.manifest.id)) ?? highest
}

function find(name: Capability['name'], { pack, version: wish }: CapabilityEntry, available: Available): Found {
  const { packs, engineVersion } = available
  const { contract } = capability(name)
  const id = String(pack)
  const version = wish ?? '*'
  const named = packs.filter(each => each.manifest.id === id)
  if (named.length === 0) {
    const meant = closestName(id, packs.map(each => each.manifest.id))
    return meant === null ? { missing: saying('pack-missing', { pack: id }), at: 'pack' } : { missing: saying('pack-misspelt', { pack: id, meant }), at: 'pack', instead: meant }
  }
  const wanted = named.filter(each => satisfies(each.manifest.version, version))
  if (wanted.length === 0) {
    const there = named.map(each => each.manifest.version).toSorted(compare)
    return { missing: saying('version-missing', { pack: id, version, there: there.join(', ') }), at: 'version', instead: `^${there.at(-1) ?? ''}` }
  }
  const best = versionGiven(wanted, available)
  if (best === undefined) return { missing: saying('engine-too-old', { pack: id, version, engine: engineVersion }), at: 'version' }
  const parts = partsIn(name, best.manifest)
  if (parts.length === 0) {
    const implemented = best.manifest.implements.map(each => each.contract).join(', ')
    return { missing: contract === null ? saying('brings-nothing', { pack: id, implemented }) : saying('wrong-contract', { pack: id, contract, implemented, capability: name }), at: 'pack' }
  }
  const known = newestOfEach(parts)
  if (known.length === 0) {
    const implemented = parts.map(each => `${each.contract} ${each.version}`).join(', ')
    return { missing: saying('contract-unknown', { pack: id, version: best.manifest.version, implemented }), at: 'version' }
  }
  return { pack: best, parts: known }
}

interface Place {
  readonly profile: Profile
  readonly at: readonly PathKey[]
  readonly source: ProfileSource
}

/** A config value of the format `keelson-target` names an entry of `integrations`; a `kind` beside it is that entry's kind. */
function targetFindings(config: Readonly<Record<string, unknown>>, part: ContractImplementation, { profile, at, source }: Place): Finding[] {
  const targets = profile.integrations ?? {}
  return integrationKeys(part).flatMap(key => {
    const name = config[key]
    if (typeof name !== 'string') return []
    const target = Object.hasOwn(targets, name) ? targets[name] : undefined
    if (target === undefined) {
      const meant = closestName(name, Object.keys(targets))
      const path = [...at, key]
      return [findingAt(source, path, meant === null ? saying('no-such-integration', { name })
        : saying('misspelt-integration', { name, meant }, [fixOf('set', { value: meant }, { op: 'set', path, value: meant })]))]
    }
    const path = [...at, 'kind']
    return config['kind'] === undefined || config['kind'] === target.kind ? []
      : [findingAt(source, path, saying('integration-of-other-kind', { name, kind: target.kind }, [fixOf('set', { value: target.kind }, { op: 'set', path, value: target.kind })]))]
  })
}

/** Everyone whom the profile names to answer, and where. */
export function* entriesOf({ capabilities }: Profile): Generator<{ name: Capability['name']; entry: CapabilityEntry; at: readonly PathKey[] }> {
  for (const [index, entry] of capabilities.validation.entries()) yield { name: 'validation', entry, at: ['capabilities', 'validation', index] }
  yield { name: 'pricing', entry: capabilities.pricing, at: ['capabilities', 'pricing'] }
  yield { name: 'approval', entry: capabilities.approval, at: ['capabilities', 'approval'] }
  for (const [index, entry] of (capabilities.reactions ?? []).entries()) yield { name: 'reactions', entry, at: ['capabilities', 'reactions', index] }
  for (const [index, entry] of (capabilities.modules ?? []).entries()) yield { name: 'modules', entry, at: ['capabilities', 'modules', index] }
}

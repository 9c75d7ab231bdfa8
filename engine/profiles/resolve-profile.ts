import { compare, satisfies } from 'semver'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { ContractImplementation } from '#engine/contracts/v1/index.ts'
import type { Composition, KnownPack, PackUse, UnusablePack } from '#engine/packs/composition.ts'
import { capability, type Capability } from './capabilities.ts'
import { configProblems, isValidConfig } from './check-config.ts'
import { closestName } from './closest-name.ts'
import type { CapabilityEntry, Profile } from './profile-document.ts'
import { type PathKey, type ProfileProblem, ProfileSource } from './profile-source.ts'

/** The bytes that a site has, and the engine that shall run them. */
export interface Available {
  readonly packs: readonly KnownPack[]
  /** Version of the engine, e.g. `0.1.0`. */
  readonly engineVersion: string
  /** By pack id: the digest to take where the profile takes its version; a tenant changes version when a person says so. */
  readonly preferred?: ReadonlyMap<string, string>
}

/**
 * Who answers what, resolved to exact bytes: the preferred version, else the highest that the profile takes and this engine runs. What
 * cannot be resolved is in `unusable`, and stands in its place with an empty digest, so that its step holds the order.
 */
export function resolveProfile(profile: Profile, available: Available, tenant: string, version: number): Composition {
  const unusable: UnusablePack[] = []
  const use = (name: Capability['name'], entry: CapabilityEntry) => resolveUse(name, entry, available, unusable)
  return {
    tenant,
    profileVersion: version,
    validation: profile.capabilities.validation.map(entry => use('validation', entry)),
    pricing: use('pricing', profile.capabilities.pricing),
    approval: use('approval', profile.capabilities.approval),
    reactors: (profile.capabilities.reactions ?? []).map(entry => use('reactions', entry)),
    modules: [],
    permissions: {},
    confirmation: profile.capabilities.confirmation,
    targets: profile.targets ?? {},
    unusable,
  }
}

/** What stands against publishing the profile on this site: packs that are missing, configs that they do not take. */
export function checkProfile(profile: Profile, available: Available): readonly ProfileProblem[] {
  const source = new ProfileSource(profile.source)
  const problems: ProfileProblem[] = []
  for (const { name, entry, at } of entriesOf(profile)) {
    if (entry.pack === undefined) continue
    const found = find(name, entry, available)
    if ('missing' in found) {
      problems.push({ ...source.position([...at, found.at]), path: [...at, found.at].join('.'), message: found.missing, fix: found.fix })
      continue
    }
    const config = entry.config ?? {}
    const configAt = entry.config === undefined ? at : [...at, 'config']
    problems.push(...configProblems(config, found.part.config, configAt, source), ...targetProblems(config, found.part, { profile, at: configAt, source }))
  }
  return problems
}

function resolveUse(name: Capability['name'], entry: CapabilityEntry, available: Available, unusable: UnusablePack[]): PackUse {
  const { contract } = capability(name)
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
  const missing = { pack: entry.pack, version: '', digest: '', contract, contractVersion: '', entry: '', config, configDigest, needs: [], reads: [], issues: [] }
  if ('missing' in found) {
    unusable.push({ pack: entry.pack, contract, code: 'KS-PACK-MISSING', message: `${found.missing.charAt(0).toUpperCase()}${found.missing.slice(1)}.`, remedy: found.fix })
    return missing
  }
  const { pack: { manifest, digest }, part } = found
  if (!isValidConfig(config, part.config)) {
    unusable.push({
      pack: entry.pack, contract, code: 'KS-PACK-CONFIG', message: `${manifest.id} ${manifest.version} does not take the config of the profile.`,
      remedy: 'Correct the config in the profile, or name the version of the pack that it was written for.',
    })
    return missing
  }
  return {
    pack: manifest.id, version: manifest.version, digest, contract, contractVersion: part.version, entry: part.entry,
    config, configDigest, needs: part.needs ?? [], reads: part.reads ?? [], issues: manifest.issues ?? [],
  }
}

type Found =
  | { readonly pack: KnownPack; readonly part: ContractImplementation }
  | { readonly missing: string; readonly fix: string; readonly at: 'pack' | 'version' }

function find(name: Capability['name'], { pack: id, version }: CapabilityEntry, { packs, engineVersion, preferred }: Available): Found {
  const { contract } = capability(name)
  const named = packs.filter(pack => pack.manifest.id === id)
  if (named.length === 0) {
    const meant = closestName(String(id), packs.map(pack => pack.manifest.id))
    return { missing: `the pack ${id} is not on this site`, fix: meant === null ? `Install ${id}.` : `Did you mean ${meant}? Otherwise install ${id}.`, at: 'pack' }
  }
  const wanted = named.filter(pack => satisfies(pack.manifest.version, version ?? '*'))
  if (wanted.length === 0) {
    const there = named.map(pack => pack.manifest.version).join(', ')
    return { missing: `no version of ${id} on this site is ${version}`, fix: `Install one, or take one that is there: ${there}.`, at: 'version' }
  }
  const running = wanted.filter(pack => satisfies(engineVersion, pack.manifest.engine, { includePrerelease: true }))
  if (running.length === 0) {
    return { missing: `no version ${version} of ${id} on this site runs on engine ${engineVersion}`, fix: `Install a version of ${id} for this engine.`, at: 'version' }
  }
  // The digest decides between two packs of one version, so that every start resolves the same way.
  const [highest] = running.toSorted((a, b) => compare(b.manifest.version, a.manifest.version) || (a.digest < b.digest ? -1 : 1))
  const best = running.find(pack => pack.digest === preferred?.get(pack.manifest.id)) ?? highest
  const part = best?.manifest.implements.find(each => each.contract === contract)
  if (best === undefined || part === undefined) {
    return { missing: `${id} is no ${contract}: it implements ${best?.manifest.implements.map(each => each.contract).join(', ')}`, fix: `Name a pack for ${name}.`, at: 'pack' }
  }
  return { pack: best, part }
}

interface Place {
  readonly profile: Profile
  readonly at: readonly PathKey[]
  readonly source: ProfileSource
}

/** A config value of the format `keelson-target` names an entry of `targets`; a `kind` beside it is that entry's kind. */
function targetProblems(config: Readonly<Record<string, unknown>>, part: ContractImplementation, { profile, at, source }: Place): ProfileProblem[] {
  const properties = (part.config['properties'] ?? {}) as Readonly<Record<string, { readonly format?: unknown }>>
  const targets = profile.targets ?? {}
  return Object.keys(properties).filter(key => properties[key]?.format === 'keelson-target').flatMap(key => {
    const name = config[key]
    if (typeof name !== 'string') return []
    const problem = (path: readonly PathKey[], message: string, fix: string) => [{ ...source.position(path), path: path.join('.'), message, fix }]
    const target = Object.hasOwn(targets, name) ? targets[name] : undefined
    if (target === undefined) {
      const meant = closestName(name, Object.keys(targets))
      return problem([...at, key], `the profile has no target ${name}`, meant === null ? `Add ${name} to targets.` : `Did you mean ${meant}?`)
    }
    return config['kind'] === undefined || config['kind'] === target.kind ? []
      : problem([...at, 'kind'], `the target ${name} is a ${target.kind}`, `Write kind: ${target.kind}.`)
  })
}

function* entriesOf({ capabilities }: Profile): Generator<{ name: Capability['name']; entry: CapabilityEntry; at: readonly PathKey[] }> {
  for (const [index, entry] of capabilities.validation.entries()) yield { name: 'validation', entry, at: ['capabilities', 'validation', index] }
  yield { name: 'pricing', entry: capabilities.pricing, at: ['capabilities', 'pricing'] }
  yield { name: 'approval', entry: capabilities.approval, at: ['capabilities', 'approval'] }
  for (const [index, entry] of (capabilities.reactions ?? []).entries()) yield { name: 'reactions', entry, at: ['capabilities', 'reactions', index] }
}

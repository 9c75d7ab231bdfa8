import { satisfies } from 'semver'
import { GRANTABLE_ROLES } from '#engine/access/permissions.ts'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack, UnusablePack } from '#engine/packs/composition.ts'
import { closestName } from './closest-name.ts'
import type { Profile } from './profile-document.ts'
import type { Finding, Fix, PathKey } from '#engine/profiles/finding.ts'
import { type FindingCode, findingAt, fixOf, type Saying, saying } from './finding-texts.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'

interface UnmetNeed {
  readonly code: UnusablePack['code']
  readonly said: Saying
}

/** What a pack needs beside it in the profile and does not find: other packs, their public events, an entitlement. */
export function* unmetNeeds({ id: pack, requires = [], implements: parts, entitlement }: PackManifest, enabled: ReadonlyMap<string, KnownPack>, profile: Profile): Generator<UnmetNeed> {
  for (const { pack: needed, version } of requires) {
    const there = enabled.get(needed)?.manifest.version
    if (there === undefined) yield { code: 'KS-PACK-REQUIRES', said: saying('pack-needs', { pack, needed, version }, [enable(needed, version)]) }
    else if (!satisfies(there, version)) yield { code: 'KS-PACK-REQUIRES', said: saying('pack-needs-version', { pack, needed, version, there }) }
  }
  for (const type of new Set(parts.flatMap(part => part.reads ?? []))) {
    const [needed = ''] = type.split('.')
    if (needed === 'keelson' || needed === pack) continue
    const there = enabled.get(needed)?.manifest
    const emitted = there?.emits?.find(event => event.type === type)
    if (there === undefined) yield { code: 'KS-PACK-READS', said: saying('pack-reads', { pack, type, needed }, [enable(needed, '*')]) }
    else if (emitted?.public !== true) yield { code: 'KS-PACK-READS', said: saying(emitted === undefined ? 'pack-reads-nothing' : 'pack-reads-private', { pack, type, needed, there: there.version }) }
  }
  if (entitlement !== undefined && !(profile.entitlements ?? []).includes(entitlement)) {
    yield { code: 'KS-PACK-ENTITLEMENT', said: saying('entitlement-missing', { pack, entitlement }, [fixOf('add', { key: entitlement }, { op: 'add', path: ['entitlements'], value: entitlement })]) }
  }
}

/** Permissions and roles of the profile that mean nothing. */
export function permissionFindings({ permissions = {} }: Profile, packs: readonly KnownPack[], source: ProfileSource): Finding[] {
  const defined = packs.flatMap(({ manifest }) => (manifest.permissions ?? []).map(({ name }) => name))
  return Object.entries(permissions).flatMap(([name, roles]): Finding[] => {
    const path = ['permissions', name] as const
    if (!defined.includes(name)) return [findingAt(source, path, nothingDefines(path, defined, ['no-such-permission', 'misspelt-permission', 'no-permissions']), 'key')]
    return roles.flatMap((role, index) => GRANTABLE_ROLES.includes(role) ? [] : [findingAt(source, [...path, index], noSuchRole(role, [...path, index]))])
  })
}

/** Attributes of which the profile asks more, and that no pack adds to orders or lines. */
export function attributeFindings({ attributes = {} }: Profile, packs: readonly KnownPack[], source: ProfileSource): Finding[] {
  const added = packs.flatMap(({ manifest }) => (manifest.attributes ?? []).filter(({ on }) => on !== 'account').map(({ name }) => `${manifest.id}.${name}`))
  return Object.keys(attributes).filter(name => !added.includes(name))
    .map(name => findingAt(source, ['attributes', name], nothingDefines(['attributes', name], added, ['no-such-attribute', 'misspelt-attribute', 'no-attributes']), 'key'))
}

function nothingDefines(path: readonly [string, string], known: readonly string[], [unknown, misspelt, none]: readonly [FindingCode, FindingCode, FindingCode]): Saying {
  const [section, name] = path
  const meant = closestName(name, known)
  const remove = fixOf('remove', { key: name }, { op: 'remove', path: [section, name] })
  if (meant !== null) return saying(misspelt, { name, meant }, [fixOf('rename', { key: name, meant }, { op: 'rename', path, to: meant }), remove])
  return known.length === 0 ? saying(none, { name }, [remove]) : saying(unknown, { name, known: known.join(', ') }, [remove])
}

function noSuchRole(name: string, path: readonly PathKey[]): Saying {
  const meant = closestName(name, GRANTABLE_ROLES)
  const remove = fixOf('remove', { key: name }, { op: 'remove', path })
  return meant === null ? saying('no-such-role', { name, known: GRANTABLE_ROLES.join(', ') }, [remove])
    : saying('misspelt-role', { name, meant }, [fixOf('set', { value: meant }, { op: 'set', path, value: meant }), remove])
}

function enable(pack: string, version: string): Fix {
  return fixOf('add', { key: pack }, { op: 'add', path: ['capabilities', 'modules'], value: { pack, version } })
}

import { satisfies } from 'semver'
import { GRANTABLE_ROLES } from '#engine/access/permissions.ts'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack, UnusablePack } from '#engine/packs/composition.ts'
import { closestName } from './closest-name.ts'
import type { Profile } from './profile-document.ts'
import type { ProfileProblem, ProfileSource } from './profile-source.ts'

interface UnmetNeed {
  readonly code: UnusablePack['code']
  readonly message: string
  readonly fix: string
}

/** What a pack needs beside it in the profile and does not find: other packs, their public events, an entitlement. */
export function* unmetNeeds({ id, requires = [], implements: parts, entitlement }: PackManifest, enabled: ReadonlyMap<string, KnownPack>, profile: Profile): Generator<UnmetNeed> {
  for (const { pack, version } of requires) {
    const there = enabled.get(pack)
    if (there === undefined) yield { code: 'KS-PACK-REQUIRES', message: `${id} needs ${pack} ${version}, which the profile does not enable`, fix: enable(pack, version) }
    else if (!satisfies(there.manifest.version, version)) {
      yield { code: 'KS-PACK-REQUIRES', message: `${id} needs ${pack} ${version}, and the profile enables ${there.manifest.version}`, fix: `Take a version of ${pack} that ${id} can work with, or another version of ${id}.` }
    }
  }
  for (const type of new Set(parts.flatMap(part => part.reads ?? []))) {
    const [pack = ''] = type.split('.')
    if (pack === 'keelson' || pack === id) continue
    const emitted = enabled.get(pack)?.manifest.emits?.find(event => event.type === type)
    if (!enabled.has(pack)) yield { code: 'KS-PACK-READS', message: `${id} reads ${type} of ${pack}, which the profile does not enable`, fix: enable(pack, '*') }
    else if (emitted?.public !== true) {
      yield {
        code: 'KS-PACK-READS', message: `${id} reads ${type}, which ${pack} ${enabled.get(pack)?.manifest.version ?? ''} ${emitted === undefined ? 'does not emit' : 'keeps to itself'}`,
        fix: `Take a version of ${pack} that makes it public.`,
      }
    }
  }
  if (entitlement !== undefined && !(profile.entitlements ?? []).includes(entitlement)) {
    yield { code: 'KS-PACK-ENTITLEMENT', message: `${id} needs the entitlement ${entitlement}, which the profile does not carry`, fix: `Add ${entitlement} to entitlements.` }
  }
}

/** Permissions and roles of the profile that mean nothing. */
export function permissionProblems({ permissions = {} }: Profile, packs: readonly KnownPack[], source: ProfileSource): ProfileProblem[] {
  const defined = packs.flatMap(({ manifest }) => (manifest.permissions ?? []).map(({ name }) => name))
  return Object.entries(permissions).flatMap(([name, roles]): ProfileProblem[] => {
    const path = ['permissions', name]
    if (!defined.includes(name)) {
      const meant = closestName(name, defined)
      return [{
        ...source.keyPosition(['permissions'], name), path: path.join('.'), message: `no pack of the profile defines the permission ${name}`,
        fix: meant !== null ? `Did you mean ${meant}?` : defined.length === 0 ? 'Remove it.' : `Remove it; there are ${defined.join(', ')}.`,
      }]
    }
    return roles.flatMap((role, index) => {
      if (GRANTABLE_ROLES.includes(role)) return []
      const meant = closestName(role, GRANTABLE_ROLES)
      return [{ ...source.position([...path, index]), path: [...path, index].join('.'), message: `there is no role ${role}`, fix: meant !== null ? `Did you mean ${meant}?` : `There are ${GRANTABLE_ROLES.join(', ')}.` }]
    })
  })
}

function enable(pack: string, version: string): string {
  return `Add it under capabilities, such as modules: [{ pack: ${pack}, version: '${version}' }].`
}

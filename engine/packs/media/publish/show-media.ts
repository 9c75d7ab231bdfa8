import type { Root } from '@tufjs/models'
import { fingerprintOf, signedAtOf } from '../metadata.ts'
import { EVERYTHING, nameSpaceOf } from '../name-space.ts'
import { contentOf, type MediaTarget, type Revocation } from '../open-media.ts'
import { ageOf, type TrustAge } from '../trust-state.ts'
import { OWNER_ROLES } from './edits.ts'
import type { Repository } from './repository.ts'

/** Media as its owner looks at it. */
export interface ShownMedia {
  readonly repository: string
  readonly fingerprint: string
  readonly roles: readonly ShownRole[]
  readonly packs: readonly Pick<MediaTarget, 'publisher' | 'id' | 'version' | 'digest' | 'bytes' | 'signedBy'>[]
  readonly revoked: readonly Revocation[]
  readonly age: TrustAge
}

export interface ShownRole {
  readonly role: string
  /** Null while the publisher has signed nothing. */
  readonly version: number | null
  readonly expiresAt: string | null
  readonly threshold: number
  readonly keys: readonly string[]
  /** What a publisher may speak for; null for the owner's roles. */
  readonly nameSpace: readonly string[] | null
  /** Version that waits for the owner's next `media sign`. */
  readonly waiting: number | null
}

export function showMedia({ repository, walked, pending }: Repository, now: number): ShownMedia {
  const { root, timestamp, snapshot, targets, delegations } = walked
  const files = { root, timestamp, snapshot, targets }
  const owner = OWNER_ROLES.map((role): ShownRole => ({
    role, version: files[role].signed.version, expiresAt: files[role].signed.expires, ...keysOfRole(root.signed, role), nameSpace: null, waiting: null,
  }))
  const publishers = delegations.map(({ name, paths, signers, targets: own }): ShownRole => ({
    role: name, version: own?.signed.version ?? null, expiresAt: own?.signed.expires ?? null, threshold: signers.threshold, keys: signers.keyIds,
    nameSpace: nameSpaceOf(paths) ?? paths, waiting: pending.get(name)?.signed.version ?? null,
  }))
  const content = contentOf(walked, EVERYTHING)
  const expiresAt = Math.min(...[...owner, ...publishers].flatMap(({ expiresAt }) => expiresAt === null ? [] : Date.parse(expiresAt)))
  const age = ageOf({ signedAt: signedAtOf(timestamp.signed) ?? 0, expiresAt }, now)
  return {
    repository, fingerprint: fingerprintOf(root), roles: [...owner, ...publishers], revoked: content.revoked, age,
    packs: content.targets.map(({ publisher, id, version, digest, bytes, signedBy }) => ({ publisher, id, version, digest, bytes, signedBy })),
  }
}

function keysOfRole(root: Root, role: string): Pick<ShownRole, 'threshold' | 'keys'> {
  const { threshold = 1, keyIDs = [] } = root.roles[role] ?? {}
  return { threshold, keys: keyIDs }
}

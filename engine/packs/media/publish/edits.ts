import type { Root } from '@tufjs/models'
import { ok, type Result } from '#engine/core/refusal.ts'
import type { OpenPack } from '../../composition.ts'
import { REPOSITORY, REVOKED, topLevelSigners, type Kind } from '../metadata.ts'
import { checkNameSpace, covers, EVERYTHING, nameSpaceOf, pathsOf, type NameSpace } from '../name-space.ts'
import { contentOf, targetFile } from '../open-media.ts'
import { refuseMedia } from '../refusals.ts'
import { isAtHand, NO_TARGETS, SPEC, type Changes, type Days, type Signed } from './plan.ts'
import { currentTargets, type Repository } from './repository.ts'
import type { PublicKey, SigningKey } from './signing-keys.ts'

/** The four roles of the owner of media. */
export const OWNER_ROLES: readonly Kind[] = ['root', 'targets', 'snapshot', 'timestamp']

export interface RoleKeys {
  readonly keys: readonly PublicKey[]
  readonly threshold: number
}

/** The content of a first root. */
export function firstRoot(repository: string, roles: Readonly<Record<Kind, RoleKeys>>): Signed {
  return {
    _type: 'root', spec_version: SPEC, consistent_snapshot: true, [REPOSITORY]: repository,
    keys: keysJson(Object.values(roles).flatMap(role => role.keys)),
    roles: Object.fromEntries(Object.entries(roles).map(([name, { keys, threshold }]) => [name, { keyids: keys.map(key => key.keyId), threshold }])),
  }
}

/** Lists packs, each under whoever may speak for it: the publisher that the owner delegated to, else the owner. */
export function addPacks(repository: Repository, packs: readonly { readonly pack: OpenPack; readonly bytes: Uint8Array }[]): Result<Changes> {
  const roles = new Map<string, Signed>()
  const files = new Map<string, Uint8Array>()
  const { revoked } = contentOf(repository.walked, EVERYTHING)
  for (const { pack: { manifest: { publisher, id, version }, digest }, bytes } of packs) {
    const name = `${publisher}/${id} ${version}`
    const withdrawn = revoked.find(entry => entry.publisher === publisher && entry.id === id && entry.version === version)
    if (withdrawn !== undefined) return refuseMedia('KS-MEDIA-PACK-REVOKED', { pack: name, reason: withdrawn.why })
    const role = repository.walked.delegations.find(({ paths }) => covers(nameSpaceOf(paths) ?? [], publisher, id))?.name ?? 'targets'
    const content = roles.get(role) ?? currentTargets(repository, role)?.signed.toJSON() ?? NO_TARGETS
    const path = `${publisher}/${id}/${version}.kpack`
    const targets = content['targets'] as Signed
    const known = targets[path] as { hashes: { sha256: string } } | undefined
    if (known?.hashes.sha256 === digest) continue
    if (known !== undefined) return refuseMedia('KS-MEDIA-PACK-KNOWN', { pack: name })
    roles.set(role, { ...content, targets: { ...targets, [path]: { length: bytes.byteLength, hashes: { sha256: digest }, custom: { publisher, id, version } } } })
    files.set(targetFile({ publisher, id, version, digest }), bytes)
  }
  return ok({ roles, files })
}

/** Withdraws a version of a pack, for ever. `pack` is `ID@VERSION` or `PUBLISHER/ID@VERSION`. */
export function revokePack(repository: Repository, pack: string, why: string): Result<Changes> {
  const named = /^(?:([a-z0-9-]+)\/)?([a-z0-9-]+)@(\S+)$/.exec(pack)
  const found = named === null ? [] : contentOf(repository.walked, EVERYTHING).targets.filter(target =>
    target.id === named[2] && target.version === named[3] && (named[1] === undefined || target.publisher === named[1]))
  const [target] = found
  if (target === undefined || found.length > 1) return refuseMedia('KS-MEDIA-PACK-UNKNOWN', { pack })
  const content = currentTargets(repository, target.signedBy)?.signed.toJSON() ?? NO_TARGETS
  const { [target.path]: _gone, ...targets } = content['targets'] as Signed
  const { publisher, id, version, digest } = target
  const revoked = [...content[REVOKED] as Signed[] | undefined ?? [], { publisher, id, version, digest, why }]
  return ok({ roles: new Map([[target.signedBy, { ...content, targets, [REVOKED]: revoked }]]) })
}

/** Lets a publisher sign for a name space with keys of their own; for one who may already, the keys and names change. */
export function delegate(repository: Repository, publisher: string, { keys, threshold }: RoleKeys, nameSpace: NameSpace): Result<Changes> {
  if (!/^[a-z][a-z0-9-]{1,59}$/.test(publisher) || (OWNER_ROLES as readonly string[]).includes(publisher)) return refuseMedia('KS-MEDIA-PUBLISHER-NAME', { publisher })
  const formed = checkNameSpace(nameSpace)
  if (!formed.ok) return formed
  const role = { name: publisher, keyids: keys.map(key => key.keyId), threshold, paths: pathsOf(nameSpace), terminating: true }
  return ok(withDelegations(repository, roles => [...roles.filter(other => other['name'] !== publisher), role], keysJson(keys)))
}

/** New roots in which `replace` stand for the keys of some roles. */
export function replaceKeys({ walked: { root } }: Repository, replace: Readonly<Partial<Record<Kind, RoleKeys>>>): Changes {
  const content = root.signed.toJSON()
  const after = withRoles(content, root.signed, role => replace[role] ?? null)
  if (replace.targets === undefined && replace.snapshot === undefined && replace.timestamp === undefined) return { roots: [after] }
  // While timestamp.json is replaced both the old and the new keys of these roles count: one file changes at a time.
  const between = withRoles(content, root.signed, role => {
    const added = role === 'root' ? undefined : replace[role]
    return added === undefined ? null : { keys: [...keysOf(root.signed, role), ...added.keys], threshold: Math.min(added.threshold, root.signed.roles[role]?.threshold ?? 1) }
  })
  return { roots: [between, after], renew: true }
}

/** Signs everything anew; the root too, where its keys are at hand and half its time is over. */
export function renewal({ walked: { root } }: Repository, keys: readonly SigningKey[], now: number, { root: rootDays }: Days): Changes {
  const isOld = Date.parse(root.signed.expires) - now < rootDays * 86_400_000 / 2
  return isOld && isAtHand(topLevelSigners(root.signed, 'root'), keys) ? { renew: true, roots: [root.signed.toJSON()] } : { renew: true }
}

/** Takes a key from every publisher that it signs for; one who has too few left may sign no more until the owner delegates to them again. */
export function withdrawPublisherKey(repository: Repository, keyId: string): Changes {
  const without = (role: Signed): Signed => ({ ...role, keyids: (role['keyids'] as string[]).filter(id => id !== keyId) })
  return withDelegations(repository, roles => roles.map(without).filter(role => (role['keyids'] as string[]).length >= Number(role['threshold'])), {})
}

/** The one key whose id begins so, and the roles that it signs for. */
export function findKey({ walked }: Repository, beginning: string): Result<{ keyId: string; ownerRoles: Kind[]; publishers: string[] }> {
  const delegations = walked.targets.signed.delegations
  const ids = [...new Set([...Object.keys(walked.root.signed.keys), ...Object.keys(delegations?.keys ?? {})])].filter(id => beginning.length >= 4 && id.startsWith(beginning))
  const [keyId] = ids
  if (keyId === undefined || ids.length > 1) return refuseMedia('KS-MEDIA-KEY-UNKNOWN', { key: beginning })
  return ok({
    keyId, ownerRoles: OWNER_ROLES.filter(role => walked.root.signed.roles[role]?.keyIDs.includes(keyId) === true),
    publishers: Object.values(delegations?.roles ?? {}).filter(role => role.keyIDs.includes(keyId)).map(role => role.name),
  })
}

export function keysOf(root: Root, role: Kind): PublicKey[] {
  return (root.roles[role]?.keyIDs ?? []).flatMap(keyId => {
    const key = root.keys[keyId]
    return key === undefined ? [] : [{ keyId, json: key.toJSON() as unknown as PublicKey['json'] }]
  })
}

function withRoles(content: Signed, root: Root, change: (role: Kind) => RoleKeys | null): Signed {
  const roles = OWNER_ROLES.map(role => [role, change(role) ?? { keys: keysOf(root, role), threshold: root.roles[role]?.threshold ?? 1 }] as const)
  return {
    ...content, keys: keysJson(roles.flatMap(([, { keys }]) => keys)),
    roles: Object.fromEntries(roles.map(([role, { keys, threshold }]) => [role, { keyids: keys.map(key => key.keyId), threshold }])),
  }
}

function withDelegations({ walked }: Repository, change: (roles: readonly Signed[]) => readonly Signed[], added: Signed): Changes {
  const content = walked.targets.signed.toJSON()
  const { roles = [], keys = {} } = (content['delegations'] ?? {}) as { roles?: Signed[]; keys?: Signed }
  const changed = change(roles)
  const named = new Set(changed.flatMap(role => role['keyids'] as string[]))
  const left = Object.fromEntries(Object.entries({ ...keys, ...added }).filter(([keyId]) => named.has(keyId)))
  return { roles: new Map([['targets', { ...content, delegations: { keys: left, roles: [...changed] } }]]) }
}

function keysJson(keys: readonly PublicKey[]): Signed {
  return Object.fromEntries(keys.map(key => [key.keyId, key.json as unknown as Signed]))
}

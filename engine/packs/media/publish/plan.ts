import { Metadata, MetadataKind, Signature, type Root, type Targets } from '@tufjs/models'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { ok, type Result } from '#engine/core/refusal.ts'
import { checkSignatures, METADATA_LIMITS, SIGNED_AT, topLevelSigners, type Signers } from '../metadata.ts'
import { refuseMedia } from '../refusals.ts'
import { metadataPath } from '../walk-metadata.ts'
import { currentTargets, listedVersion, signersOf, type Repository } from './repository.ts'
import type { SigningKey } from './signing-keys.ts'

/** What is signed, as its file has it. */
export type Signed = ReturnType<Root['toJSON']>

/** For how many days each kind of file holds. */
export interface Days { readonly root: number; readonly targets: number; readonly snapshot: number; readonly timestamp: number }

/** Sites are visited seldom: media that is renewed twice a year stays good. */
export const DAYS: Days = { root: 1825, targets: 730, snapshot: 365, timestamp: 365 }

/** What a command changes. */
export interface Changes {
  /** New content of targets, of the owner (`targets`) and of publishers, by name. */
  readonly roles?: ReadonlyMap<string, Signed>
  /** New roots, each signed by the one before it. All but the last let old keys sign too, see `Plan`. */
  readonly roots?: readonly Signed[]
  /** Signs all that the keys at hand can sign anew. */
  readonly renew?: boolean
  /** Files of packs, by path. */
  readonly files?: ReadonlyMap<string, Uint8Array>
}

/**
 * Files to be written in this order, each whole. After any of them the media is good: the new files count only once
 * timestamp.json names them, and where keys change the old and the new ones both count while it is replaced.
 */
export interface Plan {
  readonly writes: readonly { readonly path: string; readonly bytes: Uint8Array }[]
  /** Publishers whose new content waits until the owner of the media signs a snapshot. */
  readonly waiting: readonly string[]
}

export interface Signing {
  readonly keys: readonly SigningKey[]
  readonly now: number
  readonly days: Days
}

/** Signs changes. Refuses with KS-MEDIA-KEYS-MISSING where the keys at hand are too few. */
export function planChanges(repository: Repository, changes: Changes, signing: Signing): Result<Plan> {
  const { walked } = repository
  const time = Math.max(signing.now, walked.seen.signedAt)
  const roots = signRoots(walked.root, changes.roots ?? [], signing, time)
  if (!roots.ok) return roots
  const root = roots.value.at(-1)?.signed ?? walked.root.signed

  const roles = signRoles(repository, root, changes, signing, time)
  if (!roles.ok) return roles
  const packs = [...changes.files ?? []].map(([path, bytes]) => ({ path, bytes }))
  const roleFiles = [...roles.value].map(([name, metadata]) => fileOf(metadataPath(`${metadata.signed.version}.${name}.json`), metadata))

  const waiting = [...roles.value.keys()].filter(name => name !== 'targets')
  const canFinish = (['snapshot', 'timestamp'] as const).every(role => isAtHand(topLevelSigners(root, role), signing.keys))
  if (!canFinish && roots.value.length === 0 && waiting.length > 0 && waiting.length === roles.value.size) return ok({ writes: [...packs, ...roleFiles], waiting })

  const changed = new Map([...repository.pending, ...roles.value])
  const index = signIndex(root, walked.snapshot.signed.toJSON(), walked.timestamp.signed.toJSON(), changed, signing, time)
  if (!index.ok) return index
  const rootFiles = roots.value.map(made => fileOf(metadataPath(`${made.signed.version}.root.json`), made))
  // Under all roots but the last both what is there and what comes is good. The last withdraws the old keys.
  return ok({ writes: [...packs, ...roleFiles, index.value.snapshot, ...rootFiles.slice(0, -1), index.value.timestamp, ...rootFiles.slice(-1)], waiting: [] })
}

/** Signs the first files of new media. */
export function planFirst(content: Signed, signing: Signing): Result<Plan> {
  const first = { ...content, ...stamps(1, signing.now, signing.days.root) }
  const { signed } = readSigned(first) as Metadata<Root>
  const root = signFile(first, 'root', [topLevelSigners(signed, 'root')], signing.keys)
  if (!root.ok) return root
  const targets = signFile({ ...NO_TARGETS, ...stamps(1, signing.now, signing.days.targets) }, 'targets', [topLevelSigners(signed, 'targets')], signing.keys)
  if (!targets.ok) return targets
  const none = { spec_version: SPEC, version: 0, meta: {} }
  const index = signIndex(signed, { _type: 'snapshot', ...none }, { _type: 'timestamp', ...none }, new Map([['targets', targets.value]]), signing, signing.now)
  if (!index.ok) return index
  const writes = [fileOf(metadataPath('1.root.json'), root.value), fileOf(metadataPath('1.targets.json'), targets.value), index.value.snapshot, index.value.timestamp]
  return ok({ writes, waiting: [] })
}

export const SPEC = '1.0.31'

/** Targets before anything was added. */
export const NO_TARGETS: Signed = { _type: 'targets', spec_version: SPEC, targets: {} }

export function isAtHand(signers: Signers, keys: readonly SigningKey[]): boolean {
  return keys.filter(key => signers.keyIds.includes(key.keyId)).length >= signers.threshold
}

type AnyMetadata = Parameters<typeof checkSignatures>[1]
type Write = Plan['writes'][number]

/** The next snapshot, with the targets that changed, and the timestamp that names it. */
function signIndex(
  root: Root, snapshotBefore: Signed, timestampBefore: Signed, changed: ReadonlyMap<string, AnyMetadata>, { keys, days }: Signing, time: number,
): Result<{ snapshot: Write; timestamp: Write }> {
  const meta = { ...snapshotBefore['meta'] as Signed, ...Object.fromEntries([...changed].map(([name, metadata]) => [`${name}.json`, describe(metadata)])) }
  const version = Number(snapshotBefore['version']) + 1
  const snapshot = signFile({ ...snapshotBefore, meta, ...stamps(version, time, days.snapshot) }, 'snapshot', [topLevelSigners(root, 'snapshot')], keys)
  if (!snapshot.ok) return snapshot
  const timestamp = signFile({ ...timestampBefore, meta: { 'snapshot.json': describe(snapshot.value) }, ...stamps(Number(timestampBefore['version']) + 1, time, days.timestamp) },
    'timestamp', [topLevelSigners(root, 'timestamp')], keys)
  if (!timestamp.ok) return timestamp
  return ok({ snapshot: fileOf(metadataPath(`${version}.snapshot.json`), snapshot.value), timestamp: fileOf(metadataPath('timestamp.json'), timestamp.value) })
}

function signRoots(before: Metadata<Root>, roots: readonly Signed[], { keys, days }: Signing, time: number): Result<Metadata<Root>[]> {
  const signed: Metadata<Root>[] = []
  let previous = before
  for (const next of roots) {
    const content = { ...next, ...stamps(previous.signed.version + 1, time, days.root) }
    const made = readSigned(content) as Metadata<Root>
    const file = signFile(content, 'root', [topLevelSigners(previous.signed, 'root'), topLevelSigners(made.signed, 'root')], keys)
    if (!file.ok) return file
    previous = file.value as Metadata<Root>
    signed.push(previous)
  }
  return ok(signed)
}

function signRoles(repository: Repository, root: Root, changes: Changes, signing: Signing, time: number): Result<Map<string, Metadata<Targets>>> {
  const signed = new Map<string, Metadata<Targets>>()
  const names = ['targets', ...Object.keys(targetsAfter(repository, changes).delegations?.roles ?? {})]
  for (const name of names) {
    const signers = signersOf(root, targetsAfter(repository, changes), name)
    const current = currentTargets(repository, name)
    const listed = listedVersion(repository, name)
    // Listed but not held by anybody: the publisher had lost the right to sign, and begins anew.
    const content = changes.roles?.get(name) ?? current?.signed.toJSON() ?? (listed > 0 ? NO_TARGETS : null)
    if (content === null) continue
    // Content that the keys of today did not sign, since they have changed, has to be signed again.
    const stands = current !== null && checkSignatures(name, current, [signers], { exact: false, isRevoked: () => false }) === null
    const wanted = changes.roles?.has(name) === true || !stands || (changes.renew === true && isAtHand(signers, signing.keys))
    if (!wanted) continue
    const file = signFile({ ...content, ...stamps(Math.max(current?.signed.version ?? 0, listed) + 1, time, signing.days.targets) }, name, [signers], signing.keys)
    if (!file.ok) return file
    signed.set(name, file.value as Metadata<Targets>)
  }
  return ok(signed)
}

function targetsAfter({ walked }: Repository, { roles }: Changes): Targets {
  const changed = roles?.get('targets')
  return changed === undefined ? walked.targets.signed : (readSigned({ ...changed, ...stamps(1, 0, 0) }) as Metadata<Targets>).signed
}

function signFile(content: Signed, role: string, needed: readonly Signers[], keys: readonly SigningKey[]): Result<AnyMetadata> {
  const metadata = readSigned(content)
  for (const signers of needed) {
    const found = keys.filter(key => signers.keyIds.includes(key.keyId))
    if (!isAtHand(signers, keys)) return refuseMedia('KS-MEDIA-KEYS-MISSING', { role, needed: signers.threshold, found: found.length })
    for (const key of found) metadata.sign(data => new Signature({ keyID: key.keyId, sig: key.sign(data) }))
  }
  const limit = METADATA_LIMITS[role === 'root' || role === 'timestamp' || role === 'snapshot' ? role : 'targets']
  return bytesOf(metadata).byteLength > limit ? refuseMedia('KS-MEDIA-TOO-LARGE', { file: `${role}.json`, limit }) : ok(metadata)
}

function readSigned(content: Signed): AnyMetadata {
  const json = { signed: content, signatures: [] }
  switch (content['_type']) {
    case 'root': return Metadata.fromJSON(MetadataKind.Root, json)
    case 'timestamp': return Metadata.fromJSON(MetadataKind.Timestamp, json)
    case 'snapshot': return Metadata.fromJSON(MetadataKind.Snapshot, json)
    default: return Metadata.fromJSON(MetadataKind.Targets, json)
  }
}

function stamps(version: number, time: number, days: number): Signed {
  return { version, expires: seconds(time + days * 86_400_000), [SIGNED_AT]: seconds(time) }
}

function seconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}

function describe(metadata: AnyMetadata): Signed {
  const bytes = bytesOf(metadata)
  return { version: metadata.signed.version, length: bytes.byteLength, hashes: { sha256: sha256Hex(bytes) } }
}

function fileOf(path: string, metadata: AnyMetadata): Write {
  return { path, bytes: bytesOf(metadata) }
}

function bytesOf(metadata: AnyMetadata): Uint8Array {
  const signatures = Object.values(metadata.signatures).map(({ keyID: keyid, sig }) => ({ keyid, sig })).toSorted((a, b) => a.keyid < b.keyid ? -1 : 1)
  return new TextEncoder().encode(canonicalJson({ signed: metadata.signed.toJSON(), signatures }))
}

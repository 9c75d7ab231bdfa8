import type { MetaFile, Metadata, Root, Snapshot, Targets, Timestamp } from '@tufjs/models'
import { sha256Hex } from '#engine/core/digest.ts'
import { ok, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { MediaSource } from './media-source.ts'
import { checkSignatures, METADATA_LIMITS, parseMetadata, signedAtOf, topLevelSigners, type Kind, type Signers } from './metadata.ts'
import { mediaRefusal, refuseMedia } from './refusals.ts'

const MOST_ROOT_ROTATIONS = 256
const MOST_DELEGATIONS = 64

/** What was seen of a repository before, so that nothing older is taken for new. */
export interface Seen {
  /** Version 0 and null: nothing yet. */
  readonly timestamp: { readonly version: number; readonly sha256: string | null }
  readonly snapshot: number
  /** Version of each file that the snapshot named, e.g. `targets.json`. */
  readonly files: Readonly<Record<string, number>>
  /** Newest time of signing, milliseconds since the epoch; 0 where there is none. */
  readonly signedAt: number
}

export const NOTHING_SEEN: Seen = { timestamp: { version: 0, sha256: null }, snapshot: 0, files: {}, signedAt: 0 }

export interface KnownRepository {
  readonly root: Metadata<Root>
  readonly seen: Seen
  /** Ids of all keys that were ever trusted in it: those no longer named are withdrawn. */
  readonly keyIds: readonly string[]
}

export interface WalkedMetadata {
  readonly root: Metadata<Root>
  readonly timestamp: Metadata<Timestamp>
  readonly snapshot: Metadata<Snapshot>
  readonly targets: Metadata<Targets>
  readonly delegations: readonly Delegation[]
  readonly seen: Seen
  readonly keyIds: readonly string[]
  /** The time that expiry was judged by. */
  readonly time: number
}

export interface Delegation {
  readonly name: string
  readonly paths: readonly string[]
  readonly signers: Signers
  /** Null while the publisher has signed nothing here yet. */
  readonly targets: Metadata<Targets> | null
}

/**
 * The client workflow of TUF 1.0 (section 5) over the files of `source`, without its downloads: roots in turn, timestamp,
 * snapshot, targets, one level of delegations. `now` is the earliest that it can be; expired files are refused unless
 * `acceptExpired`. Pure: what it learns is in its answer.
 */
export async function walkMetadata(source: MediaSource, known: KnownRepository, now: number, acceptExpired = false): Promise<Result<WalkedMetadata>> {
  const roots = await walkRoots(source, known)
  if (!roots.ok) return roots
  const walk = new Walk(source, roots.value, now, acceptExpired)
  const root = walk.judgeExpiry('root.json', roots.value.root.signed)
  if (root !== null) return { ok: false, refusal: root }

  const timestamp = await walk.timestamp()
  if (!timestamp.ok) return timestamp
  const snapshot = await walk.snapshot(timestamp.value.metadata)
  if (!snapshot.ok) return snapshot
  const targets = await walk.targets('targets', snapshot.value, topLevelSigners(roots.value.root.signed, 'targets'))
  if (!targets.ok) return targets
  const delegations = await walk.delegations(snapshot.value, targets.value)
  if (!delegations.ok) return delegations

  return ok({
    root: roots.value.root, timestamp: timestamp.value.metadata, snapshot: snapshot.value, targets: targets.value,
    delegations: delegations.value, keyIds: [...walk.keyIds], time: walk.time,
    seen: {
      timestamp: { version: timestamp.value.metadata.signed.version, sha256: timestamp.value.sha256 },
      snapshot: snapshot.value.signed.version,
      files: Object.fromEntries(Object.entries(snapshot.value.signed.meta).map(([file, meta]) => [file, meta.version])),
      signedAt: walk.signedAt,
    },
  })
}

/** Follows the roots from the known one to the newest: each is signed by the one before it and by itself. */
export async function walkRoots(source: MediaSource, { root: first, seen: before, keyIds: ids }: KnownRepository): Promise<Result<KnownRepository>> {
  let root = first
  let seen = before
  const keyIds = new Set([...ids, ...Object.keys(first.signed.keys)])
  for (let rotations = 0; ; rotations++) {
    const version = root.signed.version + 1
    const file = metadataPath(`${version}.root.json`)
    const read = await source.read(file, METADATA_LIMITS.root)
    if (!read.ok) return read
    if (read.value === null) return ok({ root, seen, keyIds: [...keyIds] })
    if (rotations === MOST_ROOT_ROTATIONS) return refuseMedia('KS-MEDIA-ROOT-ROTATIONS', { limit: MOST_ROOT_ROTATIONS })
    const next = parseMetadata('root', file, read.value)
    if (!next.ok) return next
    const current = root.signed.keys
    const refusal = checkSignatures(file, next.value, [topLevelSigners(root.signed, 'root'), topLevelSigners(next.value.signed, 'root')], {
      exact: true, isRevoked: keyId => keyIds.has(keyId) && !Object.hasOwn(current, keyId),
    })
    if (refusal !== null) return { ok: false, refusal }
    if (next.value.signed.version !== version) return refuseMedia('KS-MEDIA-ROOT-VERSION', { file, version: next.value.signed.version })
    // Versions, and times, that whoever held the old keys drove up must not lock the repository for ever.
    if (changesSigners(root.signed, next.value.signed)) seen = { ...NOTHING_SEEN, signedAt: signedAtOf(next.value.signed) ?? 0 }
    root = next.value
    for (const keyId of Object.keys(root.signed.keys)) keyIds.add(keyId)
  }
}

function changesSigners(before: Root, after: Root): boolean {
  return (['timestamp', 'snapshot'] as const).some(role => {
    const [old, now] = [topLevelSigners(before, role).keyIds, topLevelSigners(after, role).keyIds]
    return old.toSorted().join() !== now.toSorted().join()
  })
}

export function metadataPath(file: string): string {
  return `metadata/${file}`
}

class Walk {
  readonly keyIds: Set<string>
  time: number
  signedAt: number
  readonly #source: MediaSource
  readonly #root: Metadata<Root>
  readonly #seen: Seen
  readonly #acceptExpired: boolean
  readonly #current: Set<string>

  constructor(source: MediaSource, { root, seen, keyIds }: KnownRepository, now: number, acceptExpired: boolean) {
    this.#source = source
    this.#root = root
    this.#seen = seen
    this.#acceptExpired = acceptExpired
    this.#current = new Set(Object.keys(root.signed.keys))
    this.keyIds = new Set(keyIds)
    this.signedAt = Math.max(seen.signedAt, signedAtOf(root.signed) ?? 0)
    this.time = Math.max(now, this.signedAt)
  }

  async timestamp(): Promise<Result<{ metadata: Metadata<Timestamp>; sha256: string }>> {
    const file = metadataPath('timestamp.json')
    const read = await this.#read(file, METADATA_LIMITS.timestamp)
    if (!read.ok) return read
    const parsed = this.#signed('timestamp', file, read.value, topLevelSigners(this.#root.signed, 'timestamp'), true)
    if (!parsed.ok) return parsed
    const { version, snapshotMeta } = parsed.value.signed
    const { timestamp, snapshot } = this.#seen
    if (version < timestamp.version) return refuseMedia('KS-MEDIA-ROLLBACK', { file, version, known: timestamp.version })
    const sha256 = sha256Hex(read.value)
    if (version === timestamp.version && timestamp.sha256 !== null && sha256 !== timestamp.sha256) return refuseMedia('KS-MEDIA-FORK', { version })
    if (snapshotMeta.version < snapshot) return refuseMedia('KS-MEDIA-ROLLBACK', { file: 'snapshot.json', version: snapshotMeta.version, known: snapshot })
    this.#learnTime(parsed.value.signed)
    const expired = this.judgeExpiry('timestamp.json', parsed.value.signed)
    return expired === null ? ok({ metadata: parsed.value, sha256 }) : { ok: false, refusal: expired }
  }

  async snapshot(timestamp: Metadata<Timestamp>): Promise<Result<Metadata<Snapshot>>> {
    const meta = timestamp.signed.snapshotMeta
    const read = await this.#described('snapshot', 'snapshot', meta, topLevelSigners(this.#root.signed, 'snapshot'))
    if (!read.ok) return read
    for (const [file, known] of Object.entries(this.#seen.files)) {
      const version = Object.hasOwn(read.value.signed.meta, file) ? read.value.signed.meta[file]?.version ?? 0 : 0
      if (version < known) return refuseMedia('KS-MEDIA-ROLLBACK', { file, version, known })
    }
    this.#learnTime(read.value.signed)
    const expired = this.judgeExpiry('snapshot.json', read.value.signed)
    return expired === null ? read : { ok: false, refusal: expired }
  }

  async targets(name: string, snapshot: Metadata<Snapshot>, signers: Signers): Promise<Result<Metadata<Targets>>> {
    const file = `${name}.json`
    const meta = Object.hasOwn(snapshot.signed.meta, file) ? snapshot.signed.meta[file] : undefined
    if (meta === undefined) return refuseMedia('KS-MEDIA-FILE-MISSING', { file })
    const read = await this.#described('targets', name, meta, signers)
    if (!read.ok) return read
    // A publisher's own clock says nothing about the time of others.
    if (name === 'targets') this.#learnTime(read.value.signed)
    const expired = this.judgeExpiry(file, read.value.signed)
    return expired === null ? read : { ok: false, refusal: expired }
  }

  async delegations(snapshot: Metadata<Snapshot>, { signed: { delegations } }: Metadata<Targets>): Promise<Result<Delegation[]>> {
    const file = 'targets.json'
    if (delegations === undefined) return ok([])
    if (delegations.roles === undefined) return refuseMedia('KS-MEDIA-DELEGATION', { file, reason: 'by hashes of names' })
    const roles = Object.values(delegations.roles)
    if (roles.length > MOST_DELEGATIONS) return refuseMedia('KS-MEDIA-DELEGATION', { file, reason: `to more than ${MOST_DELEGATIONS} publishers` })
    for (const keyId of Object.keys(delegations.keys)) {
      this.#current.add(keyId)
      this.keyIds.add(keyId)
    }
    const found: Delegation[] = []
    for (const { name, paths, keyIDs: keyIds, threshold, terminating } of roles) {
      if (paths === undefined || !terminating) return refuseMedia('KS-MEDIA-DELEGATION', { file, reason: `to ${name} not by paths alone` })
      const signers = { keyIds, threshold, keys: delegations.keys }
      if (!Object.hasOwn(snapshot.signed.meta, `${name}.json`)) {
        found.push({ name, paths, signers, targets: null })
        continue
      }
      const targets = await this.targets(name, snapshot, signers)
      if (!targets.ok) return targets
      if (targets.value.signed.delegations !== undefined) return refuseMedia('KS-MEDIA-DELEGATION', { file: `${name}.json`, reason: 'a publisher may not hand it on' })
      found.push({ name, paths, signers, targets: targets.value })
    }
    return ok(found)
  }

  judgeExpiry(file: string, { expires }: { readonly expires: string }): Refusal | null {
    if (this.#acceptExpired || Date.parse(expires) > this.time) return null
    return mediaRefusal('KS-MEDIA-EXPIRED', { file, expiresAt: expires, time: new Date(this.time).toISOString() })
  }

  #learnTime(signed: Timestamp | Snapshot | Targets): void {
    this.signedAt = Math.max(this.signedAt, signedAtOf(signed) ?? 0)
    this.time = Math.max(this.time, this.signedAt)
  }

  /** A file that another one describes: by version, and by length and hashes where it states them. */
  async #described<K extends 'snapshot' | 'targets'>(kind: K, name: string, meta: MetaFile, signers: Signers) {
    const file = metadataPath(`${this.#root.signed.consistentSnapshot ? `${meta.version}.` : ''}${name}.json`)
    const read = await this.#read(file, Math.min(meta.length ?? Infinity, METADATA_LIMITS[kind]))
    if (!read.ok) return read
    const fits = isAsDescribed(meta, read.value)
    const parsed = fits || isOfOtherVersion(kind, file, read.value, meta.version)
      ? this.#signed(kind, file, read.value, signers, false) : refuseMedia('KS-MEDIA-FILE-MODIFIED', { file })
    if (!parsed.ok) return parsed
    const { version } = parsed.value.signed
    return version === meta.version ? parsed : refuseMedia('KS-MEDIA-MIXED', { file, version, expected: meta.version })
  }

  #signed<K extends Kind>(kind: K, file: string, bytes: Uint8Array, signers: Signers, exact: boolean) {
    const parsed = parseMetadata(kind, file, bytes)
    if (!parsed.ok) return parsed
    const refusal = checkSignatures(file, parsed.value, [signers], {
      exact, isRevoked: keyId => this.keyIds.has(keyId) && !this.#current.has(keyId),
    })
    return refusal === null ? parsed : { ok: false as const, refusal }
  }

  async #read(file: string, limit: number): Promise<Result<Uint8Array>> {
    const read = await this.#source.read(file, limit)
    if (!read.ok) return read
    return read.value === null ? refuseMedia('KS-MEDIA-FILE-MISSING', { file }) : ok(read.value)
  }
}

function isAsDescribed(meta: MetaFile, bytes: Uint8Array): boolean {
  try {
    meta.verify(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    return true
  } catch {
    // Thrown for a wrong length, a wrong hash and a hash that is not known alike.
    return false
  }
}

/** A whole file of another time tells more than that its hash is wrong. */
function isOfOtherVersion(kind: 'snapshot' | 'targets', file: string, bytes: Uint8Array, version: number): boolean {
  const parsed = parseMetadata(kind, file, bytes)
  return parsed.ok && parsed.value.signed.version !== version
}

import type { TargetFile, Targets } from '@tufjs/models'
import { valid } from 'semver'
import { z } from 'zod'
import { sha256Hex } from '#engine/core/digest.ts'
import type { Clock } from '#engine/core/ports.ts'
import { ok, type Refusal, type Result } from '#engine/core/refusal.ts'
import { KPACK_LIMITS, openKpack } from '../kpack.ts'
import type { OpenPack } from '../composition.ts'
import { inExactForm, type MediaSource } from './media-source.ts'
import { fingerprintOf, METADATA_LIMITS, REVOKED, signedAtOf } from './metadata.ts'
import { covers, EVERYTHING, nameSpaceOf, overlap, PRODUCT_NAMES, type NameSpace } from './name-space.ts'
import { mediaRefusal, refuseMedia } from './refusals.ts'
import { readRoots, type MediaRoots } from './read-roots.ts'
import { ageOf, knownRepository, rootOf, textOfRoot, type TrustAge, type TrustedRoot, type TrustState } from './trust-state.ts'
import { metadataPath, NOTHING_SEEN, walkMetadata, type WalkedMetadata } from './walk-metadata.ts'

/** Media whose trust data was verified. Plain data; nothing of its packs was read yet. */
export interface Media {
  readonly repository: string
  readonly fingerprint: string
  readonly trustedAs: TrustedRoot['kind']
  readonly nameSpace: NameSpace
  readonly targets: readonly MediaTarget[]
  /** Packs that their publishers withdrew, to be kept: a revocation is for ever. */
  readonly revoked: readonly Revocation[]
  /** What was left out of the media, and why. */
  readonly problems: readonly Refusal[]
  readonly age: TrustAge
  /** Set where files had expired and two people accepted that. */
  readonly acceptedExpired: AcceptExpired | null
}

/** A pack that media offers. */
export interface MediaTarget {
  /** `PUBLISHER/ID/VERSION.kpack` */
  readonly path: string
  readonly publisher: string
  readonly id: string
  readonly version: string
  /** SHA-256 (hex) of the file. */
  readonly digest: string
  readonly bytes: number
  /** `targets` for the owner of the media, else the publisher that the owner delegated to. */
  readonly signedBy: string
  /** Why it may not be installed; null where it may. */
  readonly refusal: Refusal | null
}

export interface Revocation {
  readonly publisher: string
  readonly id: string
  readonly version: string
  readonly digest: string
  readonly why: string
}

/** Two different people who take media although it expired. Whoever passes it on records it. */
export interface AcceptExpired {
  readonly by: readonly [string, string]
  readonly reason: string
}

/** What can be said of media before anybody trusts it: that it is whole, and signed by its own keys. */
export interface UntrustedMedia {
  readonly repository: string
  /** What a person compares before trusting it. */
  readonly fingerprint: string
  /** To be handed to `addRoot`. */
  readonly root: Uint8Array
  /** A proposal for the name space: the publishers whose packs it holds, the product itself left out. */
  readonly nameSpace: NameSpace
  readonly targets: readonly MediaTarget[]
  readonly age: TrustAge
}

const packLabel = z.object({
  publisher: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/), id: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/),
  version: z.string().max(100).refine(version => valid(version) === version),
})
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const revocations = z.array(z.strictObject({ ...packLabel.shape, digest: sha256, why: z.string().min(1).max(500) }))

/**
 * Verifies media against what the site trusts and has seen, and lists its packs. Opens no socket and writes nothing: the
 * caller keeps the `trust` of the answer, before it acts on the rest.
 *
 * @example
 *   const opened = await openMedia(folderSource('/media/stick'), trust, { clock })
 *   if (opened.ok) await readTarget(folderSource('/media/stick'), opened.value.media.targets[0])
 */
export async function openMedia(
  source: MediaSource, trust: TrustState, { clock, acceptExpired }: { clock: Clock; acceptExpired?: AcceptExpired },
): Promise<Result<{ media: Media; trust: TrustState }>> {
  if (acceptExpired !== undefined && !areTwoPeople(acceptExpired)) return refuseMedia('KS-MEDIA-TWO-PEOPLE', {})
  const exact = inExactForm(source)
  const roots = await readRoots(exact)
  if (!roots.ok) return roots
  const entry = trust.roots.find(root => root.repository === roots.value.repository)
  if (entry === undefined) return refuseMedia('KS-TRUST-UNKNOWN-ROOT', { fingerprint: fingerprintOf(roots.value.newest) })
  const held = await holdsTrustedRoot(exact, entry, roots.value)
  if (held !== null) return { ok: false, refusal: held }

  const now = timeOf(trust, clock)
  const walked = await walkMetadata(exact, knownRepository(entry), now, acceptExpired !== undefined)
  if (!walked.ok) return walked
  const checked = checkKeelson(walked.value)
  if (!checked.ok) return checked
  const newest = checked.value
  const age = ageOf(newest, walked.value.time)
  const media: Media = {
    repository: entry.repository, fingerprint: fingerprintOf(walked.value.root), trustedAs: entry.kind, nameSpace: entry.nameSpace,
    ...contentOf(walked.value, entry.nameSpace), age, acceptedExpired: age.expired ? acceptExpired ?? null : null,
  }
  const learned: TrustedRoot = { ...entry, root: textOfRoot(walked.value.root), seen: walked.value.seen, keyIds: [...walked.value.keyIds], newest }
  return ok({ media, trust: { ...trust, roots: trust.roots.map(root => root === entry ? learned : root) } })
}

/** Looks at media that nobody trusts yet, so that a person can decide. Refuses what is damaged; says what has expired. */
export async function inspectMedia(source: MediaSource, { clock }: { clock: Clock }): Promise<Result<UntrustedMedia>> {
  const exact = inExactForm(source)
  const roots = await readRoots(exact)
  if (!roots.ok) return roots
  const { repository, newest, keyIds } = roots.value
  const walked = await walkMetadata(exact, { root: newest, seen: NOTHING_SEEN, keyIds }, clock.now(), true)
  if (!walked.ok) return walked
  const checked = checkKeelson(walked.value)
  if (!checked.ok) return checked
  const age = ageOf(checked.value, walked.value.time)
  const { targets } = contentOf(walked.value, EVERYTHING)
  const all = [...new Set([...walked.value.delegations.flatMap(({ paths }) => nameSpaceOf(paths) ?? []), ...targets.map(({ publisher }) => `${publisher}/*`)])].toSorted()
  const others = all.filter(entry => overlap([entry], PRODUCT_NAMES) === null)
  return ok({
    repository, fingerprint: fingerprintOf(walked.value.root), root: new TextEncoder().encode(textOfRoot(walked.value.root)),
    nameSpace: others.length > 0 ? others : all, targets, age,
  })
}

/** Reads a pack of opened media and verifies it: its length, its hash, its files, and that it is what the media calls it. */
export async function readTarget(source: MediaSource, target: MediaTarget): Promise<Result<{ pack: OpenPack; bytes: Uint8Array }>> {
  if (target.refusal !== null) return { ok: false, refusal: target.refusal }
  const pack = `${target.publisher}/${target.id} ${target.version}`
  if (target.bytes > KPACK_LIMITS.packedBytes) return refuseMedia('KS-MEDIA-TOO-LARGE', { file: target.path, limit: KPACK_LIMITS.packedBytes })
  const read = await source.read(targetFile(target), target.bytes)
  if (!read.ok) return read
  if (read.value === null) return refuseMedia('KS-MEDIA-PACK-MISSING', { pack })
  if (read.value.byteLength !== target.bytes) return refuseMedia('KS-MEDIA-PACK-LENGTH', { pack, found: read.value.byteLength, expected: target.bytes })
  if (sha256Hex(read.value) !== target.digest) return refuseMedia('KS-MEDIA-PACK-HASH', { pack })
  const opened = openKpack(read.value)
  if (!opened.ok) return opened
  const { publisher, id, version } = opened.value.manifest
  if (publisher !== target.publisher || id !== target.id || version !== target.version) {
    return refuseMedia('KS-MEDIA-PACK-MISLABELLED', { pack, found: `${publisher}/${id} ${version}` })
  }
  return ok({ pack: opened.value, bytes: read.value })
}

/** Whether a revocation means this pack. The digest alone does not do: nobody may withdraw packs of others. */
export function revokes(revocation: Revocation, pack: { readonly publisher: string; readonly id: string; readonly digest: string }): boolean {
  return revocation.digest === pack.digest && revocation.publisher === pack.publisher && revocation.id === pack.id
}

/** Where the file of a target lies on the media: under its hash, so that a new one never overwrites an old one. */
export function targetFile({ publisher, id, version, digest }: Pick<MediaTarget, 'publisher' | 'id' | 'version' | 'digest'>): string {
  return `targets/${publisher}/${id}/${digest}.${version}.kpack`
}

/** The media has to carry the root that the site trusts, to the byte; what comes after it is walked from there. */
async function holdsTrustedRoot(source: MediaSource, entry: TrustedRoot, roots: MediaRoots): Promise<Refusal | null> {
  const known = rootOf(entry).signed.version
  const { version } = roots.newest.signed
  if (version < known) return mediaRefusal('KS-MEDIA-ROLLBACK', { file: 'root.json', version, known })
  const file = metadataPath(`${known}.root.json`)
  const read = await source.read(file, METADATA_LIMITS.root)
  if (!read.ok) return read.refusal
  return read.value !== null && Buffer.from(read.value).toString() === entry.root ? null : mediaRefusal('KS-MEDIA-ROOT-FOREIGN', { file })
}

/** The clock, or the newest time that the product's own media was signed at: a stopped clock keeps nothing alive. */
function timeOf(trust: TrustState, clock: Clock): number {
  return Math.max(clock.now(), ...trust.roots.filter(root => root.kind === 'product').map(root => root.seen.signedAt))
}

/** What Keelson asks of a repository beyond TUF; answers when it was signed and expires. */
function checkKeelson({ root, timestamp, snapshot, targets, delegations }: WalkedMetadata): Result<{ signedAt: number; expiresAt: number }> {
  const signedAt = signedAtOf(timestamp.signed)
  if (signedAt === null) return refuseMedia('KS-MEDIA-METADATA', { file: 'timestamp.json', reason: 'it does not say when it was signed' })
  const bad = delegations.find(({ name, paths }) => !packLabel.shape.publisher.safeParse(name).success || nameSpaceOf(paths) === null)
  if (bad !== undefined) return refuseMedia('KS-MEDIA-DELEGATION', { file: 'targets.json', reason: `to ${bad.name.slice(0, 100)} for what is no name space` })
  const files = [root, timestamp, snapshot, targets, ...delegations.flatMap(delegation => delegation.targets ?? [])]
  return ok({ signedAt, expiresAt: Math.min(...files.map(file => Date.parse(file.signed.expires))) })
}

interface Role {
  readonly name: string
  readonly signed: Targets
  /** Null for the owner of the media, who may sign for all that the root may. */
  readonly nameSpace: NameSpace | null
}

/** The packs and revocations of verified metadata, for a root that may speak for `rootNameSpace`. */
export function contentOf({ targets, delegations }: WalkedMetadata, rootNameSpace: NameSpace): Pick<Media, 'targets' | 'revoked' | 'problems'> {
  const roles: Role[] = [{ name: 'targets', signed: targets.signed, nameSpace: null },
    ...delegations.flatMap(({ name, paths, targets: own }) => own === null ? [] : [{ name, signed: own.signed, nameSpace: nameSpaceOf(paths) ?? [] }])]
  const revoked: Revocation[] = []
  const problems: Refusal[] = []
  for (const role of roles) {
    const parsed = revocations.safeParse(role.signed.unrecognizedFields[REVOKED] ?? [])
    if (!parsed.success) problems.push(mediaRefusal('KS-MEDIA-METADATA', { file: `${role.name}.json`, reason: 'its list of withdrawn packs cannot be read' }))
    for (const revocation of parsed.data ?? []) {
      const refusal = speaksFor(role, delegations, rootNameSpace, revocation)
      if (refusal === null) revoked.push(revocation)
      else problems.push(refusal)
    }
  }
  const found = new Map<string, MediaTarget>()
  for (const role of roles) {
    for (const [path, file] of Object.entries(role.signed.targets)) {
      const label = labelOf(path, file)
      if (label === null) {
        problems.push(mediaRefusal('KS-MEDIA-METADATA', { file: `${role.name}.json`, reason: `${JSON.stringify(path.slice(0, 100))} is no pack` }))
        continue
      }
      // The owner of the media comes before those they delegated to, as in TUF.
      if (found.has(path)) continue
      const withdrawn = revoked.find(revocation => revokes(revocation, label))
      const refusal = speaksFor(role, delegations, rootNameSpace, label)
        ?? (withdrawn === undefined ? null : mediaRefusal('KS-MEDIA-PACK-REVOKED', { pack: `${label.publisher}/${label.id} ${label.version}`, reason: withdrawn.why }))
      found.set(path, { path, ...label, bytes: file.length, signedBy: role.name, refusal })
    }
  }
  return { targets: [...found.values()].toSorted((a, b) => a.path < b.path ? -1 : 1), revoked, problems }
}

/** Whether a role may speak for a pack: the root may, it was delegated to it, and to nobody before it. */
function speaksFor(role: Role, delegations: WalkedMetadata['delegations'], rootNameSpace: NameSpace, { publisher, id }: { readonly publisher: string; readonly id: string }): Refusal | null {
  const pack = `${publisher}/${id}`
  if (!covers(rootNameSpace, publisher, id)) return mediaRefusal('KS-TRUST-NAMESPACE', { nameSpace: rootNameSpace.join(', '), pack })
  if (role.nameSpace === null) return null
  const first = delegations.find(({ paths }) => covers(nameSpaceOf(paths) ?? [], publisher, id))
  return first?.name === role.name ? null : mediaRefusal('KS-TRUST-NAMESPACE', { nameSpace: role.nameSpace.join(', '), pack })
}

/** What the path of a target calls it; null where the path, its label and its hash are not those of a pack. */
function labelOf(path: string, file: TargetFile): { publisher: string; id: string; version: string; digest: string } | null {
  const label = packLabel.safeParse(file.custom)
  const digest = sha256.safeParse(file.hashes['sha256'])
  if (!label.success || !digest.success || !Number.isSafeInteger(file.length)) return null
  const { publisher, id, version } = label.data
  return path === `${publisher}/${id}/${version}.kpack` ? { publisher, id, version, digest: digest.data } : null
}

function areTwoPeople({ by, reason }: AcceptExpired): boolean {
  const people = new Set(by.map(person => person.trim().toLowerCase()).filter(person => person !== ''))
  return people.size === 2 && by.length === 2 && reason.trim() !== ''
}

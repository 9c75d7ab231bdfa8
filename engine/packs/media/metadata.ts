import { createPublicKey } from 'node:crypto'
import { Metadata, MetadataKind, type Key, type Root, type Snapshot, type Targets, type Timestamp } from '@tufjs/models'
import { canonicalize } from '@tufjs/canonical-json'
import { sha256Hex } from '#engine/core/digest.ts'
import { ok, type Refusal, type Result } from '#engine/core/refusal.ts'
import { mediaRefusal, refuseMedia } from './refusals.ts'

/** Most bytes that each kind of file may have. Room for 1,400 packs a publisher; TUF's models take quadratic time to read more. */
export const METADATA_LIMITS = { root: 64 * 1024, timestamp: 16 * 1024, snapshot: 64 * 1024, targets: 256 * 1024 } as const

/** Fields that Keelson adds to what is signed; TUF lets clients that do not know them pass over them. */
export const SIGNED_AT = 'x-keelson-signed-at'
export const REPOSITORY = 'x-keelson-repository'
export const REVOKED = 'x-keelson-revoked'

interface SignedKinds { root: Root; timestamp: Timestamp; snapshot: Snapshot; targets: Targets }
export type Kind = keyof SignedKinds

type Json = Parameters<typeof Metadata.fromJSON>[1]

const readers: { readonly [K in Kind]: (json: Json) => Metadata<SignedKinds[K]> } = {
  root: json => Metadata.fromJSON(MetadataKind.Root, json),
  timestamp: json => Metadata.fromJSON(MetadataKind.Timestamp, json),
  snapshot: json => Metadata.fromJSON(MetadataKind.Snapshot, json),
  targets: json => Metadata.fromJSON(MetadataKind.Targets, json),
}

const utcTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** Reads a metadata file. Says nothing yet about who signed it. */
export function parseMetadata<K extends Kind>(kind: K, file: string, bytes: Uint8Array): Result<Metadata<SignedKinds[K]>> {
  let metadata: Metadata<SignedKinds[K]>
  try {
    const json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
    if (signsTwice(json)) return refuseMedia('KS-MEDIA-SIGNATURE-DUPLICATE', { file })
    metadata = readers[kind](json)
  } catch (error) {
    return refuseMedia('KS-MEDIA-METADATA', { file, reason: error instanceof Error ? error.message : String(error) })
  }
  const { signed } = metadata
  if (!Number.isSafeInteger(signed.version) || signed.version < 1) return refuseMedia('KS-MEDIA-METADATA', { file, reason: 'its version is no whole number above 0' })
  if (timeOf(signed.expires) === null) return refuseMedia('KS-MEDIA-METADATA', { file, reason: 'its expiry is no time in UTC' })
  const stated = signed.unrecognizedFields[SIGNED_AT]
  if (stated !== undefined) {
    const signedAt = timeOf(stated)
    // A signing time far ahead would make everything else look expired.
    if (signedAt === null || signedAt > Date.parse(signed.expires)) return refuseMedia('KS-MEDIA-METADATA', { file, reason: 'its time of signing is not before its expiry' })
  }
  return ok(metadata)
}

/** Milliseconds since the epoch of a time such as 2026-05-01T12:00:00Z; null for anything else. */
export function timeOf(text: unknown): number | null {
  const time = typeof text === 'string' && utcTime.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(time) ? null : time
}

/** When a file was signed, where it says so. */
export function signedAtOf(signed: SignedKinds[Kind]): number | null {
  return timeOf(signed.unrecognizedFields[SIGNED_AT])
}

/** What makes all media of one publisher one: a name that stays when the keys change. */
export function repositoryOf(root: Root): string | null {
  const repository = root.unrecognizedFields[REPOSITORY]
  return typeof repository === 'string' && /^[0-9a-f]{32}$/.test(repository) ? repository : null
}

/** SHA-256 over what is signed in a root, its first 128 bits in eight groups that people can compare. */
export function fingerprintOf(root: Metadata<Root>): string {
  return (sha256Hex(canonicalize(root.signed.toJSON())).slice(0, 32).match(/.{4}/g) ?? []).join(' ')
}

/** Whose signatures a file needs. */
export interface Signers {
  readonly keyIds: readonly string[]
  readonly threshold: number
  readonly keys: Readonly<Record<string, Key>>
}

export function topLevelSigners(root: Root, role: Kind): Signers {
  const found = root.roles[role]
  return { keyIds: found?.keyIDs ?? [], threshold: found?.threshold ?? 1, keys: root.keys }
}

/**
 * Whether a file is signed as each of `needed` asks. A signature that stands in it must be right; one of a key that may
 * not sign is refused where `exact`, and else does not count. Two ids of one key are one signer.
 */
export function checkSignatures(
  file: string, metadata: Metadata<SignedKinds[Kind]>, needed: readonly Signers[], { exact, isRevoked }: { exact: boolean; isRevoked: (keyId: string) => boolean },
): Refusal | null {
  // "" is how some tools write down who has not signed yet.
  const signatures = Object.values(metadata.signatures).filter(signature => signature.sig !== '').map(signature => signature.keyID)
  const byStrangers = (keyIds: readonly string[]): Refusal => mediaRefusal(keyIds.some(isRevoked) ? 'KS-MEDIA-KEY-REVOKED' : 'KS-MEDIA-SIGNER-UNKNOWN', { file })
  const signed = needed.map(signers => ({ threshold: signers.threshold, keys: signatures.flatMap(keyId => keyOf(signers, keyId) ?? []) }))
  if (signed.some(({ keys }) => keys.some(key => !verifies(key, metadata)))) return mediaRefusal('KS-MEDIA-SIGNATURE-INVALID', { file })
  const strangers = signatures.filter(keyId => needed.every(signers => keyOf(signers, keyId) === null))
  if (exact && strangers.length > 0) return byStrangers(strangers)
  for (const { threshold, keys } of signed) {
    const found = new Set(keys.map(publicPart)).size
    if (found >= threshold) continue
    if (signatures.length === 0) return mediaRefusal('KS-MEDIA-UNSIGNED', { file })
    return found === 0 ? byStrangers(signatures) : mediaRefusal('KS-MEDIA-THRESHOLD', { file, needed: threshold, found })
  }
  return null
}

function keyOf(signers: Signers, keyId: string): Key | null {
  return signers.keyIds.includes(keyId) && Object.hasOwn(signers.keys, keyId) ? signers.keys[keyId] ?? null : null
}

/** The public key itself, in the one way of writing it. */
function publicPart(key: Key): string {
  const value = key.keyVal['public'] ?? ''
  return value.startsWith('-----') ? createPublicKey(value).export({ type: 'spki', format: 'der' }).toString('hex') : value.toLowerCase()
}

function verifies(key: Key, metadata: Metadata<SignedKinds[Kind]>): boolean {
  try {
    key.verifySignature(metadata)
    return true
  } catch {
    // The library throws for every reason not to accept it, a key that it cannot read among them.
    return false
  }
}

function signsTwice(json: Json): boolean {
  const { signatures } = json
  if (!Array.isArray(signatures)) return false
  const keyIds = signatures.map(signature => signature !== null && typeof signature === 'object' && 'keyid' in signature ? signature['keyid'] : undefined)
  return new Set(keyIds).size < keyIds.length
}

import type { Metadata, Root } from '@tufjs/models'
import { z } from 'zod'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { ok, type Result } from '#engine/core/refusal.ts'
import { checkSignatures, fingerprintOf, METADATA_LIMITS, parseMetadata, repositoryOf, topLevelSigners } from './metadata.ts'
import { checkNameSpace, EVERYTHING, overlap, PRODUCT_NAMES, type NameSpace } from './name-space.ts'
import { refuseMedia } from './refusals.ts'
import { NOTHING_SEEN, type KnownRepository } from './walk-metadata.ts'

const version = z.number().int().min(0)

/** A root that the site trusts, and what it has seen of its media. */
const trustedRoot = z.strictObject({
  /** Names the repository through all changes of its keys. */
  repository: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.enum(['product', 'added']),
  nameSpace: z.array(z.string()).min(1),
  /** The newest root metadata that was verified, as its file's text. */
  root: z.string(),
  seen: z.strictObject({
    timestamp: z.strictObject({ version, sha256: z.string().nullable() }),
    snapshot: version,
    files: z.record(z.string(), version),
    signedAt: z.number(),
  }),
  keyIds: z.array(z.string()),
  /** When its newest media was signed and expires, milliseconds since the epoch; null before the first. */
  newest: z.strictObject({ signedAt: z.number(), expiresAt: z.number() }).nullable(),
})

/** Whom a site trusts, as plain data: the caller keeps it, and keeps each newer one that it is given. */
export const trustStateSchema = z.strictObject({ format: z.literal(1), roots: z.array(trustedRoot) })

export type TrustState = z.infer<typeof trustStateSchema>
export type TrustedRoot = z.infer<typeof trustedRoot>

/** How old trust data is. Times are ISO 8601, in UTC. */
export interface TrustAge {
  readonly signedAt: string
  /** The first of its files to expire. */
  readonly expiresAt: string
  readonly ageDays: number
  readonly expired: boolean
}

/** A first state that trusts the product's own root. Refuses with KS-TRUST-ROOT what is no root. */
export function newTrust(productRoot: Uint8Array): Result<TrustState> {
  const opened = openRoot(productRoot)
  return opened.ok ? ok({ format: 1, roots: [trusted('product', EVERYTHING, opened.value)] }) : opened
}

/** Takes over the root that a new release of the product brings; a site that has seen a newer one keeps that. */
export function withProductRoot(trust: TrustState, productRoot: Uint8Array): Result<TrustState> {
  const opened = openRoot(productRoot)
  if (!opened.ok) return opened
  const { repository, root } = opened.value
  const held = trust.roots.find(entry => entry.kind === 'product')
  if (held?.repository === repository && rootOf(held).signed.version >= root.signed.version) return ok(trust)
  return ok({ ...trust, roots: [trusted('product', EVERYTHING, opened.value), ...trust.roots.filter(entry => entry.kind !== 'product')] })
}

/**
 * Trusts media of somebody else, for a name space; media that is trusted already, for this as well. `fingerprint` is what a person compared with the one that the publisher
 * told them by another way; spaces, hyphens and case do not matter.
 * Refuses with KS-TRUST-FINGERPRINT, -ROOT, -ROOT-KNOWN, -NAMESPACE-FORM and -NAMESPACE-TAKEN.
 */
export function addRoot(trust: TrustState, rootBytes: Uint8Array, fingerprint: string, nameSpace: NameSpace): Result<TrustState> {
  const opened = openRoot(rootBytes)
  if (!opened.ok) return opened
  const found = fingerprintOf(opened.value.root)
  if (plain(found) !== plain(fingerprint)) return refuseMedia('KS-TRUST-FINGERPRINT', { found, given: fingerprint.slice(0, 100) })
  const formed = checkNameSpace(nameSpace)
  if (!formed.ok) return formed
  const known = trust.roots.find(entry => entry.repository === opened.value.repository)
  const widens = known?.kind === 'added' && known.root === textOfRoot(opened.value.root) && nameSpace.some(entry => !known.nameSpace.includes(entry))
  if (known !== undefined && !widens) return refuseMedia('KS-TRUST-ROOT-KNOWN', { nameSpace: known.nameSpace.join(', ') })
  const others = trust.roots.filter(entry => entry.kind === 'added' && entry !== known).flatMap(entry => entry.nameSpace)
  const taken = overlap(nameSpace, [...PRODUCT_NAMES, ...others])
  if (taken !== null) return refuseMedia('KS-TRUST-NAMESPACE-TAKEN', { nameSpace: taken.one, taken: taken.other })
  if (known === undefined) return ok({ ...trust, roots: [...trust.roots, trusted('added', nameSpace, opened.value)] })
  // What was seen of it stays: trusting it for more makes nothing older good again.
  const widened = { ...known, nameSpace: [...new Set([...known.nameSpace, ...nameSpace])] }
  return ok({ ...trust, roots: trust.roots.map(entry => entry === known ? widened : entry) })
}

/** Trusts an added root no longer. What it brought stays; nothing new comes from it. */
export function removeRoot(trust: TrustState, repository: string): TrustState {
  return { ...trust, roots: trust.roots.filter(entry => entry.kind === 'product' || entry.repository !== repository) }
}

/** The fingerprint that people compare. */
export function fingerprintOfRoot(rootBytes: Uint8Array): Result<string> {
  const opened = openRoot(rootBytes)
  return opened.ok ? ok(fingerprintOf(opened.value.root)) : opened
}

export function rootOf({ root }: TrustedRoot): Metadata<Root> {
  const opened = openRoot(new TextEncoder().encode(root))
  if (!opened.ok) throw new Error(`the trust state holds a root that cannot be read: ${opened.refusal.message}`)
  return opened.value.root
}

export function knownRepository(entry: TrustedRoot): KnownRepository {
  return { root: rootOf(entry), seen: entry.seen, keyIds: entry.keyIds }
}

/** Age and expiry of trust data that was signed and expires at these times, milliseconds since the epoch. */
export function ageOf({ signedAt, expiresAt }: NonNullable<TrustedRoot['newest']>, now: number): TrustAge {
  const time = Math.max(now, signedAt)
  return {
    signedAt: new Date(signedAt).toISOString(), expiresAt: new Date(expiresAt).toISOString(),
    ageDays: Math.floor((time - signedAt) / 86_400_000), expired: time >= expiresAt,
  }
}

export function textOfRoot(root: Metadata<Root>): string {
  return canonicalJson(root.toJSON())
}

/** Reads root metadata that is signed as it asks itself. */
function openRoot(bytes: Uint8Array): Result<{ root: Metadata<Root>; repository: string }> {
  const no = (reason: string) => refuseMedia('KS-TRUST-ROOT', { reason })
  if (bytes.byteLength > METADATA_LIMITS.root) return no(`larger than ${METADATA_LIMITS.root} bytes`)
  const parsed = parseMetadata('root', 'root.json', bytes)
  if (!parsed.ok) return no(parsed.refusal.message)
  const refusal = checkSignatures('root.json', parsed.value, [topLevelSigners(parsed.value.signed, 'root')], { exact: false, isRevoked: () => false })
  if (refusal !== null) return no(refusal.message)
  const repository = repositoryOf(parsed.value.signed)
  return repository === null ? no('it names no repository') : ok({ root: parsed.value, repository })
}

function trusted(kind: TrustedRoot['kind'], nameSpace: NameSpace, { root, repository }: { root: Metadata<Root>; repository: string }): TrustedRoot {
  return { repository, kind, nameSpace: [...nameSpace], root: textOfRoot(root), seen: NOTHING_SEEN, keyIds: Object.keys(root.signed.keys), newest: null }
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(/[\s:-]/g, '').toLowerCase()
}

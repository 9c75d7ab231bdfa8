import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { canonicalize } from '@tufjs/canonical-json'
import { sha256Hex } from '#engine/core/digest.ts'
import { ok, type Result } from '#engine/core/refusal.ts'
import { refuseMedia } from '../refusals.ts'
import { writeWhole } from './write-whole.ts'

/** Fewest characters of a passphrase: the key files stretch it little. */
const SHORTEST_PASSPHRASE = 12

/** The public part of a key, as metadata names it. */
export interface PublicKey {
  readonly keyId: string
  readonly json: { readonly keytype: 'ed25519'; readonly scheme: 'ed25519'; readonly keyval: { readonly public: string } }
}

export interface SigningKey extends PublicKey {
  /** Name of its file without `.pem`, e.g. `root-1`. */
  readonly name: string
  /** Signature (hex). */
  sign(data: Uint8Array): string
}

/** Opens every `.pem` of a folder with private keys; those of public keys (`.public.pem`) are passed over. */
export function openKeys(folder: string, passphrase: string): Result<SigningKey[]> {
  const keys: SigningKey[] = []
  for (const file of existsSync(folder) ? readdirSync(folder).toSorted() : []) {
    if (!file.endsWith('.pem') || file.endsWith('.public.pem')) continue
    const opened = openKey(join(folder, file), passphrase)
    if (!opened.ok) return opened
    keys.push(opened.value)
  }
  return ok(keys)
}

/** A key that is in no file yet. */
export interface NewKey extends SigningKey {
  /** PKCS #8, encrypted. */
  readonly pem: string
  readonly publicPem: string
}

/** Makes an Ed25519 key. Refuses with KS-MEDIA-PASSPHRASE-SHORT. */
export function newKey(name: string, passphrase: string): Result<NewKey> {
  if (passphrase.length < SHORTEST_PASSPHRASE) return refuseMedia('KS-MEDIA-PASSPHRASE-SHORT', { fewest: SHORTEST_PASSPHRASE })
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return ok({
    ...signingKey(name, privateKey), publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    pem: privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString(),
  })
}

/** Writes a key: `NAME.pem`, and `NAME.public.pem` to hand out. */
export async function saveKey(folder: string, { name, pem, publicPem }: NewKey): Promise<void> {
  await writeWhole(join(folder, `${name}.public.pem`), Buffer.from(publicPem))
  await writeWhole(join(folder, `${name}.pem`), Buffer.from(pem), 0o600)
}

/** Reads a public key from a PEM file, such as another publisher hands over. */
export function openPublicKey(file: string): Result<PublicKey> {
  try {
    const pem = readFileSync(file, 'utf8')
    if (pem.includes('PRIVATE KEY')) return refuseMedia('KS-MEDIA-KEY-FILE', { file, reason: 'it is a private key' })
    return checked(file, createPublicKey(pem), publicKey)
  } catch (error) {
    return refuseMedia('KS-MEDIA-KEY-FILE', { file, reason: reasonOf(error) })
  }
}

function openKey(file: string, passphrase: string): Result<SigningKey> {
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    return refuseMedia('KS-MEDIA-KEY-FILE', { file, reason: reasonOf(error) })
  }
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY')) {
    return pem.includes('PRIVATE KEY') ? refuseMedia('KS-MEDIA-KEY-PLAIN', { file }) : refuseMedia('KS-MEDIA-KEY-FILE', { file, reason: 'it holds no private key' })
  }
  try {
    return checked(file, createPrivateKey({ key: pem, passphrase }), key => signingKey(basename(file, '.pem'), key))
  } catch {
    // OpenSSL does not tell a wrong passphrase from a damaged file.
    return refuseMedia('KS-MEDIA-PASSPHRASE-WRONG', { file })
  }
}

function checked<T>(file: string, key: KeyObject, make: (key: KeyObject) => T): Result<T> {
  return key.asymmetricKeyType === 'ed25519' ? ok(make(key)) : refuseMedia('KS-MEDIA-KEY-FILE', { file, reason: `it is of the kind ${key.asymmetricKeyType}` })
}

function signingKey(name: string, key: KeyObject): SigningKey {
  return { name, ...publicKey(createPublicKey(key)), sign: data => sign(null, data, key).toString('hex') }
}

function publicKey(key: KeyObject): PublicKey {
  const { x = '' } = key.export({ format: 'jwk' })
  const json = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: Buffer.from(x, 'base64url').toString('hex') } } as const
  return { keyId: sha256Hex(canonicalize(json)), json }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error))
}

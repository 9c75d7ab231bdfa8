import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'

/** An Ed25519 key that signs. Signatures are base64, `publicKey` is the raw 32 bytes in base64. */
export interface SigningKey {
  /** SHA-256 of the raw public key, 64 hex digits. What people compare is `fingerprint(publicKey)`. */
  readonly keyId: string
  readonly publicKey: string
  sign(text: string): string
}

/** DER of a SubjectPublicKeyInfo for Ed25519, up to the 32 bytes of the key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** A new private key as PKCS #8 PEM. */
export function generatePrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

export function loadSigningKey(privateKeyPem: string): SigningKey {
  const privateKey = createPrivateKey(privateKeyPem)
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`expected an Ed25519 key, got ${privateKey.asymmetricKeyType}`)
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const publicKey = spki.subarray(SPKI_PREFIX.length).toString('base64')
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
  }
}

/** False for a wrong signature and for anything that is no Ed25519 key or signature at all. */
export function verifyText(text: string, signature: string, publicKey: string): boolean {
  const key = publicKeyObject(publicKey)
  const bytes = Buffer.from(signature, 'base64')
  return key !== null && bytes.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, bytes)
}

export function isPublicKey(publicKey: string): boolean {
  return publicKeyObject(publicKey) !== null
}

export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')
}

/** The key id in groups of eight, to read over a phone. */
export function fingerprint(publicKey: string): string {
  return (keyIdOf(publicKey).match(/.{8}/g) ?? []).join(' ')
}

function publicKeyObject(publicKey: string): KeyObject | null {
  const raw = Buffer.from(publicKey, 'base64')
  if (raw.length !== 32) return null
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

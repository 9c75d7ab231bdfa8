import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A personal value as it lies in log and rows: AES-256-GCM under the key of its subject. */
export interface Sealed {
  readonly sealed: 1
  /** Whose key opens it: the id of an account. */
  readonly subject: string
  /** base64 of nonce (12 bytes), tag (16 bytes), cipher text. */
  readonly box: string
}

export const KEY_BYTES = 32

export function newKey(): Uint8Array {
  return randomBytes(KEY_BYTES)
}

function encrypt(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context, 'utf8'))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

function decrypt(key: Uint8Array, box: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12))
  decipher.setAAD(Buffer.from(context, 'utf8'))
  decipher.setAuthTag(box.subarray(12, 28))
  return Buffer.concat([decipher.update(box.subarray(28)), decipher.final()])
}

/** Seals any plain value for a subject. The subject is bound into the box, so that a box cannot be moved to another. */
export function seal(key: Uint8Array, subject: string, value: unknown): Sealed {
  return { sealed: 1, subject, box: encrypt(key, Buffer.from(JSON.stringify(value), 'utf8'), subject).toString('base64') }
}

/** Opens a box. Throws when the key is another or the box was changed. */
export function unseal(key: Uint8Array, sealed: Sealed): unknown {
  return JSON.parse(decrypt(key, Buffer.from(sealed.box, 'base64'), sealed.subject).toString('utf8'))
}

export function wrapKey(tenantKey: Uint8Array, subject: string, key: Uint8Array): Uint8Array {
  return encrypt(tenantKey, key, `key:${subject}`)
}

export function unwrapKey(tenantKey: Uint8Array, subject: string, wrapped: Uint8Array): Uint8Array {
  return decrypt(tenantKey, wrapped, `key:${subject}`)
}

export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && (value as { sealed?: unknown }).sealed === 1
}

import { createHash, randomBytes } from 'node:crypto'

/** A new session token: 32 random bytes, base64url. Given out once, kept only as its hash. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a token: SHA-256, hex. The token is random, so a plain hash suffices. */
export function sessionTokenHash(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex')
}

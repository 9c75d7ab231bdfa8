import { createHash, createHmac, randomInt, timingSafeEqual } from 'node:crypto'

/**
 * A one-time code: 4 characters that name it and 16 (80 bits) that are secret, in Crockford's base 32. The secret never
 * travels: each side proves that it knows it over both public keys, so that nobody in between can enrol or pose as central.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ID_LENGTH = 4
const LENGTH = 20

/** What central keeps of a code: its name, and a hash of its secret. */
export interface CodeRecord {
  readonly codeId: string
  /** SHA-256, hex. Not the code, yet enough to check and to make proofs. */
  readonly codeKey: string
}

/** e.g. `7Q2M-X0KD-93TB-WA5E-H8VC` */
export function makeEnrolCode(): string {
  const text = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return (text.match(/.{4}/g) ?? []).join('-')
}

/** Null when it is no code. Reads what people type: lower case, O for 0, I and L for 1, any spacing. */
export function readEnrolCode(code: string): CodeRecord | null {
  const text = code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (text.length !== LENGTH || text.split('').some(char => !ALPHABET.includes(char))) return null
  return {
    codeId: text.slice(0, ID_LENGTH),
    codeKey: createHash('sha256').update(`keelson-enrol-code\n${text.slice(ID_LENGTH)}`).digest('hex'),
  }
}

export interface EnrolTerms {
  readonly site: string
  readonly sitePublicKey: string
  readonly centralPublicKey: string
}

export function proofOf(side: 'site' | 'central', codeKey: string, terms: EnrolTerms): string {
  const text = ['keelson-enrol-v1', side, terms.site, terms.sitePublicKey, terms.centralPublicKey].join('\n')
  return createHmac('sha256', Buffer.from(codeKey, 'hex')).update(text).digest('base64')
}

export function sameProof(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'base64'), Buffer.from(expected, 'base64')]
  return a.length === b.length && timingSafeEqual(a, b)
}

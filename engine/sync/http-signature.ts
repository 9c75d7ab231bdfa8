import { createHash } from 'node:crypto'
import { refuse, ok, type Result } from '#engine/core/refusal.ts'
import { verifyText, type SigningKey } from './keys.ts'

/**
 * The part of RFC 9421 (HTTP Message Signatures) and RFC 9530 (Content-Digest) that sync needs: one Ed25519 signature
 * over derived components and header fields, without component parameters.
 */
export interface SignableRequest {
  readonly method: string
  /** Path without query. */
  readonly path: string
  readonly authority: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** `counter` rises with every request of a key; it travels as the nonce, so that no request counts twice. */
export interface SignatureParameters {
  readonly created: number
  readonly keyId: string
  readonly counter: number
}

export interface ReceivedSignature extends SignatureParameters {
  readonly components: readonly string[]
  readonly base: string
  readonly signature: string
}

const LABEL = 'keelson'
const TAG = 'keelson-sync'

/** What a sync request must sign. Not the authority: a site is bound to central's key, and its address may change. */
export const REQUIRED_COMPONENTS = ['@method', '@path', 'content-digest', 'content-type', 'content-encoding', 'keelson-sync-version'] as const

export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

/** The two header fields that sign the request. */
export function signatureHeaders(
  request: SignableRequest, parameters: SignatureParameters, key: SigningKey,
): { readonly 'signature-input': string; readonly signature: string } {
  const text = `${innerList(REQUIRED_COMPONENTS)};created=${parameters.created};keyid="${parameters.keyId}";alg="ed25519";nonce="${parameters.counter}";tag="${TAG}"`
  const base = signatureBase(request, REQUIRED_COMPONENTS, text)
  if (base === null) throw new Error('a request to sign lacks a component')
  return { 'signature-input': `${LABEL}=${text}`, signature: `${LABEL}=:${key.sign(base)}:` }
}

/** Lines of RFC 9421 section 2.5; null when the message lacks one of the components. */
export function signatureBase(request: SignableRequest, components: readonly string[], parameters: string): string | null {
  const lines: string[] = []
  for (const name of components) {
    const value = componentValue(request, name)
    if (value === null) return null
    lines.push(`"${name}": ${value}`)
  }
  lines.push(`"@signature-params": ${parameters}`)
  return lines.join('\n')
}

/** Reads the signature of a request as the site wrote it. The caller looks the key up and calls `verifySignature`. */
export function readSignature(request: SignableRequest): Result<ReceivedSignature> {
  const input = request.headers['signature-input'] ?? ''
  const field = request.headers['signature'] ?? ''
  const parts = new RegExp(`^${LABEL}=(\\(([^)]*)\\)(;[^,]*))$`).exec(input)
  const signature = new RegExp(`^${LABEL}=:([A-Za-z0-9+/=]+):$`).exec(field)
  if (parts === null || signature === null) return unsigned('the request carries no signature of this protocol')
  const [, text = '', list = '', rest = ''] = parts
  const components = list.split(' ').map((item) => item.replace(/^"(.*)"$/, '$1'))
  const missing = REQUIRED_COMPONENTS.find((name) => !components.includes(name))
  if (missing !== undefined) return unsigned(`the signature does not cover ${missing}`)
  if (new Set(components).size !== components.length) return unsigned('the signature covers a component twice')
  const parameters = readParameters(rest)
  if (parameters === null) return unsigned('the signature lacks created, keyid, nonce or the tag of this protocol')
  const base = signatureBase(request, components, text)
  if (base === null) return unsigned('the request lacks a component that its signature covers')
  return ok({ ...parameters, components, base, signature: signature[1] ?? '' })
}

export function verifySignature(received: ReceivedSignature, publicKey: string): boolean {
  return verifyText(received.base, received.signature, publicKey)
}

function readParameters(text: string): SignatureParameters | null {
  const found = new Map([...text.matchAll(/;([a-z]+)=(?:"([^"]*)"|(\d+))/g)].map((match) => [match[1], match[2] ?? match[3] ?? '']))
  const created = Number(found.get('created'))
  const counter = Number(found.get('nonce'))
  const keyId = found.get('keyid')
  if (found.get('tag') !== TAG || found.get('alg') !== 'ed25519' || keyId === undefined) return null
  if (!Number.isSafeInteger(created) || !Number.isSafeInteger(counter) || counter < 1) return null
  return { created, counter, keyId }
}

function innerList(components: readonly string[]): string {
  return `(${components.map((name) => `"${name}"`).join(' ')})`
}

function componentValue(request: SignableRequest, name: string): string | null {
  switch (name) {
    case '@method': return request.method
    case '@path': return request.path
    case '@authority': return request.authority.toLowerCase()
    default: return name.startsWith('@') ? null : request.headers[name]?.trim() ?? null
  }
}

function unsigned(why: string): Result<never> {
  return refuse('KS-SYNC-UNSIGNED', `Not taken: ${why}.`, 'Enrol this site at central and send with a version of Keelson that central supports.')
}

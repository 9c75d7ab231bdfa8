/** Keys whose values are about a person or open a door. Compared without case, `_` and `-`. */
const HIDDEN = new Set([
  'contact', 'email', 'phone', 'address', 'telephone', 'accountname', 'customername', 'person',
  'password', 'passwordhash', 'token', 'tokenhash', 'authorization', 'cookie', 'setcookie', 'secret', 'privatekey',
  'document', 'documents', 'original', 'payload', 'body', 'input',
])
/** Under these a `name` is a person's or a firm's. */
const NAMED = new Set(['account', 'user', 'customer', 'buyer', 'principal'])
const E_MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
const DEEPEST = 6
const LONGEST = 2000

export const REDACTED = '[redacted]'

/** A copy of log fields without what could name a person: known keys replaced, e-mail addresses masked in all text. */
export function redact(value: unknown, within = '', depth = 0): unknown {
  if (typeof value === 'string') return shortened(value.replaceAll(E_MAIL, '[e-mail]'))
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return value
  if (depth >= DEEPEST) return '[deep]'
  if (value instanceof Error) return redactError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map(item => redact(item, within, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hides(key, within) && item !== null ? REDACTED : redact(item, key, depth + 1)]))
}

function hides(key: string, within: string): boolean {
  const plain = key.toLowerCase().replaceAll(/[_-]/g, '')
  return HIDDEN.has(plain) || (plain === 'name' && NAMED.has(within.toLowerCase()))
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack } = error
  const code = 'code' in error ? { code: String(error.code) } : {}
  const cause = error.cause === undefined ? {} : { cause: redact(error.cause, 'cause', depth + 1) }
  return { name, message: redact(message), ...code, stack: redact(stack ?? ''), ...cause }
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text
}

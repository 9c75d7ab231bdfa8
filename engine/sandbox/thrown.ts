const LONGEST = 300
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu

/** Says what a pack threw without running any of its code: no getter, no toString of its own. */
export function describeThrown(thrown: unknown): string {
  if (typeof thrown === 'string') return tidy(thrown)
  if (typeof thrown !== 'object' || thrown === null) return tidy(`threw ${String(thrown)}`)
  const message = dataProperty(thrown, 'message')
  const name = dataProperty(thrown, 'name') ?? dataProperty(Object.getPrototypeOf(thrown) ?? {}, 'name')
  if (message === undefined) return tidy(name ?? 'threw an object without a message')
  return tidy(name === undefined || name === 'Error' ? message : `${name}: ${message}`)
}

export function tidy(text: string): string {
  // Through UTF-8 and back: half a surrogate pair becomes a replacement character.
  const line = Buffer.from(text.slice(0, LONGEST * 2).replace(CONTROL, ' ').trim()).toString()
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`
}

function dataProperty(of: object, key: string): string | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(of, key)?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}

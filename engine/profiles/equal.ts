export type PlainSection = Readonly<Record<string, unknown>>

export function isSection(value: unknown): value is PlainSection {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => equal(each, b[index]))
  if (!isSection(a) || !isSection(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && equal(a[key], b[key]))
}

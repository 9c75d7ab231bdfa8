import { isRecord, type PlainRecord } from '#engine/core/plain-values.ts'

const IDENTIFYING = ['pack', 'default', 'id', 'path', 'code', 'name', 'from', 'items']

/**
 * By what the entries of several versions of a list are told apart: plain values by themselves, sections by the first key that
 * names each of them once (`pack`, `id`, `path` …); null where nothing does.
 */
export function identityOf(...lists: readonly (readonly unknown[])[]): ((entry: unknown) => string) | null {
  const unique = (identity: (entry: unknown) => string | null): boolean => lists.every(list => {
    const names = list.map(identity)
    return !names.includes(null) && new Set(names).size === names.length
  })
  const plain = (entry: unknown): string | null => typeof entry === 'object' && entry !== null ? null : JSON.stringify(entry)
  if (unique(plain)) return entry => plain(entry) ?? ''
  const answers = (entry: unknown): string | null => isRecord(entry) ? nameIn(entry, 'pack') ?? nameIn(entry, 'default') : null
  for (const identity of [answers, ...IDENTIFYING.map(key => (entry: unknown) => isRecord(entry) ? nameIn(entry, key) : null)]) {
    if (unique(identity)) return entry => identity(entry) ?? ''
  }
  return null
}

function nameIn(entry: PlainRecord, key: string): string | null {
  const value = entry[key]
  if (Array.isArray(value) && value.every(each => typeof each === 'string')) return value.join(', ')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

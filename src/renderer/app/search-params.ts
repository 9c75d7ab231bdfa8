/** The URL carries filters as plain text: `?state=draft,submitted&q=acme`. Readers take text or what a link gave. */
export type RawSearch = Readonly<Record<string, unknown>>

export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.join(',') : value === true ? '1' : typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    if (text !== '') params.set(name, text)
  }
  // Commas, slashes and colons may stand in a query as they are, and are easier to read aloud.
  const query = params.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
  return query === '' ? '' : `?${query}`
}

export function textParam(raw: RawSearch, name: string): string | undefined {
  const value = raw[name]
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
}

export function flagParam(raw: RawSearch, name: string): true | undefined {
  return raw[name] === true || raw[name] === '1' ? true : undefined
}

export function listParam(raw: RawSearch, name: string): string[] | undefined {
  const value = raw[name]
  const items = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',').filter(item => item !== '') : []
  return items.length === 0 ? undefined : items
}

export function choiceParam<T extends string>(raw: RawSearch, name: string, choices: readonly T[]): T | undefined {
  return choices.find(choice => choice === raw[name])
}

export function choicesParam<T extends string>(raw: RawSearch, name: string, choices: readonly T[]): T[] | undefined {
  const items = (listParam(raw, name) ?? []).filter((item): item is T => choices.some(choice => choice === item))
  return items.length === 0 ? undefined : items
}

/**
 * For the answer of `validateSearch`. What was not accepted stays as an explicit `undefined`: the router lays the answer
 * over the raw search, so a key that is left out would let the raw text through.
 */
export function settled<T extends object>(search: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return search as { [K in keyof T]: Exclude<T[K], undefined> }
}

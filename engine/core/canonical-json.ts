/**
 * One text for one value, after RFC 8785: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript
 * writes them. Properties that are undefined are absent, as in JSON. Throws TypeError on what JSON cannot hold.
 *
 * @example canonicalJson({ b: [1, 'x'], a: null }) // '{"a":null,"b":[1,"x"]}'
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`canonical JSON holds no ${value}`)
      return JSON.stringify(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value)
    default:
      throw new TypeError(`canonical JSON holds no ${typeof value}`)
  }
}

function canonicalArray(values: readonly unknown[]): string {
  let text = '['
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + canonicalJson(values[i])
  return text + ']'
}

function canonicalObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  // A Map, a Date or a class instance would digest as {}: two different values under one digest.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError(`canonical JSON holds plain objects only, not ${value.constructor.name}`)
  }
  const fields = value as Readonly<Record<string, unknown>>
  let text = '{'
  // The default sort compares UTF-16 code units, which is what RFC 8785 asks for.
  for (const key of Object.keys(fields).toSorted()) {
    const field = fields[key]
    if (field === undefined) continue
    text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field)}`
  }
  return text + '}'
}

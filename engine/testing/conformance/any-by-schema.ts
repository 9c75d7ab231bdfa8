import fc from 'fast-check'

type Schema = Readonly<Record<string, unknown>>

/** Any value that a JSON Schema of the kind that packs write lets in. What it cannot follow, such as `$ref`, is null. */
export function anyBySchema(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const'])
  const { enum: allowed, anyOf, oneOf } = schema as { enum?: readonly unknown[]; anyOf?: readonly Schema[]; oneOf?: readonly Schema[] }
  if (allowed !== undefined) return fc.constantFrom(...allowed)
  const either = anyOf ?? oneOf
  if (either !== undefined) return fc.oneof(...either.map(each => anyBySchema({ ...schema, anyOf: undefined, oneOf: undefined, ...each })))
  const types = [schema['type']].flat()
  return fc.oneof(...types.map(type => ofType(type, schema)))
}

function ofType(type: unknown, schema: Schema): fc.Arbitrary<unknown> {
  const number = (name: string, otherwise: number): number => Number(schema[name] ?? otherwise)
  switch (type) {
    case 'string': return textOf(schema)
    case 'integer': return fc.integer({ min: number('minimum', -1000), max: number('maximum', 1_000_000) })
    case 'number': return fc.double({ min: number('minimum', -1000), max: number('maximum', 1_000_000), noNaN: true })
    case 'boolean': return fc.boolean()
    case 'array': return fc.array(anyBySchema((schema['items'] ?? { type: 'string' }) as Schema), { minLength: number('minItems', 0), maxLength: Math.min(number('maxItems', 4), 4) })
    case 'object': return objectOf(schema)
    default: return fc.constant(null)
  }
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength } = schema as { pattern?: string; format?: string; minLength?: number; maxLength?: number }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'))
  if (format === 'date') return fc.constantFrom('2026-11-20', '2000-02-29')
  if (format === 'date-time') return fc.constantFrom('2026-11-20T12:00:00.000Z', '2000-02-29T00:00:00.000Z')
  if (format === 'email') return fc.constantFrom('ada@example.com', 'x@y.example')
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength ?? 20, 40)), unit: 'grapheme' }).filter(text => text.length >= minLength && (maxLength === undefined || text.length <= maxLength))
}

function objectOf(schema: Schema): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>
  const required = (schema['required'] ?? []) as string[]
  return fc.record(Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, anyBySchema(each)])), { requiredKeys: required.filter(name => name in properties), noNullPrototype: true })
}

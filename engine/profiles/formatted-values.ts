import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'

type Section = Readonly<Record<string, unknown>>

/** Texts whose schema says this format, however deep they lie in lists and sections; each with the section that it stands in. */
export function* valuesOf(format: string, value: unknown, schema: unknown, path: readonly PathKey[], beside: Section = {}): Generator<{ readonly value: string; readonly path: readonly PathKey[]; readonly beside: Section }> {
  if (!isRecord(schema)) return
  if (typeof value === 'string') {
    if (schema['format'] === format) yield { value, path, beside }
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* valuesOf(format, each, schema['items'], [...path, index])
  } else if (isRecord(value)) {
    const { properties, additionalProperties } = schema
    for (const [key, each] of Object.entries(value)) yield* valuesOf(format, each, isRecord(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties, [...path, key], value)
  }
}

import { isRecord } from '#engine/core/plain-values.ts'
import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'
import { closestName } from './closest-name.ts'
import { findingAt, fixOf, saying } from './finding-texts.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Profile } from './profile-document.ts'

interface Place {
  readonly profile: Profile
  readonly at: readonly PathKey[]
  readonly source: ProfileSource
}

/** Config values of the format `keelson-branch` name a node of the organisation; one that is not there would never apply, and nobody would be told. */
export function branchFindings(config: unknown, schema: JsonSchema, { profile: { organisation }, at, source }: Place): Finding[] {
  const known = organisation.map(({ path }) => path)
  return [...valuesOf('keelson-branch', config, schema, at)].filter(({ value }) => !known.includes(value)).map(({ value, path }) => {
    const meant = closestName(value, known)
    return findingAt(source, path, meant === null ? saying('no-such-branch', { name: value, known: known.join(', ') })
      : saying('misspelt-branch', { name: value, meant }, [fixOf('set', { value: meant }, { op: 'set', path, value: meant })]))
  })
}

/** Texts whose schema says this format, however deep they lie in lists and sections. */
function* valuesOf(format: string, value: unknown, schema: unknown, path: readonly PathKey[]): Generator<{ readonly value: string; readonly path: readonly PathKey[] }> {
  if (!isRecord(schema)) return
  if (typeof value === 'string') {
    if (schema['format'] === format) yield { value, path }
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* valuesOf(format, each, schema['items'], [...path, index])
  } else if (isRecord(value)) {
    const { properties, additionalProperties } = schema
    for (const [key, each] of Object.entries(value)) yield* valuesOf(format, each, isRecord(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties, [...path, key])
  }
}

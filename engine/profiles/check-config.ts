import type { ErrorObject } from 'ajv/dist/2020.js'
import { notOneOf, unknownKey, wrongType } from './document-findings.ts'
import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import { findingAt, fixOf, type Saying, saying } from './finding-texts.ts'
import { type JsonSchema, schemaErrors } from './json-schema.ts'
import { nameOf, type ProfileSource } from '#engine/profiles/profile-source.ts'

interface Place {
  /** Where the config stands, or should: where there is none, its entry is what can be pointed at. */
  readonly at: readonly PathKey[]
  readonly source: ProfileSource
  /** What a profile begins with, by the pack's own word. */
  readonly start: Readonly<Record<string, unknown>>
}

/** What is wrong with a config, by the JSON Schema of the pack that it is for; [] where nothing is. */
export function configFindings(config: unknown, schema: JsonSchema, place: Place): Finding[] {
  return schemaErrors(config, schema).flatMap(error => findingsOf(error, place))
}

export function isValidConfig(config: unknown, schema: JsonSchema): boolean {
  return schemaErrors(config, schema).length === 0
}

function findingsOf(error: ErrorObject, { at: config, source, start }: Place): Finding[] {
  // Each branch of a choice reports itself; what counts is that none of them fits, with what is missing.
  if (error.keyword === 'anyOf' || error.keyword === 'oneOf' || error.keyword === 'if' || error.keyword === 'const') return []
  const at = [...config, ...pointerKeys(error.instancePath)]
  const params = error.params as Readonly<Record<string, unknown>>
  const found = (said: Saying): Finding[] => [findingAt(source, at, said)]
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return [unknownKey(String(params['additionalProperty'] ?? params['unevaluatedProperty']), at, Object.keys((error.parentSchema?.['properties'] ?? {}) as object), source)]
    case 'required': {
      const key = String(params['missingProperty'])
      const value = error.instancePath === '' ? start[key] : undefined
      const fixes = value === undefined ? [] : [fixOf('set-value', { path: key, value: typeof value === 'string' ? value : JSON.stringify(value) }, { op: 'set', path: [...at, key], value })]
      return found(saying('config-missing-key', { key, where: nameOf(at) }, fixes))
    }
    case 'type': return found(wrongType(error.data, at, [params['type']].flat().join(' / ')))
    case 'enum': return found(notOneOf(error.data, at, params['allowedValues'] as readonly unknown[]))
    case 'propertyNames': {
      const name = String(params['propertyName'])
      return [findingAt(source, [...at, name], saying('name-not-allowed', { name, key: nameOf(at) }), 'key')]
    }
    // The branch of propertyNames reports the same name again, without saying which.
    default: return error.propertyName !== undefined ? [] : found(valueSaying(error, nameOf(at)))
  }
}

/** A value that breaks a rule of its own. What the pack says about it is in the pack's words. */
function valueSaying({ keyword, message, parentSchema, data, params }: ErrorObject, key: string): Saying {
  const description: unknown = parentSchema?.['description']
  const means = typeof description === 'string' ? description : null
  const limit = Number((params as Readonly<Record<string, unknown>>)['limit'])
  if (data === '') return means === null ? saying('empty', { key }) : saying('empty-means', { key, means })
  switch (keyword) {
    case 'pattern':
    case 'format': return means === null ? saying('wrong-form', { key }) : saying('wrong-form-means', { key, means })
    case 'minItems':
    case 'minProperties': return limit === 1 ? saying('no-entries', { key }) : saying('too-few-entries', { key, limit })
    case 'maxItems':
    case 'maxProperties': return saying('too-many-entries', { key, limit })
    case 'uniqueItems': return saying('same-entries', { key })
    case 'minLength': return saying('too-short', { key, limit })
    case 'maxLength': return saying('too-long', { key, limit })
    case 'minimum': return saying('too-low', { key, limit })
    case 'maximum': return saying('too-high', { key, limit })
    default: {
      const problem = message ?? 'is not valid'
      return means === null ? saying('config-wrong', { key, problem }) : saying('config-wrong-means', { key, problem, means })
    }
  }
}

/** `/tiers/0/steps` as keys; an index where the parent is a list cannot be told from a name, and need not be. */
function pointerKeys(pointer: string): PathKey[] {
  if (pointer === '') return []
  return pointer.slice(1).split('/').map(key => key.replaceAll('~1', '/').replaceAll('~0', '~')).map(key => /^\d+$/.test(key) ? Number(key) : key)
}

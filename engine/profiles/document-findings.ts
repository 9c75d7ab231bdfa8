import { z } from 'zod'
import { closestName } from './closest-name.ts'
import { SCHEMA_VERSION } from '#engine/profiles/migrations.ts'
import type { Finding, Fix, PathKey } from '#engine/profiles/finding.ts'
import { FINDING_TEXTS, type FindingCode, findingAt, fixOf, type Saying, saying } from './finding-texts.ts'
import { profileSchema } from './profile-document.ts'
import { nameOf, type ProfileSource } from '#engine/profiles/profile-source.ts'

type Issue = z.core.$ZodIssue

/** What is wrong with a profile as a document, before any pack is asked about its config. */
export function documentFindings(error: z.ZodError, source: ProfileSource): Finding[] {
  return error.issues.flatMap(issue => findingsOf(issue, source))
}

function findingsOf(issue: Issue, source: ProfileSource): Finding[] {
  const path = issue.path.filter(key => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, path, keysAt(path), source))
  if (issue.input === undefined && ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code)) {
    return [{ ...findingAt(source, path, saying('missing-key', { key: nameOf(path), example: example(path) }, additions(path))), ...source.position(path.slice(0, -1)) }]
  }
  return [findingAt(source, path, sayingOf(issue, path))]
}

/** A key that means nothing where it stands. */
export function unknownKey(key: string, path: readonly PathKey[], known: readonly string[], source: ProfileSource): Finding {
  const meant = closestName(key, known)
  const at = [...path, key]
  const remove = fixOf('remove', { key }, { op: 'remove', path: at })
  const rename = meant === null || source.valueAt([...path, meant]) !== undefined ? [] : [fixOf('rename', { key, meant }, { op: 'rename', path: at, to: meant })]
  const said = meant !== null ? saying('misspelt-key', { key, meant }, [...rename, remove])
    : known.length === 0 ? saying('no-keys-here', { key }, [remove]) : saying('unknown-key', { key, known: known.join(', ') }, [remove])
  return findingAt(source, at, said, 'key')
}

/** A value that is not one of those that there are. */
export function notOneOf(value: unknown, at: readonly PathKey[], allowed: readonly unknown[]): Saying {
  const key = nameOf(at)
  const meant = closestName(String(value), allowed.map(String))
  const [only] = allowed
  const to = (each: unknown) => fixOf('set', { value: String(each) }, { op: 'set', path: at, value: each })
  if (allowed.length === 1) return saying('not-it', { key, value: String(only) }, [to(only)])
  return meant === null ? saying('not-one-of', { key, allowed: allowed.join(', ') }, allowed.length > 4 ? [] : allowed.map(to))
    : saying('misspelt-value', { key, allowed: allowed.join(', '), meant }, [to(allowed.find(each => String(each) === meant))])
}

/** A value of another type than the one that belongs there, by the names of JSON Schema. */
export function wrongType(value: unknown, at: readonly PathKey[], type: string): Saying {
  const key = nameOf(at)
  switch (type) {
    case 'string': return typeof value === 'number' || typeof value === 'boolean'
      ? saying('number-not-text', { key, value: String(value) }, [fixOf('quote', { value: String(value) }, { op: 'set', path: at, value: String(value) })])
      : saying('not-text', { key })
    case 'array': return saying('not-a-list', { key }, value === null || value === undefined ? [] : [fixOf('set', { value: '[…]' }, { op: 'set', path: at, value: [value] })])
    case 'object': case 'record': return saying('not-a-section', { key })
    default: return saying('wrong-type', { key, type })
  }
}

function sayingOf(issue: Issue, path: readonly PathKey[]): Saying {
  const key = nameOf(path)
  switch (issue.code) {
    case 'custom': {
      const said = issue.params?.['said'] as Saying | undefined
      return said === undefined ? coded(issue.message, key) : { ...said, values: { key, ...said.values } }
    }
    case 'invalid_type': return issue.expected === 'never' ? saying('no-default-here') : wrongType(issue.input, path, issue.expected)
    case 'invalid_value': return notOneOf(issue.input, path, issue.values)
    case 'invalid_union': return unionSaying(issue, path)
    case 'too_small':
      if (issue.input === '') return saying('empty', { key })
      if (issue.origin === 'array') return issue.minimum === 1 ? saying('no-entries', { key }) : saying('too-few-entries', { key, limit: Number(issue.minimum) })
      return saying('too-short', { key, limit: Number(issue.minimum) })
    case 'too_big': return saying(issue.origin === 'array' ? 'too-many-entries' : 'too-long', { key, limit: Number(issue.maximum) })
    case 'invalid_key': return coded(issue.issues[0]?.message ?? '', key)
    default: return issue.input === '' ? saying('empty', { key }) : coded(issue.message, key)
  }
}

/** What fits no branch: by the key that tells branches apart, where there is one. */
function unionSaying({ input, errors, discriminator }: z.core.$ZodIssueInvalidUnion, path: readonly PathKey[]): Saying {
  if (discriminator !== undefined) {
    const value: unknown = typeof input === 'object' && input !== null ? (input as Readonly<Record<string, unknown>>)[discriminator] : input
    return notOneOf(value, path, ['file', 'webhook'])
  }
  const [first] = errors.flat()
  return first === undefined ? saying('wrong-form', { key: nameOf(path) }) : sayingOf(first, [...path, ...first.path.filter(key => typeof key !== 'symbol')])
}

function coded(message: string, key: string): Saying {
  return saying(Object.hasOwn(FINDING_TEXTS, message) ? message as FindingCode : 'wrong-form', { key })
}

/** What can be put in the place of what is missing, where there is something that fits any profile. */
const BEGINNINGS: Readonly<Record<string, readonly unknown[]>> = {
  'schema': [SCHEMA_VERSION], 'capabilities.confirmation': ['automatic', 'manual'],
  'capabilities.validation': [[{ default: 'accept-all' }]], 'capabilities.approval': [{ default: 'always-approve' }],
}

function additions(path: readonly PathKey[]): Fix[] {
  const key = nameOf(path)
  return (BEGINNINGS[path.join('.')] ?? []).map(value => fixOf('set-value', { path: key, value: typeof value === 'object' ? JSON.stringify(value).replaceAll(/["{}[\]]/g, '').replace(':', ': ') : String(value) }, { op: 'set', path, value }))
}

function example(path: readonly PathKey[]): string {
  return { schema: ': schema: 2', confirmation: ': confirmation: automatic', kind: ': kind: file' }[String(path.at(-1))] ?? ''
}

/** The keys that the document schema knows at a place. */
function keysAt(path: readonly PathKey[]): string[] {
  let at: z.core.$ZodType | undefined = profileSchema
  for (const key of path) at = below(unwrapped(at), key)
  const end = unwrapped(at)
  if (end instanceof z.ZodObject) return Object.keys(end.shape)
  if (end instanceof z.ZodDiscriminatedUnion) return [...new Set(end.options.flatMap(option => Object.keys((option as z.ZodObject).shape)))]
  return []
}

function below(schema: z.core.$ZodType | undefined, key: PathKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Readonly<Record<string, z.core.$ZodType>>)[String(key)]
  if (schema instanceof z.ZodArray) return schema.element
  return schema instanceof z.ZodRecord ? schema.valueType : undefined
}

function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema
}

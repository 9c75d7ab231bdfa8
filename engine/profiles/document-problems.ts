import { z } from 'zod'
import { closestName } from './closest-name.ts'
import { profileSchema } from './profile-document.ts'
import { nameOf, type PathKey, type ProfileProblem, type ProfileSource } from './profile-source.ts'

type Issue = z.core.$ZodIssue

/** What is wrong with a profile as a document, before any pack is asked about its config. */
export function documentProblems(error: z.ZodError, source: ProfileSource): ProfileProblem[] {
  return error.issues.flatMap(issue => problemsOf(issue, source))
}

function problemsOf(issue: Issue, source: ProfileSource): ProfileProblem[] {
  const path = issue.path.filter(key => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, path, keysAt(path), source))
  const missing = issue.input === undefined && ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code)
  const key = nameOf(path)
  if (missing) {
    return [{ ...source.position(path.slice(0, -1)), path: path.join('.'), message: `${key} is missing`, fix: `Add ${key} here${example(path)}.` }]
  }
  return [{ ...source.position(path), path: path.join('.'), message: sentence(issue, key), fix: fixOf(issue) }]
}

/** A key that means nothing where it stands. */
export function unknownKey(key: string, path: readonly PathKey[], known: readonly string[], source: ProfileSource): ProfileProblem {
  const meant = closestName(key, known)
  return {
    ...source.keyPosition(path, key), path: [...path, key].join('.'), message: `${key} is not known here`,
    fix: meant !== null ? `Did you mean ${meant}?` : known.length === 0 ? 'Remove it.' : `Remove it; known here are ${known.join(', ')}.`,
  }
}

function sentence(issue: Issue, key: string): string {
  switch (issue.code) {
    case 'invalid_type': return issue.expected === 'never' ? `there is no ${key} here` : `${key} must be ${article(issue.expected)}`
    case 'invalid_value': return `${key} must be ${issue.values.map(String).join(' or ')}`
    case 'invalid_union': return `${key} must be file or webhook`
    case 'too_small': return `${key} ${issue.message.startsWith('must') ? issue.message : `needs at least ${issue.minimum} ${issue.origin === 'array' ? 'entries' : 'characters'}`}`
    case 'too_big': return `${key} may have at most ${issue.maximum} ${issue.origin === 'array' ? 'entries' : 'characters'}`
    default: return `${key} ${issue.message}`
  }
}

function fixOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type': return issue.expected === 'never' ? 'Name a pack instead.' : issue.expected === 'string' ? 'Write it as text, in quotes where it looks like a number.' : 'Correct the value.'
    case 'invalid_value': {
      const meant = closestName(String(issue.input), issue.values.map(String))
      return meant === null ? 'Use one of these.' : `Did you mean ${meant}?`
    }
    default: return 'Correct the value.'
  }
}

function example(path: readonly PathKey[]): string {
  return { schema: ': schema: 1', confirmation: ': confirmation: automatic', kind: ': kind: file' }[String(path.at(-1))] ?? ''
}

function article(expected: string): string {
  return { string: 'text', array: 'a list', object: 'a section with keys', record: 'a section with keys' }[expected] ?? `a ${expected}`
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

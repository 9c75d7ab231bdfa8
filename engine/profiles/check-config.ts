import type { ErrorObject } from 'ajv/dist/2020.js'
import { closestName } from './closest-name.ts'
import { unknownKey } from './document-problems.ts'
import { type JsonSchema, schemaErrors } from './json-schema.ts'
import { nameOf, type PathKey, type ProfileProblem, type ProfileSource } from './profile-source.ts'

/** What is wrong with a config, by the JSON Schema of the pack that it is for; [] where nothing is. `at`: where it stands. */
export function configProblems(config: unknown, schema: JsonSchema, at: readonly PathKey[], source: ProfileSource): ProfileProblem[] {
  return schemaErrors(config, schema).flatMap(error => problemOf(error, at, source))
}

export function isValidConfig(config: unknown, schema: JsonSchema): boolean {
  return schemaErrors(config, schema).length === 0
}

function problemOf(error: ErrorObject, at: readonly PathKey[], source: ProfileSource): ProfileProblem[] {
  // Each branch of a choice reports itself; what counts is that none of them fits, with what is missing.
  if (error.keyword === 'anyOf' || error.keyword === 'oneOf' || error.keyword === 'if' || error.keyword === 'const') return []
  const path = [...at, ...pointerKeys(error.instancePath)]
  const where = nameOf(path)
  const params = error.params as Readonly<Record<string, unknown>>
  const problem = (message: string, fix: string): ProfileProblem[] => [{ ...source.position(path), path: path.join('.'), message, fix }]
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return [unknownKey(String(params['additionalProperty'] ?? params['unevaluatedProperty']), path, Object.keys((error.parentSchema?.['properties'] ?? {}) as object), source)]
    case 'required':
      return problem(`${String(params['missingProperty'])} is missing`, `Add ${String(params['missingProperty'])} to ${where}.`)
    case 'type': {
      const wanted = [params['type']].flat().join(' or ')
      return problem(`${where} must be ${wanted === 'string' ? 'text' : `of type ${wanted}`}`,
        wanted === 'string' && typeof error.data === 'number' ? `Put it in quotes: '${error.data}'.` : 'Correct the value.')
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String)
      const meant = closestName(String(error.data), allowed)
      return problem(`${where} must be ${allowed.join(' or ')}`, meant === null ? 'Use one of these.' : `Did you mean ${meant}?`)
    }
    case 'propertyNames':
      return [{ ...source.keyPosition(path, String(params['propertyName'])), path: path.join('.'), message: `${String(params['propertyName'])} may not be a name in ${where}`, fix: 'Correct the name.' }]
    default:
      // The branch of propertyNames reports the same name again, without saying which.
      if (error.propertyName !== undefined) return []
      return problem(`${where} ${error.keyword === 'pattern' ? 'is not written as it must be' : error.message ?? 'is not valid'}`, describe(error))
  }
}

function describe({ parentSchema }: ErrorObject): string {
  const description: unknown = parentSchema?.['description']
  return typeof description === 'string' ? `It means: ${description}.` : 'Correct the value.'
}

/** `/tiers/0/steps` as keys; an index where the parent is a list cannot be told from a name, and need not be. */
function pointerKeys(pointer: string): PathKey[] {
  if (pointer === '') return []
  return pointer.slice(1).split('/').map(key => key.replaceAll('~1', '/').replaceAll('~0', '~')).map(key => /^\d+$/.test(key) ? Number(key) : key)
}

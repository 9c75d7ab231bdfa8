import { AJV_OPTIONS } from '#engine/core/json-formats.ts'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'

export type JsonSchema = Readonly<Record<string, unknown>>

/** To compile one takes milliseconds, so a schema is compiled once, whichever tenant's profile and however often its pack is opened. */
const compiled = new WeakMap<JsonSchema, ValidateFunction>()
const byText = new Map<string, ValidateFunction>()
/** More than a site has packs. */
const KEPT = 200

/** Everything that a JSON Schema (2020-12) finds wrong with a value; [] where nothing is. That it is one was seen when its pack was built, and again when it was installed. */
export function schemaErrors(value: unknown, schema: JsonSchema): readonly ErrorObject[] {
  const validate = compiled.get(schema) ?? validatorOf(schema)
  return validate(value) ? [] : validate.errors ?? []
}

function validatorOf(schema: JsonSchema): ValidateFunction {
  const text = JSON.stringify(schema)
  // Most are asked once: to compile without polish is a third faster, and the standard's own schema is not looked at.
  const validate = byText.get(text) ?? new Ajv2020({ ...AJV_OPTIONS, allErrors: true, verbose: true, validateSchema: false, meta: false, code: { optimize: false } }).compile(schema)
  compiled.set(schema, validate)
  if (byText.size >= KEPT) byText.clear()
  byText.set(text, validate)
  return validate
}

/** The first thing that is wrong, for a person: the field, and what is the matter with it. The value itself is not told: it may be personal. */
export function schemaProblem(value: unknown, schema: JsonSchema): { readonly field: string; readonly problem: string } | null {
  const [error] = schemaErrors(value, schema)
  if (error === undefined) return null
  const params = error.params as Readonly<Record<string, unknown>>
  const named = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty']
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  const field = [path, ...(named === undefined ? [] : [String(named)])].filter(part => part !== '').join('.')
  const allowed = params['allowedValues']
  if (error.keyword === 'required') return { field, problem: 'is missing' }
  if (named !== undefined) return { field, problem: 'is not known' }
  return { field, problem: Array.isArray(allowed) ? `must be ${allowed.join(' or ')}` : error.message ?? 'is not valid' }
}

import { isRecord } from '#engine/core/plain-values.ts'
import { parseTypedDate } from './typed-date.ts'
import { parseTypedNumber, typedNumber } from './typed-number.ts'

export type JsonSchema = Readonly<Record<string, unknown>>
export type FieldKind = 'text' | 'paragraph' | 'integer' | 'number' | 'decimal' | 'boolean' | 'choice' | 'date' | 'texts' | 'group' | 'json'

/** One field of a form that is made from a JSON Schema. */
export interface FormField {
  readonly name: string
  /** Names from the top, with points: `address.city`. */
  readonly path: string
  readonly kind: FieldKind
  readonly required: boolean
  readonly schema: JsonSchema
  /** Of a choice. */
  readonly options: readonly (string | number)[]
  /** Of a group. */
  readonly fields: readonly FormField[]
}

export type FormValue = string | boolean | readonly string[] | FormValues
export interface FormValues { readonly [name: string]: FormValue }

/** What is wrong with a field: a key of `schema-form:error`, with its values. */
export interface Complaint { readonly key: string; readonly values: Readonly<Record<string, string | number>> }
export type Complaints = ReadonlyMap<string, Complaint>

/** Texts that may be longer are written in more than one line. */
const LONG = 500

/** Fields of an object's schema, in its order or in that of `names`. */
export function formFields(schema: JsonSchema, names?: readonly string[], within = ''): FormField[] {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : [])
  return (names ?? Object.keys(properties)).flatMap(name => {
    if (!isSchema(properties[name])) return []
    const property = orNothing(properties[name])
    const path = within === '' ? name : `${within}.${name}`
    const kind = kindOf(property, within === '')
    return [{
      name, path, kind, required: required.has(name), schema: property,
      options: kind === 'choice' ? optionsOf(property) : [], fields: kind === 'group' ? formFields(property, undefined, path) : [],
    }]
  })
}

export function kindOf(schema: JsonSchema, mayNest: boolean): FieldKind {
  const type = typeOf(schema)
  if (Array.isArray(schema['enum']) || schema['const'] !== undefined) return type === 'boolean' ? 'boolean' : 'choice'
  if (type === 'boolean' || type === 'integer' || type === 'number') return type
  if (type === 'object') return mayNest && isSchema(schema['properties']) ? 'group' : 'json'
  if (type === 'array') return isSchema(schema['items']) && typeOf(schema['items']) === 'string' ? 'texts' : 'json'
  if (type !== 'string') return 'json'
  if (schema['format'] === 'date') return 'date'
  if (schema['format'] === 'decimal' || isDecimal(schema['pattern'])) return 'decimal'
  return schema['format'] === 'multiline' || Number(schema['maxLength'] ?? 0) > LONG ? 'paragraph' : 'text'
}

/** Whether a pattern means decimal numbers as text: rates, limits and prices, which stay exact that way. */
function isDecimal(pattern: unknown): boolean {
  return typeof pattern === 'string' && ['1', '1.5'].every(text => matches(pattern, text)) && ['', 'a', '1a', '1,5', '-'].every(text => !matches(pattern, text))
}

/** Of a schema that takes null as well, what it takes beside it. */
export function orNothing(schema: JsonSchema): JsonSchema {
  const choices = schema['anyOf'] ?? schema['oneOf']
  const [some, ...others] = Array.isArray(choices) ? choices.filter(choice => isSchema(choice) && choice['type'] !== 'null') : []
  return others.length === 0 && isSchema(some) ? { ...schema, ...some } : schema
}

/** The type, or the one beside null. */
export function typeOf(schema: JsonSchema): unknown {
  const { type } = schema
  return Array.isArray(type) ? type.find(each => each !== 'null') : type ?? (Array.isArray(schema['enum']) ? typeof schema['enum'][0] : undefined)
}

export function optionsOf(schema: JsonSchema): (string | number)[] {
  const values: readonly unknown[] = Array.isArray(schema['enum']) ? schema['enum'] : [schema['const']]
  return values.filter((value): value is string | number => typeof value === 'string' || typeof value === 'number')
}

/** What the form begins with: what is there already, else the schema's default. */
export function startValues(fields: readonly FormField[], from: Readonly<Record<string, unknown>>, locale: string): FormValues {
  return Object.fromEntries(fields.map(field => [field.name, startValue(field, from[field.name] ?? field.schema['default'] ?? null, locale)]))
}

function startValue({ kind, fields }: FormField, value: unknown, locale: string): FormValue {
  if (kind === 'group') return startValues(fields, isSchema(value) ? value : {}, locale)
  if (kind === 'texts') return Array.isArray(value) ? value.map(String) : []
  if (kind === 'boolean') return value === true
  if (value === null) return ''
  if (kind === 'integer' || kind === 'number' || kind === 'decimal') return typedNumber(String(value), locale)
  return kind === 'json' ? JSON.stringify(value, null, 2) : String(value)
}

/** The object that the form means, checked by its schema; else what is wrong, by the field's path. */
export function readForm(fields: readonly FormField[], values: FormValues, locale: string): { input: Record<string, unknown>; complaints: null } | { input: null; complaints: Complaints } {
  const complaints = new Map<string, Complaint>()
  const input = readFields(fields, values, locale, complaints)
  return complaints.size > 0 ? { input: null, complaints } : { input, complaints: null }
}

function readFields(fields: readonly FormField[], values: FormValues, locale: string, complaints: Map<string, Complaint>): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const field of fields) {
    const complain = (key: string, more: Complaint['values'] = {}): undefined => { complaints.set(field.path, { key, values: more }) }
    const value = readField(field, values[field.name] ?? '', { locale, complaints, complain })
    if (value !== undefined) input[field.name] = value
    else if (field.required && !complaints.has(field.path)) complain('needed')
  }
  return input
}

interface Typing {
  readonly locale: string
  readonly complain: (key: string, values?: Complaint['values']) => undefined
}

interface Reading extends Typing {
  readonly complaints: Map<string, Complaint>
}

/** Undefined where nothing was entered, or where it was complained about. */
function readField(field: FormField, value: FormValue, reading: Reading): unknown {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value.trim() === '' ? undefined : readTyped(field, value.trim(), reading)
  if (isList(value)) return readTexts(field, value, reading)
  return readGroup(field, value, reading)
}

function readGroup(field: FormField, values: FormValues, { locale, complaints }: Reading): unknown {
  // A group that may be left out is left out whole, where nothing stands in it.
  if (!field.required && Object.values(values).every(isEmpty)) return undefined
  return readFields(field.fields, values, locale, complaints)
}

function readTexts({ schema, required }: FormField, values: readonly string[], { complain }: Reading): unknown {
  const texts = values.map(text => text.trim()).filter(text => text !== '')
  if (texts.length === 0) return required && Number(schema['minItems'] ?? 0) === 0 ? [] : undefined
  if (texts.length < Number(schema['minItems'] ?? 0)) return complain('minItems', { limit: Number(schema['minItems']) })
  if (texts.length > Number(schema['maxItems'] ?? Infinity)) return complain('maxItems', { limit: Number(schema['maxItems']) })
  return texts
}

/** What one typed text means, and what is wrong with it: for forms that count at once. */
export function readText(field: Typed, text: string, locale: string): { readonly value: unknown; readonly complaint: Complaint | null } {
  const complaints: Complaint[] = []
  const value = readTyped(field, text, { locale, complain: (key, values = {}) => { complaints.push({ key, values }) } })
  return { value, complaint: complaints[0] ?? null }
}

type Typed = Pick<FormField, 'kind' | 'schema' | 'options'>

function readTyped(field: Typed, text: string, reading: Typing): unknown {
  const { kind, schema, options } = field
  const { locale, complain } = reading
  if (kind === 'choice') return options.find(option => String(option) === text) ?? complain('choice')
  if (kind === 'json') return parseJson(text) ?? complain('json')
  if (kind === 'date') return parseTypedDate(text, locale) ?? complain('date')
  if (kind === 'integer' || kind === 'number' || kind === 'decimal') {
    const exact = parseTypedNumber(text, locale)
    if (exact === null || (kind === 'integer' && !/^-?\d+$/.test(exact))) return complain(kind === 'integer' ? 'integer' : 'number')
    if (!inRange(Number(exact), schema, complain)) return undefined
    return kind === 'decimal' ? readPlain(schema, exact, complain) : Number(exact)
  }
  return readPlain(schema, text, complain)
}

function readPlain(schema: JsonSchema, text: string, complain: Typing['complain']): unknown {
  const { length } = Array.from(text)
  if (length < Number(schema['minLength'] ?? 0)) return complain('minLength', { limit: Number(schema['minLength']) })
  if (length > Number(schema['maxLength'] ?? Infinity)) return complain('maxLength', { limit: Number(schema['maxLength']) })
  if (typeof schema['pattern'] === 'string' && !matches(schema['pattern'], text)) return complain('pattern')
  if (schema['format'] === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return complain('email')
  return text
}

function inRange(value: number, schema: JsonSchema, complain: Reading['complain']): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  if (typeof minimum === 'number' && value < minimum) complain('minimum', { limit: minimum })
  else if (typeof maximum === 'number' && value > maximum) complain('maximum', { limit: maximum })
  else if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) complain('exclusiveMinimum', { limit: exclusiveMinimum })
  else if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) complain('exclusiveMaximum', { limit: exclusiveMaximum })
  else return true
  return false
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    // The engine, which checks again, has the last word on a pattern that browsers do not know.
    return true
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}

function isEmpty(value: FormValue): boolean {
  return typeof value === 'string' ? value.trim() === '' : typeof value === 'boolean' ? !value : isList(value) ? value.length === 0 : Object.values(value).every(isEmpty)
}

function isList(value: FormValue): value is readonly string[] {
  return Array.isArray(value)
}

export function isSchema(value: unknown): value is JsonSchema {
  return isRecord(value)
}

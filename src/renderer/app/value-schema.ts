import { type FieldKind, isSchema, type JsonSchema, kindOf, optionsOf, orNothing, typeOf } from './schema-form.ts'

/** How a value of a document is edited; beyond the fields of a dialog: lists, names with values, one of several shapes, any plain value. */
export type ValueKind = FieldKind | 'list' | 'map' | 'variants' | 'plain'

export interface ValueNode {
  readonly kind: ValueKind
  readonly schema: JsonSchema
  /** Of a choice. */
  readonly options: readonly (string | number)[]
}

export interface PropertyNode extends ValueNode {
  readonly name: string
  readonly required: boolean
}

/** One of the shapes that a value may have: told by a constant in it, or by a key that only this shape needs. */
export interface Variant {
  readonly value: string
  readonly schema: JsonSchema
}

const PLAIN = ['string', 'number', 'integer', 'boolean', 'null']

/** What a schema asks for, references inside it resolved by `root`, the schema that holds them. */
export function valueNode(schema: JsonSchema, root: JsonSchema): ValueNode {
  const own = orNothing(resolved(schema, root))
  const kind = valueKind(own, root)
  return { kind, schema: own, options: kind === 'choice' ? optionsOf(own) : [] }
}

function valueKind(schema: JsonSchema, root: JsonSchema): ValueKind {
  if (variants(schema, root).length > 0) return 'variants'
  if (isPlain(schema)) return 'plain'
  if (branches(schema, root).some(({ type }) => type === 'string')) return 'text'
  const kind = kindOf(schema, true)
  if (kind !== 'json') return kind
  if (typeOf(schema) === 'array' && isSchema(schema['items'])) return kindOf(orNothing(resolved(schema['items'], root)), true) === 'text' ? 'texts' : 'list'
  if (typeOf(schema) === 'object' && isSchema(schema['additionalProperties'])) return 'map'
  return 'json'
}

/** Text, number, yes or no, as one likes. */
function isPlain(schema: JsonSchema): boolean {
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(choices)) return choices.length > 1 && choices.every(choice => isSchema(choice) && PLAIN.includes(String(choice['type'])))
  return Array.isArray(schema['type']) && schema['type'].filter(type => type !== 'null').length > 1 && schema['type'].every(type => PLAIN.includes(String(type)))
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const ref = schema['$ref']
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return schema
  let at: unknown = root
  for (const key of ref.slice(2).split('/')) at = isSchema(at) ? at[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  return isSchema(at) ? { ...at, ...schema, $ref: undefined } : schema
}

/** Fields of an object's schema, in its order. */
export function properties(schema: JsonSchema, root: JsonSchema): PropertyNode[] {
  const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : [])
  return Object.entries(isSchema(schema['properties']) ? schema['properties'] : {})
    .flatMap(([name, of]) => isSchema(of) ? [{ name, required: required.has(name), ...valueNode(of, root) }] : [])
}

function branches(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const choices = schema['oneOf'] ?? schema['anyOf']
  return Array.isArray(choices) ? choices.filter(isSchema).map(choice => resolved(choice, root)) : []
}

/** The key by whose constant the shapes of a value differ, such as `kind`. */
export function discriminator(schema: JsonSchema, root: JsonSchema): string | null {
  const shapes = branches(schema, root)
  if (shapes.length < 2 || shapes.some(shape => shape['type'] !== 'object')) return null
  const names = Object.keys(isSchema(shapes[0]?.['properties']) ? shapes[0]['properties'] : {})
  return names.find(name => shapes.every(shape => constantOf(shape, name) !== null)) ?? null
}

function constantOf(shape: JsonSchema, name: string): string | null {
  const property = isSchema(shape['properties']) ? shape['properties'][name] : undefined
  return isSchema(property) && typeof property['const'] === 'string' ? property['const'] : null
}

/** The shapes that a value may have; [] where it has one only. */
export function variants(schema: JsonSchema, root: JsonSchema): Variant[] {
  const name = discriminator(schema, root)
  const shapes = branches(schema, root)
  if (name !== null) return shapes.map(shape => ({ value: constantOf(shape, name) ?? '', schema: shape }))
  if (shapes.length < 2 || shapes.some(shape => shape['type'] !== 'object')) return []
  const keys = shapes.map(shape => requiredOf(shape).find(key => shapes.every(other => other === shape || !requiredOf(other).includes(key))))
  return keys.includes(undefined) ? [] : shapes.map((shape, index) => ({ value: keys[index] ?? '', schema: shape }))
}

function requiredOf({ required }: JsonSchema): string[] {
  return Array.isArray(required) ? required.map(String) : []
}

/** The shape that a value has; undefined where it says none of them. */
export function variantOf(value: unknown, schema: JsonSchema, root: JsonSchema): Variant | undefined {
  if (!isSchema(value)) return undefined
  const name = discriminator(schema, root)
  return variants(schema, root).find(each => name === null ? value[each.value] !== undefined : value[name] === each.value)
}

/** The least that a new value of this schema can be: what it needs, with its defaults; texts that a person has to write are empty. */
export function newValue(schema: JsonSchema, root: JsonSchema): unknown {
  const node = valueNode(schema, root)
  const given = node.schema['default'] ?? node.schema['const']
  if (given !== undefined) return given
  switch (node.kind) {
    case 'choice': return node.options[0]
    case 'boolean': return false
    case 'integer':
    case 'number': return Number(node.schema['minimum'] ?? 0)
    case 'texts': return []
    case 'list': return Number(node.schema['minItems'] ?? 0) > 0 && isSchema(node.schema['items']) ? [newValue(node.schema['items'], root)] : []
    case 'group': return Object.fromEntries(properties(node.schema, root).filter(each => each.required).map(each => [each.name, newValue(each.schema, root)]))
    case 'variants': {
      const [first] = variants(node.schema, root)
      return first === undefined ? {} : newValue(first.schema, root)
    }
    case 'map':
    case 'json': return {}
    default: return ''
  }
}

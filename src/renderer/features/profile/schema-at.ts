import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { isSchema, type JsonSchema } from '../../app/schema-form.ts'
import { discriminator, valueNode, variantOf, variants } from '../../app/value-schema.ts'

/** The document's schema, and those of the packs that it names: together they say what may stand where. */
export interface Schemas {
  readonly document: JsonSchema
  /** Config schema of a pack in a section of `capabilities:`; null where it is not known (yet). */
  config(pack: string, section: unknown): JsonSchema | null
}

export interface Found {
  readonly schema: JsonSchema
  /** Holds what references inside it mean. */
  readonly root: JsonSchema
  /** The pack whose settings it belongs to, and how far in. */
  readonly pack: string | null
  readonly inPack: readonly PathKey[]
}

/** What may stand at a path of the document; null where nothing is known of it. */
export function schemaAt(path: readonly PathKey[], value: unknown, schemas: Schemas): Found | null {
  let found: Found = { schema: schemas.document, root: schemas.document, pack: null, inPack: [] }
  let at: unknown = value
  for (const key of path) {
    const pack = found.pack === null && key === 'config' && isRecord(at) && typeof at['pack'] === 'string' ? at['pack'] : null
    const config = pack === null ? null : schemas.config(pack, path[1])
    if (config !== null) found = { schema: config, root: config, pack, inPack: [] }
    else {
      const schema = below(found, key, at)
      if (schema === null) return null
      found = { ...found, schema, inPack: found.pack === null ? [] : [...found.inPack, key] }
    }
    at = Array.isArray(at) ? at[Number(key)] : isRecord(at) ? at[key] : undefined
  }
  return found
}

function below({ schema, root }: Found, key: PathKey, value: unknown): JsonSchema | null {
  const { schema: own } = valueNode(schema, root)
  const shape = chosenVariant(own, root, value)
  const { properties, items, additionalProperties } = shape
  if (typeof key === 'number') return isSchema(items) ? items : null
  if (isSchema(properties) && isSchema(properties[key])) return properties[key]
  return isSchema(additionalProperties) ? additionalProperties : null
}

/** Of a value that may have several shapes, the one it has; of one that does not say which, all their keys together. */
function chosenVariant(schema: JsonSchema, root: JsonSchema, value: unknown): JsonSchema {
  const shapes = variants(schema, root)
  if (shapes.length === 0) return schema
  const chosen = variantOf(value, schema, root)
  if (chosen !== undefined) return chosen.schema
  const all: unknown[] = shapes.map(shape => shape.schema['properties'])
  const name = discriminator(schema, root)
  return { type: 'object', properties: { ...Object.assign({}, ...all), ...(name === null ? {} : { [name]: { type: 'string', enum: shapes.map(shape => shape.value) } }) } }
}

/** Keys that an object at a path may have, with what they mean. */
export function keysOf(found: Found, value: unknown): { readonly key: string; readonly schema: JsonSchema; readonly required: boolean }[] {
  const shape = chosenVariant(valueNode(found.schema, found.root).schema, found.root, value)
  const required = Array.isArray(shape['required']) ? shape['required'].map(String) : []
  return Object.entries(isSchema(shape['properties']) ? shape['properties'] : {}).flatMap(([key, schema]) => isSchema(schema) ? [{ key, schema, required: required.includes(key) }] : [])
}

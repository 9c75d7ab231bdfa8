import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { PathKey, ProfileEdit } from '#engine/profiles/finding.ts'
import { isSchema } from '../../app/schema-form.ts'
import { keysOf, schemaAt, type Schemas } from './schema-at.ts'

/**
 * Where the last entry of a list, or the last name of a map, is taken out, the key that held them goes with it, and whatever then
 * holds nothing; never what the schema asks for.
 */
export function withoutLeftovers(edits: readonly ProfileEdit[], value: unknown, schemas: Schemas): readonly ProfileEdit[] {
  const [edit] = edits
  if (edit?.op !== 'remove' || edits.length > 1 || !isEntry(edit.path, value, schemas)) return edits
  return [{ op: 'remove', path: emptied(edit.path, value, schemas) }]
}

function isEntry(path: readonly PathKey[], value: unknown, schemas: Schemas): boolean {
  if (typeof path.at(-1) === 'number') return true
  const schema = schemaAt(path.slice(0, -1), value, schemas)?.schema
  return schema !== undefined && isSchema(schema['additionalProperties'])
}

/** The highest place that would be left empty without what is at the path, and that may be left out. */
function emptied(path: readonly PathKey[], value: unknown, schemas: Schemas): readonly PathKey[] {
  const above = path.slice(0, -1)
  const holder = valueAt(value, above)
  const count = Array.isArray(holder) ? holder.length : isRecord(holder) ? Object.keys(holder).length : 0
  return count === 1 && mayGo(above, value, schemas) ? emptied(above, value, schemas) : path
}

function mayGo(path: readonly PathKey[], value: unknown, schemas: Schemas): boolean {
  const key = path.at(-1)
  // An entry of a list is for a person to take out.
  if (typeof key !== 'string') return false
  const above = path.slice(0, -1)
  const found = schemaAt(above, value, schemas)
  return found !== null && keysOf(found, valueAt(value, above)).some(each => each.key === key && !each.required)
}

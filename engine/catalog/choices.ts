import { isRecord } from '#engine/core/plain-values.ts'
import type { Condition } from '#engine/packs/pack-catalog.ts'
import type { Choices } from './changes.ts'
import { stepFrom } from './condition.ts'
import type { Constraint } from './constraint.ts'
import type { DocumentView } from './document-view.ts'

/** What the product itself says about the values of a place. */
export const PRODUCT_CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  'capabilities.confirmation': ['automatic', 'manual'],
  'publishing.secondPerson': [true, false],
  'publishing.casesMustPass': [true, false],
}

/** Values that constraints name for each address, with the ones just beyond a bound. */
export function namedValues(constraints: readonly Pick<Constraint, 'when' | 'then'>[]): ReadonlyMap<string, readonly unknown[]> {
  const named = new Map<string, Map<string, unknown>>()
  const shared: [string, string][] = []
  for (const condition of constraints.flatMap(({ when, then }): readonly Condition[] => [...when, ...then])) {
    if ('pack' in condition) continue
    const values = named.get(condition.path) ?? new Map<string, unknown>()
    for (const value of valuesIn(condition)) values.set(JSON.stringify(value), value)
    named.set(condition.path, values)
    if (condition.same !== undefined) shared.push([condition.path, condition.same])
  }
  // Two places that shall say the same can say whatever is named for the other.
  for (const [one, other] of [...shared, ...shared]) {
    const all = new Map([...named.get(one) ?? [], ...named.get(other) ?? []])
    named.set(one, all)
    named.set(other, all)
  }
  return new Map([...named].map(([address, values]) => [address, [...values.values()]]))
}

function valuesIn(condition: Exclude<Condition, { readonly pack: string }>): unknown[] {
  const { is, has, atLeast, atMost } = condition
  if (is !== undefined) return [is]
  if (condition.in !== undefined) return condition.in
  if (has !== undefined) return [[has]]
  if (atLeast !== undefined) return [atLeast, stepFrom(atLeast, -1)]
  return atMost === undefined ? [] : [atMost, stepFrom(atMost, 1)]
}

/** Every value that something says a place can have: the product, the schema of the pack that it configures, the constraints. */
export function choicesFor(constraints: readonly Constraint[], view: DocumentView): Choices {
  const named = namedValues(constraints)
  return address => [...new Map([...PRODUCT_CHOICES[address] ?? [], ...schemaChoices(address, view), ...named.get(address) ?? []].map(value => [JSON.stringify(value), value])).values()]
}

function schemaChoices(address: string, view: DocumentView): readonly unknown[] {
  const path = view.locate(address)
  const config = path?.indexOf('config') ?? -1
  if (path === null || config < 0) return []
  const id = view.value(path.slice(0, config).concat('pack').join('.'))
  const version = typeof id === 'string' ? view.pack(id) : null
  const pack = view.packs.find(({ manifest }) => manifest.id === id && manifest.version === version)
  return pack?.manifest.implements.flatMap(({ config: schema }) => choicesIn(schemaAt(schema, path.slice(config + 1).map(String)))) ?? []
}

type Schema = Readonly<Record<string, unknown>>

/** The part of a JSON Schema that speaks of a place in the value; null where it does not name it. */
export function schemaAt(schema: Schema, path: readonly string[]): Schema | null {
  const [key, ...rest] = path
  if (key === undefined) return schema
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const below = Object.hasOwn(properties, key) ? properties[key] : schema['additionalProperties']
  return isRecord(below) ? schemaAt(below, rest) : null
}

/** All values that a schema allows, where it lists them; else []. */
export function choicesIn(schema: Schema | null): readonly unknown[] {
  if (schema === null) return []
  if (Array.isArray(schema['enum'])) return schema['enum']
  return schema['const'] !== undefined ? [schema['const']] : schema['type'] === 'boolean' ? [true, false] : []
}

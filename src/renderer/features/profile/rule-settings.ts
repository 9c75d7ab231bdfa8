import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { isSchema, type JsonSchema } from '../../app/schema-form.ts'
import { properties, type PropertyNode, valueNode, type ValueNode } from '../../app/value-schema.ts'
import { entriesIn } from './named-packs.ts'
import { schemaAt, type Schemas } from './schema-at.ts'

/** A setting that a rule of the profile can look at. */
export interface Setting {
  /** As conditions write it: `packs.<pack>.config.<key>`, or a place of the document. */
  readonly address: string
  /** Where it stands in the document. */
  readonly at: readonly PathKey[]
  /** The pack that it configures; null for the product's own. */
  readonly pack: string | null
  readonly node: ValueNode
}

/** What of the product itself depends on a customer and says something in a rule. */
const OWN = [['capabilities', 'confirmation'], ['publishing', 'secondPerson'], ['publishing', 'casesMustPass'], ['look', 'theme']] as const

/** Every setting of the product and of the packs that a document names. */
export function settingsIn(document: unknown, schemas: Schemas): Setting[] {
  const own = OWN.flatMap((at): Setting[] => {
    const found = schemaAt(at, document, schemas)
    return found === null ? [] : [{ address: at.join('.'), at, pack: null, node: valueNode(found.schema, found.root) }]
  })
  const seen = new Set<string>()
  return [...own, ...entriesIn(document).flatMap(({ pack, at }): Setting[] => {
    const schema = schemas.config(pack, at[1])
    if (schema === null || seen.has(pack)) return []
    seen.add(pack)
    return below({ pack, at: [...at, 'config'], address: `packs.${pack}.config` }, { schema, root: schema, value: valueAt(document, [...at, 'config']) })
  })]
}

type Stand = Pick<Setting, 'pack' | 'at' | 'address'>

function below(stand: Stand, { schema, root, value }: { schema: JsonSchema; root: JsonSchema; value: unknown }): Setting[] {
  return properties(schema, root).flatMap((node): Setting[] => {
    const here = { ...stand, at: [...stand.at, node.name], address: `${stand.address}.${node.name}` }
    const now = valueAt(value, [node.name])
    return [...node.kind === 'group' ? below(here, { schema: node.schema, root, value: now }) : [], ...named(here, node, root, now), { ...here, node }]
  })
}

/** Of names with a value each, those that the document has: the limit of a currency. */
function named(stand: Stand, node: PropertyNode, root: JsonSchema, value: unknown): Setting[] {
  const values = node.schema['additionalProperties']
  if (node.kind !== 'map' || !isSchema(values)) return []
  return Object.keys(isRecord(value) ? value : {}).map(name => ({ ...stand, at: [...stand.at, name], address: `${stand.address}.${name}`, node: valueNode(values, root) }))
}

export type Operator = 'used' | 'unused' | 'version' | 'is' | 'in' | 'has' | 'atLeast' | 'atMost' | 'same' | 'said' | 'unsaid'

/** What compares a value. */
export const TESTS = ['is', 'in', 'has', 'atLeast', 'atMost', 'same'] as const

/** What can be asked of a pack (null), or of a setting. */
export function operatorsOf(node: ValueNode | null): readonly Operator[] {
  switch (node?.kind) {
    case undefined: return ['used', 'unused', 'version']
    case 'choice': return ['is', 'in', 'said', 'unsaid']
    case 'boolean': return ['is', 'said', 'unsaid']
    case 'integer':
    case 'number':
    case 'decimal': return ['atLeast', 'atMost', 'is', 'same', 'said', 'unsaid']
    case 'text':
    case 'plain':
    case 'date': return ['is', 'in', 'same', 'said', 'unsaid']
    case 'texts': return ['has', 'said', 'unsaid']
    default: return ['said', 'unsaid']
  }
}

/** What a condition asks; null where it does not say yet. */
export function operatorIn(condition: unknown): Operator | null {
  if (!isRecord(condition)) return null
  if (condition['pack'] !== undefined) return condition['present'] === false ? 'unused' : condition['version'] === undefined ? 'used' : 'version'
  if (typeof condition['present'] === 'boolean') return condition['present'] ? 'said' : 'unsaid'
  return TESTS.find(each => condition[each] !== undefined) ?? null
}

/** The key of a condition that an operator is written with, and what stands there at first; null where nothing has to. */
export function testOf(operator: Operator, node: ValueNode | null): { readonly key: string; readonly value: unknown } | null {
  switch (operator) {
    case 'used': return null
    case 'unused': return { key: 'present', value: false }
    case 'said':
    case 'unsaid': return { key: 'present', value: operator === 'said' }
    case 'version': return { key: 'version', value: '*' }
    case 'in': return { key: 'in', value: [firstOf(node)] }
    case 'same': return { key: 'same', value: '' }
    case 'has': return { key: 'has', value: firstOf(itemOf(node)) }
    default: return { key: operator, value: firstOf(node) }
  }
}

/** What the entries of a list may be. */
export function itemOf(node: ValueNode | null): ValueNode {
  const items = node?.schema['items']
  return isSchema(items) ? valueNode(items, items) : { kind: 'text', schema: {}, options: [] }
}

function firstOf(node: ValueNode | null): string | number | boolean {
  if (node?.kind === 'boolean') return true
  if (node?.kind === 'choice') return node.options[0] ?? ''
  return node?.kind === 'integer' || node?.kind === 'number' ? Number(node.schema['minimum'] ?? 0) : node?.kind === 'decimal' ? '0' : ''
}

/** The settings whose value can be compared with that of another. */
export function comparable({ node: { kind } }: Setting): boolean {
  return ['text', 'choice', 'integer', 'number', 'decimal', 'date', 'plain', 'boolean'].includes(kind)
}

/** The setting that an address means, however it is written: `capabilities.approval.config.above` is that of the pack which answers there. */
export function settingAt(address: string, settings: readonly Setting[]): Setting | undefined {
  return settings.find(each => each.address === address || each.at.join('.') === address)
}

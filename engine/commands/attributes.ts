import type { AttributeDeclaration, AttributeValue } from '#engine/contracts/v1/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { Composition } from '#engine/packs/composition.ts'
import { schemaProblem } from '#engine/profiles/json-schema.ts'

export type AttributesOn = AttributeDeclaration['on']
export type Attributes = Readonly<Record<string, AttributeValue>>

interface Bearer {
  readonly attributes: Attributes
}

interface AttributedDocument extends Bearer {
  readonly lines: readonly (Bearer & { readonly id: string })[]
}

/** Who changes attributes: a person, or the reactor of a pack. */
export interface AttributesBy {
  /** Id of the pack; null for a person. */
  readonly pack: string | null
}

export function attributesBy({ actor }: Invocation): AttributesBy {
  return { pack: actor.kind === 'pack' ? actor.id.slice('pack:'.length) : null }
}

/** What an attribute is declared as; null where no pack of the profile declares it. */
function declaration(composition: Composition | null, on: AttributesOn, name: string): AttributeDeclaration | null {
  const dot = name.indexOf('.')
  const module = composition?.modules.find(({ pack }) => pack === name.slice(0, dot))
  return module?.manifest.attributes?.find(each => each.on === on && each.name === name.slice(dot + 1)) ?? null
}

/** Whether attributes may be set: declared, as their schema says, and by whom they may be. */
export function checkAttributes(composition: Composition | null, on: AttributesOn, changed: Attributes, by: AttributesBy): Result<null> {
  for (const [attribute, value] of Object.entries(changed)) {
    const declared = declaration(composition, on, attribute)
    if (declared === null) {
      return refuse('KS-ATTRIBUTE-UNKNOWN', `No pack of the profile declares the attribute ${attribute} of ${WHAT[on]}.`, 'Correct the name, or enable the pack that declares it.', { attribute, on })
    }
    const [pack = ''] = attribute.split('.')
    if (by.pack === null ? declared.editable === false : by.pack !== pack) {
      return refuse('KS-ATTRIBUTE-KEPT', `Only the pack ${pack} sets the attribute ${attribute}.`, 'Do what the pack sets it for.', { attribute, pack })
    }
    const problem = value === null ? null : schemaProblem(value, declared.schema)
    if (problem !== null) return refuse('KS-ATTRIBUTE-VALUE', `The attribute ${attribute} ${problem.problem}.`, 'Correct the value.', { attribute, problem: problem.problem })
  }
  return ok(null)
}

const WHAT: Readonly<Record<AttributesOn, string>> = { order: 'an order', line: 'a line', account: 'an account' }

/**
 * The same for a document that a person or a file hands in. Names that begin with a pack of the profile are that pack's and
 * must be declared; others are facts of the document, which nobody declared and nobody checks.
 */
export function checkDocumentAttributes(composition: Composition | null, document: AttributedDocument, before: AttributedDocument | null, by: AttributesBy): Result<null> {
  if (composition === null || composition.modules.length === 0) return ok(null)
  const ofPacks = ({ attributes }: Bearer, known: Attributes = {}): Attributes => {
    const changed = [...Object.entries(attributes), ...Object.keys(known).filter(name => !(name in attributes)).map(name => [name, null] as const)]
      .filter(([name, value]) => (known[name] ?? null) !== value && composition.modules.some(({ pack }) => name.startsWith(`${pack}.`)))
    return Object.fromEntries(changed)
  }
  const head = checkAttributes(composition, 'order', ofPacks(document, before?.attributes), by)
  if (!head.ok) return head
  for (const line of document.lines) {
    const checked = checkAttributes(composition, 'line', ofPacks(line, before?.lines.find(({ id }) => id === line.id)?.attributes), by)
    if (!checked.ok) return checked
  }
  return ok(null)
}

/** The document with attributes as they are declared: a column of a file holds text, where a number or yes and no is meant. */
export function withDeclaredTypes(composition: Composition | null, document: OrderDocument): OrderDocument {
  if (composition === null || composition.modules.every(({ manifest }) => manifest.attributes === undefined)) return document
  const typed = (on: AttributesOn, attributes: Attributes): Record<string, AttributeValue> => Object.fromEntries(Object.entries(attributes).map(([name, value]) =>
    [name, typeof value === 'string' ? asDeclared(value, declaration(composition, on, name)?.schema['type']) : value]))
  return { ...document, attributes: typed('order', document.attributes), lines: document.lines.map(line => ({ ...line, attributes: typed('line', line.attributes) })) }
}

function asDeclared(text: string, type: unknown): AttributeValue {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return (type === 'number' || type === 'integer') && /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
}

/** What a document lacks before it can be submitted. */
export function checkRequiredAttributes(composition: Composition | null, document: AttributedDocument): Result<null> {
  for (const { pack, manifest } of composition?.modules ?? []) {
    for (const { on, name, required } of manifest.attributes ?? []) {
      if (required !== true || on === 'account') continue
      const attribute = `${pack}.${name}`
      const lacking = on === 'order' ? (document.attributes[attribute] ?? null) === null : document.lines.find(line => (line.attributes[attribute] ?? null) === null)
      if (lacking === false || lacking === undefined) continue
      const line = lacking === true ? null : lacking.id
      return refuse('KS-ATTRIBUTE-MISSING', line === null ? `The order lacks ${attribute}.` : `Line ${line} of the order lacks ${attribute}.`,
        'Add it, then submit the order.', { attribute, line })
    }
  }
  return ok(null)
}

import type { KnownPack } from '#engine/packs/composition.ts'
import { identityOf } from '#engine/profiles/document-values.ts'
import { equal, isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import type { JsonSchema } from './json-schema.ts'
import type { ProfileDocument } from './profile-document.ts'
import { profileJsonSchema } from './profile-json-schema.ts'

/** One difference between two profiles, in words. */
export interface Change {
  /** For people, entries of lists by what names them: `capabilities.approval.config.stages.manager.role`. */
  readonly path: string
  /** Key by key, in the later profile; in the earlier one for what was removed. */
  readonly at: readonly PathKey[]
  readonly kind: 'added' | 'removed' | 'changed'
  /** Undefined where there was nothing. */
  readonly before: unknown
  readonly after: unknown
  /** What it is, in English: "approval limit". */
  readonly title: string
  /** Of the sentence, with its values: `value-changed`, `amount-added`, `pack-replaced`, `order-changed` … */
  readonly code: ChangeCode
  readonly values: Readonly<Record<string, string>>
  /** English: "approval limit 1,000.00 → 2,500.00 EUR". */
  readonly message: string
}

const SENTENCES = {
  'value-added': '{title}: {after} (new)',
  'value-removed': '{title}: {before} (removed)',
  'value-changed': '{title} {before} → {after}',
  'amount-added': '{title} {after} {currency} (new)',
  'amount-removed': '{title} {before} {currency} (removed)',
  'amount-changed': '{title} {before} → {after} {currency}',
  'pack-added': '{title}: {after} added',
  'pack-removed': '{title}: {before} removed',
  'pack-replaced': '{title}: {before} → {after}',
  'order-changed': '{title}: in another order',
} as const
type ChangeCode = keyof typeof SENTENCES

/** What is different in a later profile, in the order of the document; [] where they say the same. Packs lend the titles of their settings. */
export function compareProfiles(before: ProfileDocument, after: ProfileDocument, packs: readonly KnownPack[]): readonly Change[] {
  const comparison = new Comparison(packs)
  comparison.values({ before: documentOf(before), after: documentOf(after) }, new Place(profileJsonSchema()))
  return comparison.changes
}

function documentOf({ source: _source, digest: _digest, ...document }: ProfileDocument & { readonly source?: string; readonly digest?: string }): unknown {
  return document
}

interface Two { readonly before: unknown; readonly after: unknown }

class Comparison {
  readonly changes: Change[] = []
  readonly #packs: readonly KnownPack[]

  constructor(packs: readonly KnownPack[]) {
    this.#packs = packs
  }

  values({ before, after }: Two, place: Place): void {
    if (equal(before, after)) return
    if (answers(before) || answers(after)) this.#answer({ before, after }, place)
    else if (isRecord(before) && isRecord(after)) this.#keys(before, after, place)
    else if (Array.isArray(before) && Array.isArray(after)) this.#entries(before, after, place)
    else if (before === undefined && isRecord(after) && place.isNamedSection()) this.#keys({}, after, place)
    else if (after === undefined && isRecord(before) && place.isNamedSection()) this.#keys(before, {}, place)
    else this.#tell(kindOf(before, after), { before, after }, place)
  }

  #keys(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, place: Place): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const config = key === 'config' ? this.#schemaOf(after['pack'] ?? before['pack']) : null
      this.values({ before: before[key], after: after[key] }, place.below(key, config))
    }
  }

  #entries(before: readonly unknown[], after: readonly unknown[], place: Place): void {
    const identity = identityOf(before, after)
    if (identity === null) {
      const most = Math.max(before.length, after.length)
      for (let index = 0; index < most; index++) this.values({ before: before[index], after: after[index] }, place.entry(index, `#${index + 1}`))
      return
    }
    const known = new Map(before.map((entry, index) => [identity(entry), { entry, index }]))
    for (const [index, entry] of after.entries()) {
      const name = identity(entry)
      this.values({ before: known.get(name)?.entry, after: entry }, place.entry(index, name))
      known.delete(name)
    }
    for (const [name, { entry, index }] of known) this.values({ before: entry, after: undefined }, place.entry(index, name))
    const order = (list: readonly unknown[], other: readonly unknown[]): string[] => list.map(identity).filter(name => other.some(entry => identity(entry) === name))
    if (!equal(order(before, after), order(after, before))) this.#tell('order-changed', { before, after }, place)
  }

  /** Who answers for a capability: another pack is told as such, with its settings only where it stays. */
  #answer({ before, after }: Two, place: Place): void {
    if (isRecord(before) && isRecord(after) && before['pack'] === after['pack'] && before['pack'] !== undefined) {
      this.#keys(before, after, place)
      return
    }
    const code = before === undefined ? 'pack-added' : after === undefined ? 'pack-removed' : 'pack-replaced'
    this.#tell(code, { before, after }, place.isEntry() ? place.parent() : place)
  }

  #schemaOf(pack: unknown): JsonSchema | null {
    return this.#packs.find(({ manifest }) => manifest.id === pack)?.manifest.implements[0]?.config ?? null
  }

  #tell(change: 'added' | 'removed' | 'changed' | ChangeCode, { before, after }: Two, place: Place): void {
    const currency = isAmount(before) && isAmount(after) ? place.currency() : null
    const code: ChangeCode = change === 'added' || change === 'removed' || change === 'changed' ? `${currency === null ? 'value' : 'amount'}-${change}` : change
    const title = place.title(currency !== null)
    const shown = currency === null ? wordsOf : (value: unknown) => grouped(String(value))
    const values = { title, before: shown(before), after: shown(after), ...(currency === null ? {} : { currency }) }
    this.changes.push({
      path: place.path(), at: place.at, kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed', before, after, title, code, values,
      message: SENTENCES[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name as keyof typeof values] ?? ''),
    })
  }
}

interface PlaceParts { readonly at: readonly PathKey[]; readonly words: readonly string[]; readonly names: readonly string[]; readonly parent: Place | null }

/** Where a difference is: its keys, what people call them, and the schema there. */
class Place {
  readonly at: readonly PathKey[]
  readonly #schema: JsonSchema | null
  readonly #words: readonly string[]
  readonly #names: readonly string[]
  readonly #parent: Place | null

  constructor(schema: JsonSchema | null, { at, words, names, parent }: PlaceParts = { at: [], words: [], names: [], parent: null }) {
    this.#schema = schema
    this.at = at
    this.#words = words
    this.#names = names
    this.#parent = parent
  }

  /** `own`: the schema of what is there, where the schema of the document does not know it. */
  below(key: string, own: JsonSchema | null): Place {
    const schema = own ?? propertyOf(this.#schema, key)
    const isNamed = isRecord(this.#schema?.['additionalProperties']) || CURRENCY.test(key)
    // Within the settings of a pack its own titles count.
    const title = this.at.includes('config') ? schema?.['title'] : undefined
    // What holds the rest need not be said: people say "approval limit", not "capabilities approval config limits".
    const silent = (this.at.length === 0 && ['capabilities', 'look', 'publishing'].includes(key)) || key === 'config'
    const before = isNamed ? [...this.#words.slice(0, -1), ...this.#words.slice(-1).map(singular)] : this.#words
    return new Place(schema, {
      at: [...this.at, key], names: [...this.#names, key], parent: this,
      words: silent ? this.#words : [...before, typeof title === 'string' ? title : isNamed ? key : human(key)],
    })
  }

  entry(index: number, name: string): Place {
    const { items } = this.#schema ?? {}
    return new Place(isRecord(items) ? items : null, {
      at: [...this.at, index], names: [...this.#names, name], parent: this,
      words: [...this.#words.slice(0, -1), ...this.#words.slice(-1).map(singular), name.replaceAll(/^"|"$/g, '')],
    })
  }

  parent(): Place {
    return this.#parent ?? this
  }

  isEntry(): boolean {
    return typeof this.at.at(-1) === 'number'
  }

  /** A part of the document with keys of its own, told key by key where it comes or goes. */
  isNamedSection(): boolean {
    return this.at.length === 1 && ['look', 'publishing', 'permissions'].includes(String(this.at[0]))
  }

  currency(): string | null {
    const last = this.at.at(-1)
    return typeof last === 'string' && CURRENCY.test(last) ? last : null
  }

  title(withoutLast: boolean): string {
    return (withoutLast ? this.#words.slice(0, -1) : this.#words).join(' ')
  }

  path(): string {
    return this.#names.join('.')
  }
}

const CURRENCY = /^[A-Z]{3}$/

function propertyOf(schema: JsonSchema | null, key: string): JsonSchema | null {
  const properties = schema?.['properties']
  const found = isRecord(properties) ? properties[key] : undefined
  if (isRecord(found)) return found
  return isRecord(schema?.['additionalProperties']) ? schema['additionalProperties'] : null
}

function answers(value: unknown): boolean {
  return isRecord(value) && (typeof value['pack'] === 'string' || typeof value['default'] === 'string')
}

function isAmount(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
}

/** 1000.00 → 1,000.00 */
function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.')
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`
}

function kindOf(before: unknown, after: unknown): 'added' | 'removed' | 'changed' {
  return before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
}

function wordsOf(value: unknown): string {
  if (value === undefined) return ''
  if (isRecord(value) && answers(value)) return value['pack'] === undefined ? String(value['default']) : `${String(value['pack'])} ${String(value['version'] ?? '')}`.trim()
  if (isRecord(value)) return Object.entries(value).map(([key, each]) => `${key} ${wordsOf(each)}`).join(', ')
  if (Array.isArray(value)) return value.map(wordsOf).join(', ')
  const text = String(value)
  return text.length > 200 ? `${text.slice(0, 60)}…` : text
}

/** otherCurrencies → other currencies */
function human(key: string): string {
  return key.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[-_]/g, ' ').toLowerCase()
}

function singular(word: string): string {
  return word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.endsWith('ss') ? word : word.replace(/s$/, '')
}

import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { currencyName } from '../../app/currencies.ts'
import { isLocale } from '../../app/i18n.ts'
import { packText } from '../../app/pack-texts.ts'
import { usePackScreens } from '../../app/pack-ui.tsx'
import type { JsonSchema } from '../../app/schema-form.ts'
import { plainName } from '../../app/plain-name.ts'
import { roleName } from '../../app/role-names.ts'
import { useFormat } from '../../app/use-format.ts'
import type { ValueWords } from '../../components/value-editing.ts'
import { schemaAt, type Schemas } from './schema-at.ts'

export interface ProfileWords extends ValueWords {
  /** The way to a value, as a person follows it: `Approval › Stages › Stage 2 › Role`. */
  place(path: readonly PathKey[]): string
  currency(code: string): string
}

/** Words for everything in a document: the product's own for its parts, a pack's for its settings, else what their schemas say. */
export function useProfileWords(schemas: Schemas, value: unknown): ProfileWords {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { packs } = usePackScreens()
  return useMemo(() => {
    const ofPack = (pack: string, key: string): string | null =>
      packText(pack, key, {}, { locale: i18n.language, format, scale: null, texts: packs.find(each => each.pack === pack)?.texts })
    const said = (kind: 'label' | 'hint' | 'option', path: readonly PathKey[], more = ''): string | null => {
      const found = schemaAt(path, value, schemas)
      if (found !== null && found.pack !== null && found.inPack.length > 0) {
        const prefix = { label: 'config', hint: 'hint.config', option: 'option.config' }[kind]
        return ofPack(found.pack, [prefix, ...named(found.inPack), ...(more === '' ? [] : [more])].join('.'))
      }
      return t(`profile-editor:${kind}.${[...names(path), ...(more === '' ? [] : [more])].join('-')}`, { defaultValue: '' }) || null
    }
    const label = (path: readonly PathKey[], schema: JsonSchema): string => {
      const last = path.at(-1)
      if (typeof last === 'number') return t('profile-editor:entry', { number: last + 1 })
      if (typeof last === 'string' && isLocale(last) && (path[0] === 'constraints' || path[1] === 'wording')) return t(`common:languageName.${last}`)
      return said('label', path) ?? (typeof schema['title'] === 'string' ? schema['title'] : isCurrency(path, last) ? last : plainName(last ?? ''))
    }
    const words: ValueWords = {
      label,
      hint: (path, schema) => said('hint', path) ?? (typeof schema['description'] === 'string' ? schema['description'] : null),
      option: (path, _schema, option) => said('option', path, String(option)) ?? partOfConsole(path, String(option), t) ?? (isRole(path) ? roleName(String(option), t) : String(option)),
      entry: (path, schema, index) => {
        const name = nameOfEntry(path, index, value, { t, ofPack })
        return name === null ? t('profile-editor:entryOf', { name: label(path, schema), number: index + 1 }) : t('profile-editor:entryNamed', { name, number: index + 1 })
      },
      key: (path, schema) => said('label', [...path, '*key']) ?? (isCurrencyNames(schema) ? t('profile-editor:currency') : t('profile-editor:name')),
      value: (path, schema) => said('label', [...path, '*']) ?? (isCurrencyNames(schema) ? t('profile-editor:amount') : t('profile-editor:value')),
      keyName: (_path, schema, name) => isCurrencyNames(schema) ? currencyName(name, i18n.language) : name,
    }
    return { ...words, place: path => placeOf(path, value, { schemas, words, nameIn: (list, index) => nameOfEntry(list, index, value, { t, ofPack }) }, t), currency: code => currencyName(code, i18n.language) }
  }, [t, i18n.language, format, packs, schemas, value])
}

function isRole(path: readonly PathKey[]): boolean {
  return path.at(-1) === 'role' || (path[0] === 'permissions' && path.length === 3)
}

/** The limit of a currency is called by its code. */
function isCurrency(path: readonly PathKey[], key: string | undefined): key is string {
  return key !== undefined && path.includes('config') && /^[A-Z]{3}$/.test(key)
}

/** Keys of a path as texts name them: entries of lists are not told apart. */
function named(path: readonly PathKey[]): string[] {
  return path.filter((key): key is string => typeof key === 'string')
}

/** As `named`, with `*` for names that the customer chose. */
function names(path: readonly PathKey[]): string[] {
  const [top, second] = path
  const free = top === 'integrations' || top === 'permissions' || top === 'roles' || top === 'attributes' || (top === 'look' && second === 'wording')
  const at = top === 'look' ? 2 : 1
  return named(path.map((key, index) => free && index === at && key !== '*key' ? '*' : key))
}

interface Naming {
  readonly schemas: Schemas
  readonly words: ValueWords
  nameIn(list: readonly PathKey[], index: number): string | null
}

function placeOf(path: readonly PathKey[], value: unknown, { schemas, words, nameIn }: Naming, t: TFunction): string {
  if (path.length === 0) return t('profile-editor:whole')
  // The fields of a condition are one sentence.
  const parts = (path[0] === 'constraints' ? path.slice(0, 4) : path).flatMap((key, index) => {
    const upTo = path.slice(0, index + 1)
    // `capabilities` and `config` say nothing that the parts beside them do not.
    if (key === 'capabilities' && path.length > 1) return []
    const above = schemaAt(path.slice(0, index), value, schemas)
    if (key === 'config' && path.length > index + 1 && schemaAt(upTo, value, schemas)?.pack !== null) return []
    if (typeof key === 'number') return [nameIn(path.slice(0, index), key) ?? t('profile-editor:entry', { number: key + 1 })]
    const found = schemaAt(upTo, value, schemas)
    const own = above !== null && isRecord(above.schema['properties']) && above.schema['properties'][key] !== undefined
    return [own || found === null ? words.label(upTo, found?.schema ?? {}) : words.keyName(path.slice(0, index), above?.schema ?? {}, key)]
  })
  return parts.join(t('profile-editor:placeJoin'))
}

interface EntryWords {
  readonly t: TFunction
  ofPack(pack: string, key: string): string | null
}

/** What people call an entry of a list: its title, else whose it is; null where it says nothing of the kind. */
function nameOfEntry(list: readonly PathKey[], index: number, value: unknown, { t, ofPack }: EntryWords): string | null {
  const entry = valueAt(value, [...list, index])
  // A condition is read as a sentence, not by the setting that it looks at.
  if (!isRecord(entry) || (list[0] === 'constraints' && list.length > 1)) return null
  const text = (key: string): string | null => typeof entry[key] === 'string' && entry[key] !== '' ? entry[key] : null
  if (list[0] === 'constraints') return text('because') ?? text('id')
  const own = text('title') ?? text('name')
  if (own !== null) return own
  const pack = text('pack')
  if (pack !== null) return ofPack(pack, 'pack.title') ?? pack
  const product = text('default')
  if (product !== null) return t(`profile-editor:default.${product}`, { defaultValue: product })
  const role = text('role')
  if (role !== null) return roleName(role, t)
  return text('id') ?? text('code') ?? text('path') ?? (Array.isArray(entry['items']) && entry['items'].length > 0 ? entry['items'].map(String).join(t('settings:listComma')) : null)
}

/** Menu entries and columns as the console calls them. */
function partOfConsole([top, list]: readonly PathKey[], name: string, t: TFunction): string | null {
  if (top !== 'look' || (list !== 'navigation' && list !== 'columns')) return null
  return t(list === 'navigation' ? `common:nav.${name}` : `orders:column.${name}`, { defaultValue: '' }) || null
}

export function isCurrencyNames(schema: JsonSchema): boolean {
  const { propertyNames } = schema
  return isRecord(propertyNames) && propertyNames['pattern'] === '^[A-Z]{3}$'
}

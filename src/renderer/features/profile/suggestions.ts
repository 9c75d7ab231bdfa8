import type { TFunction } from 'i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { currencyCodes } from '../../app/currencies.ts'
import { ROLES, roleName, roleNames } from '../../app/role-names.ts'
import type { JsonSchema } from '../../app/schema-form.ts'
import type { Suggestion, Suggestions, ValueEditing } from '../../components/value-editing.ts'
import { namedIn } from './named-packs.ts'
import type { PackCatalog } from './pack-catalog.ts'
import { isCurrencyNames, type ProfileWords } from './profile-words.ts'

/** Names that a document gives elsewhere and that a value may mean: its nodes, roles, integrations; and the world's currencies. */
export function suggestions(value: unknown, { catalog, attributes }: { readonly catalog: PackCatalog; readonly attributes: readonly Suggestion[] }, words: ProfileWords, t: TFunction): Pick<ValueEditing, 'suggest' | 'suggestKeys'> {
  const document = isRecord(value) ? value : {}
  const plain = (names: readonly string[]): Suggestion[] => names.map(name => ({ value: name, label: name }))
  const nodes = (): Suggestion[] => (Array.isArray(document['organisation']) ? document['organisation'] : []).flatMap(node =>
    isRecord(node) && typeof node['path'] === 'string' ? [{ value: node['path'], label: typeof node['name'] === 'string' ? `${node['path']} – ${node['name']}` : node['path'] }] : [])
  const roles = (): Suggestion[] => [
    ...ROLES.map(role => ({ value: role, label: roleName(role, t) })),
    ...Object.keys(isRecord(document['roles']) ? document['roles'] : {}).map(role => ({ value: role, label: role })),
  ]
  const permissions = (): Suggestion[] => Object.keys(namedIn(document)).flatMap(pack => catalog.find(pack)?.permissions ?? [])
    .map(({ name, roles: proposed }) => ({ value: name, label: t('profile-editor:permissionOf', { name, roles: roleNames(proposed, t) }) }))
  const currencies = (): Suggestion[] => currencyCodes().map(code => ({ value: code, label: words.currency(code) }))
  return {
    suggest(path: readonly PathKey[], schema: JsonSchema) {
      const key = path.findLast(each => typeof each === 'string')
      const only = (known: readonly Suggestion[]): Suggestions => ({ known, only: true })
      if (schema['format'] === 'keelson-target') return only(plain(Object.keys(isRecord(document['integrations']) ? document['integrations'] : {})))
      if (schema['pattern'] === '^[A-Z]{3}$') return only(currencies())
      if (key === 'orgpath' || key === 'orgpaths' || formatOf(schema) === 'keelson-branch') return only(nodes())
      if (formatOf(schema) === 'keelson-attribute') return { known: [...attributes, ...ofAccounts(document).filter(({ value: name }) => !attributes.some(each => each.value === name))], only: false }
      if (formatOf(schema) === 'keelson-role' || key === 'role' || path[0] === 'permissions') return only(roles())
      return null
    },
    suggestKeys(path, schema) {
      if (path[0] === 'attributes' && path.length === 1) return attributes
      if (path[0] === 'permissions' && path.length === 1) return permissions()
      return isCurrencyNames(schema) ? currencies() : null
    },
  }
}

/** Of a list, what its entries are. */
function formatOf(schema: JsonSchema): unknown {
  return isRecord(schema['items']) ? schema['items']['format'] : schema['format']
}

/** Attributes that the document itself gives its accounts. */
function ofAccounts({ accounts }: Readonly<Record<string, unknown>>): Suggestion[] {
  const names = (Array.isArray(accounts) ? accounts : []).flatMap(account => isRecord(account) && isRecord(account['attributes']) ? Object.keys(account['attributes']) : [])
  return [...new Set(names)].map(name => ({ value: name, label: name }))
}

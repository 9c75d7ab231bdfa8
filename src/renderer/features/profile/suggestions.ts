import type { TFunction } from 'i18next'
import type { PathKey } from '#engine/profiles/finding.ts'
import { ROLES, roleName } from '../../app/role-names.ts'
import type { JsonSchema } from '../../app/schema-form.ts'
import { isRecord } from '../../app/value-schema.ts'
import type { Suggestion, ValueEditing } from '../../components/value-editing.ts'
import { isCurrencyNames, type ProfileWords } from './profile-words.ts'

/** Names that a document gives elsewhere and that a value may mean: its nodes, roles, integrations; and the world's currencies. */
export function suggestions(value: unknown, words: ProfileWords, t: TFunction): Pick<ValueEditing, 'suggest' | 'suggestKeys'> {
  const document = isRecord(value) ? value : {}
  const plain = (names: readonly string[]): Suggestion[] => names.map(name => ({ value: name, label: name }))
  const nodes = (): Suggestion[] => (Array.isArray(document['organisation']) ? document['organisation'] : []).flatMap(node =>
    isRecord(node) && typeof node['path'] === 'string' ? [{ value: node['path'], label: typeof node['name'] === 'string' ? `${node['path']} – ${node['name']}` : node['path'] }] : [])
  const roles = (): Suggestion[] => [
    ...ROLES.map(role => ({ value: role, label: roleName(role, t) })),
    ...Object.keys(isRecord(document['roles']) ? document['roles'] : {}).map(role => ({ value: role, label: role })),
  ]
  const currencies = (): Suggestion[] => Intl.supportedValuesOf('currency').map(code => ({ value: code, label: words.currency(code) }))
  return {
    suggest(path: readonly PathKey[], schema: JsonSchema) {
      const key = path.findLast(each => typeof each === 'string')
      if (schema['format'] === 'keelson-target') return plain(Object.keys(isRecord(document['integrations']) ? document['integrations'] : {}))
      if (schema['pattern'] === '^[A-Z]{3}$') return currencies()
      if (key === 'orgpath' || key === 'orgpaths') return nodes()
      if (key === 'role' || path[0] === 'permissions') return roles()
      return null
    },
    suggestKeys: (_path, schema) => isCurrencyNames(schema) ? currencies() : null,
  }
}

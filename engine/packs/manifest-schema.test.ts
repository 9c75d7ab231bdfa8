import { describe, expect, test } from 'vitest'
import { manifestSchema } from './manifest-schema.ts'

type Json = Record<string, unknown>

const table = {
  name: 'contacts',
  columns: [{ name: 'contact_id', type: 'text' }, { name: 'account', type: 'text' }, { name: 'owed', type: 'decimal', scale: 4 }, { name: 'extra', type: 'json', nullable: true }],
  key: ['contact_id'], indexes: [{ columns: ['account'] }], belongsTo: { account: 'account' },
}
const query = { name: 'contacts-of', table: 'contacts', where: [{ column: 'account', is: '=', parameter: 'account' }], order: [{ column: 'contact_id' }] }

/** A whole domain with one of everything. */
const domain: Json = {
  manifest: 1, id: 'people', version: '1.0.0', publisher: 'somebody', title: 'People', description: 'Contacts of accounts', licence: 'MIT', engine: '>=0.1.0',
  implements: [
    { contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: {} },
    { contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: {}, reads: ['keelson.order.confirmed.v1'] },
    { contract: 'data-extension', version: 'v1', entry: '', config: {} },
    { contract: 'ui-module', version: 'v1', entry: 'ui/module.json', config: {} },
  ],
  requires: [{ pack: 'loyalty', version: '^1.0.0' }],
  lifeCycle: 'code/life-cycle.js',
  tables: [table], queries: [query],
  commands: [{ name: 'add-contact', input: { type: 'object' }, permission: 'people.edit' }],
  emits: [{ type: 'people.contact-added.v1', data: { type: 'object' }, public: true, personal: { subject: 'contactId', fields: ['name'] } }],
  attributes: [{ on: 'account', name: 'tier', schema: { enum: ['gold'] } }],
  permissions: [{ name: 'people.edit', roles: ['operator'] }],
  issues: ['people.add-contact', 'loyalty.earn-points', 'keelson.set-attributes'],
}

function problems(manifest: Json): string[] {
  const parsed = manifestSchema.safeParse(manifest)
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const withTable = (change: Json): Json => ({ tables: [{ ...table, ...change }] })
const withQuery = (change: Json): Json => ({ queries: [{ ...query, ...change }] })

describe('a manifest', () => {
  test('of a whole domain is taken as it is', () => {
    expect(problems(domain)).toEqual([])
  })

  test.each<[string, Json, RegExp]>([
    ['the product\'s own name', { id: 'keelson' }, /id: keelson is the name of the product/],
    ['a field that nobody knows', { wish: true }, /wish/],
    ['a contract that nobody knows', { implements: [{ contract: 'workflow', version: 'v1', entry: 'code/w.js', config: {} }] }, /implements.0.contract/],
    ['tables without anything that fills them', { implements: [{ contract: 'data-extension', version: 'v1', entry: '', config: {} }] }, /tables: only a domain-module or a report has tables/],
    ['a table that is SQL', withTable({ name: 'contacts; drop table orders' }), /cannot name a table or column/],
    ['a table that is a word of SQL', withTable({ name: 'select' }), /cannot name a table or column/],
    ['a column that is SQL', withTable({ columns: [{ name: 'a"b', type: 'text' }] }), /cannot name a table or column/],
    ['the database\'s own tables', withTable({ name: 'sqlite_schema' }), /cannot name a table or column/],
    ['a key that is no column', withTable({ key: ['nobody'] }), /tables.0.key.0: the table has no column nobody/],
    ['a key that may be null', withTable({ key: ['extra'] }), /extra cannot name a row/],
    ['a decimal without a scale', withTable({ columns: [{ name: 'contact_id', type: 'decimal' }] }), /a decimal says its scale/],
    ['rows that belong to a column that is not there', withTable({ belongsTo: { order: 'order_id' } }), /the table has no text column order_id/],
    ['a query of no table', withQuery({ table: 'orders' }), /queries.0: there is no table orders/],
    ['a query of no column', withQuery({ columns: ['password'] }), /has no column password/],
    ['a search in json', withQuery({ where: [{ column: 'extra', is: '=', parameter: 'extra' }] }), /extra is json/],
    ['a sum of texts', withQuery({ group: { by: ['account'], values: [{ name: 'total', of: 'sum', column: 'account' }] }, order: [] }), /account cannot be summed/],
    ['a permission of others', { permissions: [{ name: 'orders.approve', roles: [] }] }, /must begin with people/],
    ['a command without a permission', { commands: [{ name: 'add-contact', input: { type: 'object' }, permission: 'people.rule' }] }, /defines no permission people.rule/],
    ['events of others', { emits: [{ type: 'keelson.order.confirmed.v1', data: { type: 'object' } }] }, /must begin with people/],
    ['commands of packs that it does not require', { issues: ['stock.take'] }, /a command of stock, which the pack does not require/],
    ['commands of the core', { issues: ['keelson.approve-order'] }, /a pack may not issue keelson.approve-order/],
  ])('is refused for %s', (_, change, expected) => {
    expect(problems({ ...domain, ...change }).join('\n')).toMatch(expected)
  })
})

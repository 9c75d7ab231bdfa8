import { describe, expect, it } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '../composition.ts'
import { compatibilityOf } from './compatibility.ts'
import { planOf } from './pack-plan.ts'

function manifest(given: Partial<PackManifest> = {}): PackManifest {
  return {
    manifest: 1, id: 'loyalty', version: '1.0.0', publisher: 'acme', title: 'Loyalty', description: 'Points', engine: '>=0.1.0',
    implements: [{ contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: {} }], ...given,
  }
}

const known = (given: Partial<PackManifest> = {}): KnownPack => ({ digest: JSON.stringify(given), manifest: manifest(given) })
const plan = (given: Partial<PackManifest>, installed: PackManifest | null) => planOf({ manifest: manifest(given), digest: 'd', bytes: 1, cases: 0 }, installed)

describe('a plan', () => {
  it('says what changes to the version that is here, part by part', () => {
    const before = manifest({ permissions: [{ name: 'loyalty.spend', roles: ['operator'] }], licence: 'MIT' })
    const { kind, differences } = plan({
      version: '1.1.0', permissions: [{ name: 'loyalty.spend', roles: ['operator', 'manager'] }], issues: ['keelson.set-attributes'],
      implements: [{ contract: 'domain-module', version: 'v1', entry: 'x', config: { type: 'object' } }, { contract: 'reactor', version: 'v1', entry: 'y', config: {}, reads: ['keelson.order.confirmed.v1'] }],
    }, before)
    expect(kind).toBe('upgrade')
    expect(differences).toEqual(expect.arrayContaining([
      { what: 'config', name: 'domain-module', from: '{}', to: '{"type":"object"}' }, { what: 'contract', name: 'reactor', from: null, to: 'v1' },
      { what: 'reads', name: 'keelson.order.confirmed.v1', from: null, to: 'keelson.order.confirmed.v1' }, { what: 'issues', name: 'keelson.set-attributes', from: null, to: 'keelson.set-attributes' },
      { what: 'permission', name: 'loyalty.spend', from: 'operator', to: 'operator, manager' }, { what: 'licence', name: 'licence', from: 'MIT', to: null },
    ]))
    expect(differences).toHaveLength(7)
  })

  it('says of tables and settings which column and which setting', () => {
    const having = (columns: readonly string[], properties: object, required: readonly string[] = []): Partial<PackManifest> => ({
      tables: [{ name: 'notes', key: ['note_id'], belongsTo: 'tenant', columns: columns.map(name => ({ name, type: 'text', nullable: name !== 'note_id' })) }],
      implements: [{ contract: 'domain-module', version: 'v1', entry: 'x', config: { type: 'object', properties, required } }],
    })
    const { differences } = plan({ version: '1.1.0', ...having(['note_id', 'mood'], { most: { type: 'integer' }, least: { type: 'integer' } }, ['most']) }, manifest(having(['note_id'], { most: { type: 'integer' } })))
    expect(differences).toEqual([
      { what: 'config', name: 'domain-module.most', from: '{"type":"integer"}', to: '{"type":"integer"} required' },
      { what: 'config', name: 'domain-module.least', from: null, to: '{"type":"integer"}' },
      { what: 'table', name: 'notes.mood', from: null, to: 'text nullable' },
    ])
  })

  it.each([[null, 'new'], ['0.9.0', 'upgrade'], ['1.0.0', 'same'], ['2.0.0', 'downgrade']])('beside version %s is %s', (version, kind) => {
    expect(plan({}, version === null ? null : manifest({ version })).kind).toBe(kind)
  })
})

describe('whether a pack fits a site', () => {
  const giver = known({ id: 'customers', emits: [{ type: 'customers.contact-added.v1', data: {}, public: true }, { type: 'customers.secret.v1', data: {} }] })
  const reader = (type: string, requires: PackManifest['requires'] = [{ pack: 'customers', version: '^1.0.0' }]) =>
    known({ requires, implements: [{ contract: 'reactor', version: 'v1', entry: 'x', config: {}, reads: [type] }] })

  it.each<[string, KnownPack, readonly KnownPack[], readonly string[]]>([
    ['nothing against it', known(), [], []],
    ['an older version of its own', known({ version: '1.1.0' }), [known()], []],
    ['another publisher\'s id', known({ publisher: 'other' }), [known()], ['KS-PACK-ID-TAKEN']],
    ['other bytes under its version', known({ title: 'Other' }), [known()], ['KS-PACK-VERSION-TAKEN']],
    ['an engine that is too old', known({ engine: '>=9.0.0' }), [], ['KS-PACK-ENGINE']],
    ['a contract of later', known({ implements: [{ contract: 'reactor', version: 'v9', entry: 'x', config: {} }] }), [], ['KS-PACK-CONTRACT']],
    ['a contract of later beside one of now', known({ implements: [{ contract: 'pricing-policy', version: 'v9', entry: 'x', config: {} }, { contract: 'pricing-policy', version: 'v1', entry: 'y', config: {} }] }), [], []],
    ['a pack that it needs and that is not here', reader('keelson.order.confirmed.v1'), [], ['KS-PACK-REQUIRES']],
    ['an event that is given out', reader('customers.contact-added.v1'), [giver], []],
    ['an event that is kept', reader('customers.secret.v1'), [giver], ['KS-PACK-READS']],
    ['a config that is no schema', known({ implements: [{ contract: 'pricing-policy', version: 'v1', entry: 'x', config: { properties: { percent: { type: 'strnig' } } } }] }), [], ['KS-PACK-SCHEMA']],
    ['a pattern that is none', known({ attributes: [{ on: 'order', name: 'a', schema: { pattern: '(' } }] }), [], ['KS-PACK-SCHEMA']],
    ['an event of a pack that it does not require', reader('customers.contact-added.v1', []), [giver], ['KS-PACK-READS']],
  ])('%s', (_, pack, here, codes) => {
    expect(compatibilityOf(pack, { engineVersion: '0.1.0', here, together: [] }).map(({ code }) => code)).toEqual(codes)
  })

  it('finds what it needs among those that come with it', () => {
    expect(compatibilityOf(reader('customers.contact-added.v1'), { engineVersion: '0.1.0', here: [], together: [giver] })).toEqual([])
  })
})

import { expect, test } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { profilePacks } from './profile-packs.ts'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const files = new Map([['ui/screens.json', bytes({ menu: [{ id: 'notes', page: 'all' }] })], ['locales/de.json', bytes({ 'menu.notes': 'Notizen' })]])
const notes = (version: string, config: Readonly<Record<string, unknown>>): OpenPack => {
  const manifest: PackManifest = {
    manifest: 1, id: 'notes', version, publisher: 'test', title: 'Notes', description: 'Notes.', engine: '*',
    implements: [{ contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: {} }, { contract: 'ui-module', version: 'v1', entry: 'ui/screens.json', config }],
    attributes: [{ on: 'order', name: 'note', schema: { type: 'string' } }], permissions: [{ name: 'notes.edit', roles: ['manager'] }],
  }
  return { digest: `notes ${version}`, manifest, catalog: { catalog: 1, title: { en: 'Notes', de: 'Notizen' }, start: { length: 80 } }, files }
}
const versions = [notes('1.0.0', { properties: { length: {} } }), notes('1.2.0', { properties: { length: {}, colour: {} } }), notes('2.0.0', {})]
const asked = (named: Readonly<Record<string, string>>, preferred = new Map<string, string>()) =>
  profilePacks({ packs: versions, engineVersion: '0.1.0', preferred }, digest => versions.find(each => each.digest === digest) ?? null, named, 'de')

test('a pack that a profile does not name yet is told in its newest version, with its settings and what they begin with', () => {
  expect(asked({})).toMatchObject([{ pack: 'notes', title: 'Notizen', version: '2.0.0', versions: ['2.0.0', '1.2.0', '1.0.0'], contracts: ['reactor', 'ui-module'], start: { length: 80 }, screens: null }])
})

test('one that it names is told in the version that it would take, with what it adds to the console', () => {
  expect(asked({ notes: '^1.0.0' })).toMatchObject([{
    version: '1.2.0', config: { properties: { length: {}, colour: {} } },
    screens: { ui: { menu: [{ id: 'notes' }] }, attributes: [{ name: 'note' }], permissions: ['notes.edit'], texts: { 'menu.notes': 'Notizen' } },
  }])
  expect(asked({ notes: '^1.0.0' }, new Map([['notes', 'notes 1.0.0']]))).toMatchObject([{ version: '1.0.0' }])
})

test('a range that nothing here fits, or that is none, is told in the newest', () => {
  expect(asked({ notes: '^7.0.0' })).toMatchObject([{ version: '2.0.0' }])
  expect(asked({ notes: 'whatever' })).toMatchObject([{ version: '2.0.0' }])
})

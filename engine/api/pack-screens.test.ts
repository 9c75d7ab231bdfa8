import { expect, test } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { Actor } from '#engine/core/invocation.ts'
import type { Composition, OpenPack } from '#engine/packs/composition.ts'
import { compositionOf, packUse } from '#engine/testing/pack-fixtures.ts'
import { packScreens } from './pack-screens.ts'

const manifest: PackManifest = {
  manifest: 1, id: 'notes', version: '1.0.0', publisher: 'test', title: 'Notes', description: 'Notes.', engine: '*',
  implements: [{ contract: 'ui-module', version: 'v1', entry: 'ui/screens.json', config: {} }],
  tables: [{ name: 'notes', columns: [{ name: 'note_id', type: 'text' }, { name: 'points', type: 'decimal', scale: 2 }], key: ['note_id'], belongsTo: 'tenant' }],
  queries: [
    { name: 'all', table: 'notes' },
    { name: 'sums', table: 'notes', group: { by: ['note_id'], values: [{ name: 'count', of: 'count' }, { name: 'sum', of: 'sum', column: 'points' }] } },
  ],
  commands: [{ name: 'add', input: { type: 'object' }, permission: 'notes.edit' }],
  permissions: [{ name: 'notes.edit', roles: ['manager'] }, { name: 'notes.read', roles: [] }],
}
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const files = new Map([['ui/screens.json', bytes({ menu: [{ id: 'notes', page: 'all' }] })], ['locales/en.json', bytes({ a: 'Notes', b: 'Only here' })], ['locales/de.json', bytes({ a: 'Notizen' })]])
const open = (digest: string): OpenPack | null => (digest === 'd1' ? { digest, manifest, files } : null)
const actor = (...roles: string[]): Actor => ({ id: 'ada', kind: 'user', method: 'password', roles })

const composition: Composition = {
  ...compositionOf({ pricing: packUse({ pack: 'keelson', digest: 'none', contract: 'pricing-policy', entry: 'default:none', config: {} }) }),
  modules: [{ pack: 'notes', version: '1.0.0', digest: 'd1', config: {}, configDigest: 'c', manifest }],
  // The profile gives the permission to operators instead.
  permissions: { 'notes.edit': ['operator'], 'notes.read': [] },
}

test('what a pack shows is told with its texts, in English where a language has none', () => {
  expect(packScreens(composition, open, actor('manager'), 'de')).toMatchObject([{ pack: 'notes', ui: { menu: [{ id: 'notes' }] }, texts: { a: 'Notizen', b: 'Only here' } }])
})

test('what a person may do with it is what the profile says, and everything for an owner', () => {
  const granted = (...roles: string[]): readonly string[] => packScreens(composition, open, actor(...roles), 'en')[0]?.permissions ?? []
  expect([granted('manager'), granted('operator'), granted('owner')]).toEqual([[], ['notes.edit'], ['notes.edit', 'notes.read']])
})

test('queries are told with the columns that they answer with, and those that name a row', () => {
  expect(packScreens(composition, open, actor(), 'en')[0]?.queries).toMatchObject([
    { name: 'all', key: ['note_id'], columns: [{ name: 'note_id', type: 'text' }, { name: 'points', type: 'decimal' }] },
    { name: 'sums', key: ['note_id'], columns: [{ name: 'note_id' }, { name: 'count', type: 'integer' }, { name: 'sum', type: 'decimal' }] },
  ])
})

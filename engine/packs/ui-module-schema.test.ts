import { describe, expect, it } from 'vitest'
import type { PackManifest, UiModule } from '#engine/contracts/v1/index.ts'
import { buildKpack } from './kpack.ts'
import { uiModuleProblems, uiModuleSchema } from './ui-module-schema.ts'

const manifest: PackManifest = {
  manifest: 1, id: 'notes', version: '1.0.0', publisher: 'test', title: 'Notes', description: 'Notes.', engine: '*',
  implements: [
    { contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: {} },
    { contract: 'ui-module', version: 'v1', entry: 'ui/screens.json', config: {} },
    { contract: 'data-extension', version: 'v1', entry: '', config: {} },
  ],
  tables: [{ name: 'notes', columns: [{ name: 'note_id', type: 'text' }, { name: 'words', type: 'text' }, { name: 'order_id', type: 'text' }], key: ['note_id'], belongsTo: { order: 'order_id' } }],
  queries: [
    { name: 'all-notes', table: 'notes', where: [{ column: 'words', is: 'contains', parameter: 'text', optional: true }] },
    { name: 'one-note', table: 'notes', where: [{ column: 'note_id', is: '=', parameter: 'noteId' }] },
    { name: 'notes-of-order', table: 'notes', where: [{ column: 'order_id', is: '=', parameter: 'orderId' }], columns: ['words'] },
    { name: 'notes-by-order', table: 'notes', group: { by: ['order_id'], values: [{ name: 'number', of: 'count' }] } },
  ],
  commands: [{ name: 'add-note', input: { type: 'object', properties: { words: { type: 'string' }, orderId: { type: 'string' } }, required: ['words'] }, permission: 'notes.edit' }],
  permissions: [{ name: 'notes.edit', roles: [] }],
  attributes: [{ on: 'order', name: 'noted', schema: { type: 'boolean' } }],
}

const ui: UiModule = {
  menu: [{ id: 'notes', page: 'notes', permission: 'notes.edit' }],
  pages: [
    { kind: 'list', id: 'notes', query: 'all-notes', columns: [{ column: 'words' }], search: 'text', opens: { page: 'note', with: { noteId: 'note_id' } }, actions: [{ id: 'add', command: 'add-note' }], chart: { kind: 'bar', query: 'notes-by-order', x: 'order_id', y: 'number' } },
    { kind: 'detail', id: 'note', parameters: ['noteId'], query: 'one-note', fields: [{ column: 'words' }], lists: [{ id: 'others', query: 'notes-of-order', with: { orderId: { column: 'order_id' } }, columns: [{ column: 'words' }] }] },
  ],
  panels: [{ id: 'notes', slot: 'order', query: 'notes-of-order', with: { orderId: { order: 'id' } }, fields: [{ column: 'words' }], actions: [{ id: 'add', command: 'add-note', given: { orderId: { order: 'id' } } }] }],
  columns: [{ id: 'noted', attribute: 'notes.noted', on: 'order' }],
}

const KEYS = ['menu.notes', 'page.notes', 'page.note', 'list.others', 'panel.notes', 'action.add', 'column.notes.words', 'field.add-note.words', 'field.add-note.orderId', 'attribute.noted']
const locale = Object.fromEntries(KEYS.map(key => [key, 'Text']))
const texts = { en: locale, de: locale, ar: locale }

/** The screens, with one thing in them changed by its path. */
function changed(path: string, value: unknown): UiModule {
  const copy = structuredClone(ui) as unknown as Record<string, unknown>
  const keys = path.split('.')
  let at = copy
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>
  at[keys.at(-1) ?? ''] = value
  return copy as UiModule
}

describe('the screens of a pack', () => {
  it('fit where everything that they name is there', () => {
    expect(uiModuleSchema.safeParse(ui).error).toBeUndefined()
    expect(uiModuleProblems(ui, manifest, texts)).toEqual([])
  })

  it.each([
    ['menu.0.page', 'nowhere', 'menu notes: there is no page nowhere'],
    ['menu.0.page', 'note', 'menu notes: note needs parameters, which a menu entry cannot give'],
    ['menu.0.permission', 'notes.delete', 'menu notes: the pack defines no permission notes.delete'],
    ['pages.0.query', 'none', 'page notes: there is no query none'],
    ['pages.0.columns.0.column', 'colour', 'page notes: all-notes has no column colour'],
    ['pages.0.search', 'words', 'page notes: the search fills words, which is no optional parameter of all-notes'],
    ['pages.0.opens.with', {}, 'page notes: opening note lacks its parameter noteId'],
    ['pages.0.opens.with', { noteId: 'colour' }, 'page notes: all-notes has no column colour'],
    ['pages.0.chart.y', 'words', 'page notes: notes-by-order has no column words'],
    ['pages.0.actions.0.command', 'drop-note', 'page notes, action add: the pack has no command drop-note'],
    ['pages.0.actions.0.fields', ['orderId'], 'page notes, action add: add-note needs words, which is neither given nor asked for'],
    ['pages.0.actions.0.given', { words: { order: 'id' } }, 'page notes, action add: words comes from an order, and none is shown here'],
    ['pages.1.parameters', ['id'], 'page note: one-note needs noteId, which nothing gives'],
    ['pages.1.lists.0.with', { orderId: { column: 'colour' } }, 'page note, list others: orderId comes from the column colour, which is not there'],
    ['panels.0.with', {}, 'panel notes: notes-of-order needs orderId, which nothing gives'],
    ['panels.0.id', 'others', 'panel others: locales/{en,de,ar}.json has no panel.others'],
    ['columns.0.attribute', 'notes.other', 'column noted: the pack declares no attribute notes.other on order'],
  ])('whose %s is %j do not', (path, value, problem) => {
    expect(uiModuleProblems(changed(path, value), manifest, texts)).toContain(problem)
  })

  it.each([['pages.0.kind', 'map'], ['pages.0.colour', 'red'], ['panels.0.slot', 'window'], ['menu.0.id', 'Not Kebab']])('whose %s is %j are none', (path, value) => {
    expect(uiModuleSchema.safeParse(changed(path, value)).success).toBe(false)
  })

  it('keep their pack from being opened where they do not fit', () => {
    const files = (screens: unknown) => new Map(Object.entries({
      'manifest.json': manifest, 'code/domain-module.js': {}, 'ui/screens.json': screens, 'locales/en.json': locale, 'locales/de.json': locale, 'locales/ar.json': locale,
    }).map(([name, content]) => [name, new TextEncoder().encode(JSON.stringify(content))] as const))
    expect(() => buildKpack(files(ui))).not.toThrow()
    for (const bad of [changed('menu.0.page', 'nowhere'), changed('pages.0.kind', 'map'), 'no screens']) {
      expect(() => buildKpack(files(bad))).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ code: 'KS-PACK-UI' }) }))
    }
  })
})

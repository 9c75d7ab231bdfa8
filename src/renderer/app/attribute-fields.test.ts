import { expect, test } from 'vitest'
import { attributeFields } from './attribute-fields.ts'

const pack = (id: string, attributes: readonly object[]) => ({ pack: id, version: '1.0.0', title: id, texts: {}, ui: null, permissions: [], commands: [], queries: [], attributes }) as unknown as Parameters<typeof attributeFields>[0][number]

test('fields are those that a person may set there, by their full names', () => {
  const packs = [
    pack('loyalty', [{ on: 'account', name: 'tier', schema: { type: 'string' }, editable: true, required: false }]),
    pack('export', [
      { on: 'order', name: 'licence', schema: { enum: ['none', 'eu'] }, editable: true, required: true },
      { on: 'order', name: 'checked', schema: { type: 'boolean' }, editable: false, required: false },
    ]),
  ]
  expect(attributeFields(packs, 'order').map(({ path, kind, required }) => [path, kind, required])).toEqual([['export.licence', 'choice', true]])
})

import { describe, expect, test } from 'vitest'
import { formFields, readForm, startValues, type FormValues, type JsonSchema } from './schema-form.ts'

const schema: JsonSchema = {
  type: 'object', required: ['name', 'points'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 80 },
    note: { type: 'string', format: 'multiline' },
    points: { type: 'integer', minimum: 1 },
    rate: { type: ['number', 'null'] },
    amount: { type: 'string', format: 'decimal' },
    tier: { enum: ['silver', 'gold'] },
    since: { type: 'string', format: 'date' },
    mail: { anyOf: [{ type: 'string', format: 'email' }, { type: 'null' }] },
    active: { type: 'boolean', default: true },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
    address: { type: 'object', required: ['city'], properties: { city: { type: 'string' }, geo: { type: 'object', properties: {} } } },
    other: { oneOf: [] },
  },
}
const fields = formFields(schema)
const filled = (change: FormValues): FormValues => ({ ...startValues(fields, { name: 'Ada', points: 1 }, 'en'), ...change })
const complaintsOf = (change: FormValues): object => Object.fromEntries([...readForm(fields, filled(change), 'en').complaints ?? []].map(([path, { key }]) => [path, key]))

describe('a form made from a schema', () => {
  test('has a field for each property, of the kind that it is', () => {
    expect(fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'name text', 'note paragraph', 'points integer', 'rate number', 'amount decimal', 'tier choice', 'since date', 'mail text', 'active boolean', 'tags texts', 'address group', 'other json',
    ])
    expect(fields.find(({ name }) => name === 'address')?.fields.map(({ path, kind, required }) => `${path} ${kind} ${required}`)).toEqual(['address.city text true', 'address.geo json false'])
  })

  test('has the fields that are asked for, in their order', () => {
    expect(formFields(schema, ['tier', 'name', 'none']).map(({ name }) => name)).toEqual(['tier', 'name'])
  })

  test('leaves out what nobody entered, a group whole', () => {
    expect(readForm(fields, filled({}), 'en').input).toEqual({ name: 'Ada', points: 1, active: true })
  })

  test('reads numbers and dates as they are written where the person lives, decimals exactly', () => {
    const typed = filled({ points: '1.200', rate: '2,5', amount: '1.234,50', since: '31.12.2026', tags: ['a ', ''], tier: 'gold', address: { city: 'Köln', geo: '' } })
    expect(readForm(fields, typed, 'de').input).toEqual({ name: 'Ada', points: 1200, rate: 2.5, amount: '1234.50', since: '2026-12-31', tags: ['a'], tier: 'gold', active: true, address: { city: 'Köln' } })
  })

  test.each<[FormValues, object]>([
    [{ name: '' }, { name: 'needed' }], [{ name: 'A' }, { name: 'minLength' }], [{ points: '1.5' }, { points: 'integer' }], [{ points: '0' }, { points: 'minimum' }],
    [{ rate: 'much' }, { rate: 'number' }], [{ tier: 'bronze' }, { tier: 'choice' }], [{ since: 'soon' }, { since: 'date' }], [{ mail: 'ada' }, { mail: 'email' }],
    [{ tags: ['a', 'b', 'c'] }, { tags: 'maxItems' }], [{ address: { city: '', geo: '{}' } }, { 'address.city': 'needed' }], [{ other: '{' }, { other: 'json' }],
  ])('complains of %j at the field', (change, complaints) => {
    expect(complaintsOf(change)).toEqual(complaints)
  })

  test('begins with what is there already, shown as it is typed', () => {
    expect(startValues(fields, { amount: '1234.5', since: '2026-12-31', address: { city: 'Köln' } }, 'de')).toMatchObject({ amount: '1234,5', since: '2026-12-31', address: { city: 'Köln', geo: '' }, active: true })
  })
})

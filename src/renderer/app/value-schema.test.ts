import { describe, expect, it } from 'vitest'
import type { JsonSchema } from './schema-form.ts'
import { newValue, properties, valueNode, variantOf, variants } from './value-schema.ts'

const text: JsonSchema = { type: 'string' }
const kindOf = (schema: JsonSchema): string => valueNode(schema, schema).kind

describe('how a value of a document is edited', () => {
  it.each<[string, JsonSchema, string]>([
    ['a text', text, 'text'],
    ['a decimal, told by its pattern', { type: 'string', pattern: '^\\d{1,30}(\\.\\d{1,20})?$' }, 'decimal'],
    ['a code is no decimal', { type: 'string', pattern: '^[A-Z]{3}$' }, 'text'],
    ['a list of texts', { type: 'array', items: text }, 'texts'],
    ['a list of sections', { type: 'array', items: { type: 'object', properties: { a: text } } }, 'list'],
    ['names with values', { type: 'object', additionalProperties: text }, 'map'],
    ['a section in a section', { type: 'object', properties: { a: { type: 'object', properties: {} } } }, 'group'],
    ['shapes by a constant', { oneOf: [{ type: 'object', properties: { kind: { const: 'a' } } }, { type: 'object', properties: { kind: { const: 'b' } } }] }, 'variants'],
    ['shapes by a key', { anyOf: [{ type: 'object', properties: { pack: text }, required: ['pack'] }, { type: 'object', properties: { path: text }, required: ['path'] }] }, 'variants'],
    ['any plain value', { type: ['string', 'number', 'boolean'] }, 'plain'],
    ['a text, or one for each language', { anyOf: [text, { type: 'object', properties: { en: text } }] }, 'text'],
    ['whatever else', { type: 'object' }, 'json'],
  ])('%s', (_name, schema, kind) => { expect(kindOf(schema)).toBe(kind) })

  it('follows references inside the schema', () => {
    const root: JsonSchema = { type: 'object', properties: { limit: { $ref: '#/$defs/limit', description: 'Own' } }, $defs: { limit: { type: 'integer', minimum: 3 } } }
    expect(properties(root, root)).toMatchObject([{ name: 'limit', kind: 'integer', schema: { minimum: 3, description: 'Own' } }])
  })

  it('knows which of several shapes a value has', () => {
    const schema: JsonSchema = { anyOf: [{ type: 'object', properties: { pack: text }, required: ['pack'] }, { type: 'object', properties: { path: text }, required: ['path'] }] }
    expect(variants(schema, schema).map(({ value }) => value)).toEqual(['pack', 'path'])
    expect(variantOf({ path: 'a.b', is: 1 }, schema, schema)?.value).toBe('path')
    expect(variantOf({}, schema, schema)).toBeUndefined()
  })

  it('begins with the least that is needed, and with defaults', () => {
    const schema: JsonSchema = {
      type: 'object', required: ['above', 'stages', 'from', 'title'],
      properties: { above: { enum: ['ask', 'reject'] }, stages: { type: 'array', minItems: 1, items: { type: 'object', required: ['id'], properties: { id: text, quorum: { type: 'integer' } } } }, from: { type: 'integer', minimum: 1 }, title: { type: 'string', default: 'New' }, note: text },
    }
    expect(newValue(schema, schema)).toEqual({ above: 'ask', stages: [{ id: '' }], from: 1, title: 'New' })
  })
})

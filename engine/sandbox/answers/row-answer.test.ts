import { expect, test } from 'vitest'
import type { TableDeclaration } from '#engine/contracts/v1/index.ts'
import { copyFoldKeys, copyKeys, copyRows } from './row-answer.ts'

const tables: TableDeclaration[] = [{
  name: 'stock', key: ['item', 'day'], belongsTo: 'tenant',
  columns: [
    { name: 'item', type: 'text' }, { name: 'day', type: 'date' }, { name: 'count', type: 'integer' }, { name: 'price', type: 'decimal', scale: 4 },
    { name: 'open', type: 'boolean' }, { name: 'seen', type: 'instant', nullable: true }, { name: 'notes', type: 'json', nullable: true },
  ],
}]
const key = { table: 'stock', key: ['A', '2026-11-20'] }
const row = { item: 'A', day: '2026-11-20', count: 3, price: '1.5000', open: true, seen: '2026-11-20T08:00:00.000Z', notes: { deep: [1, 'x'] } }

test('keys are copied', () => {
  expect(copyKeys([key, key], tables, 10)).toEqual([key, key])
})

test.each<[string, unknown, string]>([
  ['no array', { 0: key }, 'must be an array'],
  ['too many', [key, key, key], 'has 3 entries; at most 2 are allowed'],
  ['an unknown table', [{ table: 'orders', key: [] }], '[0].table "orders" is no table of the pack'],
  ['a key that is too short', [{ table: 'stock', key: ['A'] }], '[0].key has 1 values; a row of stock has a key of 2'],
  ['a key of the wrong type', [{ table: 'stock', key: [1, '2026-11-20'] }], '[0].item must be a string, not a number'],
  ['null in a key', [{ table: 'stock', key: ['A', null] }], '[0].day must be a string, not null'],
  ['no day', [{ table: 'stock', key: ['A', '2026-02-30'] }], '[0].day must be a day such as'],
  ['more than a key', [{ ...key, where: '1=1' }], '[0].where is not part of the contract'],
])('%s is refused', (_, answer, message) => {
  expect(() => copyKeys(answer, tables, 2)).toThrow(message)
})

test('a fold may name a row once', () => {
  expect(copyFoldKeys([key], tables, 10)).toEqual([key])
  expect(() => copyFoldKeys([key, { ...key }], tables, 10)).toThrow('[1] names the same row again')
})

test('rows are copied in the form that the table gives back', () => {
  expect(copyRows([row], [key], tables)).toEqual([row])
  expect(copyRows([{ ...row, price: '-0.5', seen: '2026-11-20T08:00:00.5Z', count: -0 }], [key], tables)).toEqual([{ ...row, price: '-0.5000', seen: '2026-11-20T08:00:00.500Z', count: 0 }])
  expect(copyRows([{ ...row, seen: null, notes: null }], [key], tables)).toEqual([{ ...row, seen: null, notes: null }])
  expect(copyRows([{ ...row, notes: 'half \ud83d of a pair' }], [key], tables)).toEqual([{ ...row, notes: 'half \ufffd of a pair' }])
  expect(copyRows([null], [key], tables)).toEqual([null])
})

test.each<[string, unknown, string]>([
  ['fewer rows than were asked about', [], 'has 0 entries for the 1 rows of keys'],
  ['more rows', [row, row], 'has 2 entries; at most 1 are allowed'],
  ['another key', [{ ...row, item: 'B' }], '[0].item must be "A", as in keys'],
  ['a missing column', [{ ...row, price: undefined }], '[0].price must be a string, not undefined'],
  ['one column too many', [{ ...row, more: 1 }], '[0].more is not part of the contract'],
  ['a getter', [Object.defineProperty({ ...row }, 'count', { get: () => 1, enumerable: true })], '[0].count is a getter'],
  ['a fraction as integer', [{ ...row, count: 1.5 }], '[0].count must be an integer'],
  ['an unsafe integer', [{ ...row, count: 2 ** 53 }], '[0].count is beyond the safe integers'],
  ['a number as decimal', [{ ...row, price: 1.5 }], '[0].price must be a string, not a number'],
  ['a decimal that is too fine', [{ ...row, price: '1.23456' }], '[0].price has more than 4 decimals'],
  ['a decimal that is too large', [{ ...row, price: '922337203685477.5808' }], '[0].price is too large for 4 decimals'],
  ['null where it may not be', [{ ...row, open: null }], '[0].open must be a boolean, not null'],
  ['a function in json', [{ ...row, notes: () => 1 }], '[0].notes must be plain data'],
  ['undefined instead of a row', [undefined], '[0] must be an object, not undefined'],
])('%s is refused', (_, answer, message) => {
  expect(() => copyRows(answer, [key], tables)).toThrow(message)
})

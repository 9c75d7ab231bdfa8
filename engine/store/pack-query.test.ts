import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QueryDeclaration, Row, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { NO_HASH } from '#engine/log/stored-event.ts'
import { PackDatabase } from './pack-database.ts'
import { runPackQuery, type PackQuery } from './pack-query.ts'

const table: TableDeclaration = {
  name: 'sales', key: ['id'], belongsTo: { organisation: 'node' }, indexes: [{ columns: ['item'] }],
  columns: [
    { name: 'id', type: 'text' }, { name: 'item', type: 'text' }, { name: 'node', type: 'text' }, { name: 'count', type: 'integer' },
    { name: 'amount', type: 'decimal', scale: 4 }, { name: 'paid', type: 'boolean' }, { name: 'due', type: 'date', nullable: true }, { name: 'more', type: 'json' },
  ],
}
let folder: string
let database: PackDatabase

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-query-'))
  database = PackDatabase.toWrite(join(folder, 'a.db'), [table], undefined)
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

const sale = (i: number, more: Partial<Record<string, Row[string]>> = {}): Row => ({
  id: `s${String(i).padStart(3, '0')}`, item: ['Apple', 'banana', 'Cherry'][i % 3] as string, node: ['/a', '/a/x', '/b', '/ab'][i % 4] as string, count: i, amount: `${i}.5000`,
  paid: i % 2 === 0, due: i % 5 === 0 ? null : `2026-01-${String((i % 28) + 1).padStart(2, '0')}`, more: { i }, ...more,
})
const put = (...rows: Row[]) => database.fold({
  from: { epoch: 1, sequence: 0 }, to: { epoch: 1, sequence: 1, hash: NO_HASH }, skipped: [], changes: rows.map(row => ({ key: { table: 'sales', key: [row['id'] as string] }, row })),
})
const run = (query: Partial<QueryDeclaration>, more: Partial<PackQuery> = {}) =>
  runPackQuery(database.db, { query: { name: 'q', table: 'sales', ...query }, table, parameters: {}, after: null, limit: 500, nodes: null, ...more })
const pages = (query: Partial<QueryDeclaration>, limit: number): Row[] => {
  const rows: Row[] = []
  for (let after: string | null = null; ;) {
    const page = run(query, { after, limit })
    rows.push(...page.rows)
    if (page.next === null || rows.length > 200) return rows
    after = page.next
  }
}

test('rows come with all of their columns, in the order of the key', () => {
  put(sale(2), sale(1))
  expect(run({})).toEqual({ rows: [sale(1), sale(2)], next: null })
  expect(run({ columns: ['item', 'more'] }).rows).toEqual([{ item: 'banana', more: { i: 1 } }, { item: 'Cherry', more: { i: 2 } }])
})

test.each<[string, QueryDeclaration['order']]>([
  ['by the key', undefined],
  ['by a column', [{ column: 'item' }]],
  ['backwards', [{ column: 'count', descending: true }]],
  ['in two directions', [{ column: 'item' }, { column: 'amount', descending: true }]],
  ['by what some lack', [{ column: 'due' }]],
  ['by what some lack, backwards', [{ column: 'due', descending: true }, { column: 'paid' }]],
])('pages %s hold each row once, in the order of the whole', (_, order) => {
  put(...Array.from({ length: 60 }, (__, i) => sale(i)))
  const query = order === undefined ? {} : { order }
  const whole = run(query).rows
  expect(whole).toHaveLength(60)
  for (const limit of [1, 7, 59, 60]) expect(pages(query, limit)).toEqual(whole)
})

test.each<[string, QueryDeclaration['where'], PackQuery['parameters'], number[]]>([
  ['equal', [{ column: 'item', is: '=', parameter: 'p' }], { p: 'Apple' }, [0, 3]],
  ['a decimal', [{ column: 'amount', is: '>=', parameter: 'p' }], { p: '3.5' }, [3, 4, 5]],
  ['a range', [{ column: 'count', is: '>', parameter: 'from' }, { column: 'count', is: '<=', parameter: 'to' }], { from: 1, to: '3' }, [2, 3]],
  ['a boolean', [{ column: 'paid', is: '=', parameter: 'p' }], { p: true }, [0, 2, 4]],
  ['the beginning, in either case', [{ column: 'item', is: 'starts-with', parameter: 'p' }], { p: 'BAN' }, [1, 4]],
  ['a part', [{ column: 'item', is: 'contains', parameter: 'p' }], { p: 'err' }, [2, 5]],
  ['a part with a sign of LIKE', [{ column: 'item', is: 'contains', parameter: 'p' }], { p: '%' }, []],
  ['nothing', [{ column: 'due', is: '=', parameter: 'p' }], { p: null }, [0, 5]],
  ['an optional parameter that is not given', [{ column: 'item', is: '=', parameter: 'p', optional: true }], {}, [0, 1, 2, 3, 4, 5]],
  ['SQL, which is a text', [{ column: 'item', is: '=', parameter: 'p' }], { p: "x' OR 1=1 --" }, []],
])('finds what is %s', (_, where, parameters, expected) => {
  put(...Array.from({ length: 6 }, (__, i) => sale(i)))
  expect(run({ where: where ?? [] }, { parameters }).rows.map(row => row['count'])).toEqual(expected)
})

test.each<['starts-with' | 'contains', string, string[]]>([
  ['contains', 'STRÖM', ['Strömung']], ['contains', 'strom', ['Strömung']], ['contains', 'cafe 1%', ['CAFÉ 1%']], ['contains', 'CAFÉ', ['CAFÉ 1%', 'cafe']], ['starts-with', 'ПРИВЕТ', ['Привет, мир']],
  ['starts-with', 'мир', []], ['contains', 'مرحبا', ['مَرحَبًا']], ['contains', '_', []],
])('a text that %s %s is found whatever its case and accents', (is, p, expected) => {
  put(...['Strömung', 'CAFÉ 1%', 'cafe', 'Привет, мир', 'مَرحَبًا'].map((item, i) => sale(i, { item })))
  expect(run({ where: [{ column: 'item', is, parameter: 'p' }] }, { parameters: { p } }).rows.map(row => row['item'])).toEqual(expected)
})

test.each<[string, PackQuery['parameters'], string]>([
  ['is missing', {}, 'KS-PACK-QUERY-PARAMETER'], ['is not known', { p: '1', q: 1 }, 'KS-PACK-QUERY-PARAMETER'], ['has too many decimals', { p: '1.23456' }, 'KS-PACK-QUERY-PARAMETER'],
])('a parameter that %s is refused', (_, parameters, code) => {
  expect(() => run({ where: [{ column: 'amount', is: '=', parameter: 'p' }] }, { parameters })).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ code }) as unknown }))
})

test('groups have counts and exact sums, in pages', () => {
  put(...Array.from({ length: 6 }, (_, i) => sale(i)))
  const query: Partial<QueryDeclaration> = {
    group: { by: ['item'], values: [{ name: 'n', of: 'count' }, { name: 'total', of: 'sum', column: 'amount' }, { name: 'last', of: 'max', column: 'due' }] }, order: [{ column: 'total', descending: true }],
  }
  const whole = [{ item: 'Cherry', n: 2, total: '8.0000', last: '2026-01-03' }, { item: 'banana', n: 2, total: '6.0000', last: '2026-01-05' }, { item: 'Apple', n: 2, total: '4.0000', last: '2026-01-04' }]
  expect(run(query).rows).toEqual(whole)
  expect(pages(query, 1)).toEqual(whole)
})

test('numbers beyond the safe integers stay exact; a sum that is too large is refused', () => {
  put(sale(1, { amount: '922337203685477.5807' }), sale(2, { amount: '-922337203685477.5807' }))
  expect(run({}).rows.map(row => row['amount'])).toEqual(['922337203685477.5807', '-922337203685477.5807'])
  expect(pages({ order: [{ column: 'amount' }] }, 1).map(row => row['amount'])).toEqual(['-922337203685477.5807', '922337203685477.5807'])
  database.fold({ from: { epoch: 1, sequence: 1 }, to: { epoch: 1, sequence: 2, hash: NO_HASH }, skipped: [], changes: [{ key: { table: 'sales', key: ['s002'] }, row: sale(2, { amount: '0.0001' }) }] })
  expect(() => run({ group: { by: ['node'], values: [{ name: 't', of: 'sum', column: 'amount' }] } })).not.toThrow()
  expect(() => run({ group: { by: ['more'], values: [] } })).not.toThrow()
  database.fold({ from: { epoch: 1, sequence: 2 }, to: { epoch: 1, sequence: 3, hash: NO_HASH }, skipped: [], changes: [{ key: { table: 'sales', key: ['s002'] }, row: sale(2, { amount: '0.0001', node: '/a/x' }) }] })
  expect(() => run({ group: { by: ['node'], values: [{ name: 't', of: 'sum', column: 'amount' }] } })).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ code: 'KS-PACK-QUERY-OVERFLOW' }) as unknown }))
})

test('a person sees what belongs to their nodes, and no neighbour that begins alike', () => {
  put(...Array.from({ length: 8 }, (_, i) => sale(i)))
  expect(run({ columns: ['node'] }, { nodes: ['/a'] }).rows.map(row => row['node'])).toEqual(['/a', '/a/x', '/a', '/a/x'])
  expect(run({ columns: ['node'] }, { nodes: ['/a/x', '/b'] }).rows.map(row => row['node'])).toEqual(['/a/x', '/b', '/a/x', '/b'])
  expect(run({}, { nodes: [] }).rows).toEqual([])
})

test.each(['nonsense', Buffer.from('["a","b"]').toString('base64url'), Buffer.from('[{"n":"99999999999999999999"}]').toString('base64url'), Buffer.from('[{}]').toString('base64url')])(
  'the mark %s is refused', after => expect(() => run({}, { after })).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ code: 'KS-LIST-PAGE' }) as unknown })),
)

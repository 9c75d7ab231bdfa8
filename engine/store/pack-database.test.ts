import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Row, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { NO_HASH } from '#engine/log/stored-event.ts'
import { DamagedTablesError, PackDatabase, type RowChange } from './pack-database.ts'
import { PackFiles, packFiles, readCurrent } from './pack-files.ts'

const tables: TableDeclaration[] = [{
  name: 'stock', key: ['item', 'count'], belongsTo: 'tenant',
  columns: [
    { name: 'item', type: 'text' }, { name: 'count', type: 'integer' }, { name: 'price', type: 'decimal', scale: 2, nullable: true }, { name: 'open', type: 'boolean' },
    { name: 'day', type: 'date' }, { name: 'at', type: 'instant' }, { name: 'notes', type: 'json' },
  ],
}]
const row = (item: string, count: number, price: string | null): Row => ({ item, count, price, open: count > 1, day: '2026-11-21', at: '2026-11-21T08:00:00.000Z', notes: { b: [1, 'x'], a: null } })
const change = (of: Row, gone = false): RowChange => ({ key: { table: 'stock', key: [of['item'] as string, of['count'] as number] }, row: gone ? null : of })
const step = (sequence: number, changes: readonly RowChange[]) => ({ from: { epoch: 1, sequence: sequence - 1 }, to: { epoch: 1, sequence, hash: NO_HASH }, changes, skipped: [] })

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'pack-database-')) })
afterEach(() => rmSync(folder, { recursive: true }))
const open = (name = 'a.db') => PackDatabase.toWrite(join(folder, name), tables, undefined)

test('rows come back as they went in, by key', () => {
  const database = open()
  const rows = [row('a', 1, '1.50'), row('b', 9_007_199_254_740_991, null), row('ü \u0000 \' "', -1, '-0.01')]
  expect(database.fold(step(1, rows.map(each => change(each))))).toBe(true)
  expect(database.rows([...rows.map(each => change(each).key), { table: 'stock', key: ['a', 2] }])).toEqual([...rows, null])
  expect(database.cursor()).toMatchObject({ epoch: 1, sequence: 1, skipped: 0 })
  database.close()
})

test('a step from elsewhere changes nothing', () => {
  const database = open()
  expect(database.fold(step(2, [change(row('a', 1, null))]))).toBe(false)
  expect(database.fold(step(1, []))).toBe(true)
  expect(database.fold(step(1, [change(row('a', 1, null))]))).toBe(false)
  expect(database.rows([change(row('a', 1, null)).key])).toEqual([null])
  database.close()
})

test('a step that fails leaves rows, cursor and digest as they were', () => {
  const database = open()
  expect(() => database.fold(step(1, [change(row('a', 1, null)), { key: { table: 'stock', key: ['b', 1] }, row: { ...row('b', 1, null), open: 'maybe', at: null } }]))).toThrow()
  expect(database.cursor().sequence).toBe(0)
  expect(database.digest()).toEqual({ kept: '0'.repeat(64), computed: '0'.repeat(64) })
  database.close()
})

test('however the same rows came about, the digest is the same, and what is kept is what they come to', () => {
  const keys = fc.record({ item: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 1, max: 3 }) })
  const changes = fc.array(fc.record({ key: keys, price: fc.option(fc.constantFrom('1.00', '2.50')), gone: fc.boolean() }), { maxLength: 40 })
  fc.assert(fc.property(changes, fc.nat(), (list, cut) => {
    const all = list.map(({ key, price, gone }) => change(row(key.item, key.count, price), gone))
    const [once, parted] = [open(`once-${cut}.db`), open(`parted-${cut}.db`)]
    once.fold(step(1, all))
    parted.fold(step(1, all.slice(0, cut % (all.length + 1))))
    parted.fold(step(2, all.slice(cut % (all.length + 1))))
    expect(parted.digest()).toEqual(once.digest())
    expect(once.digest().kept).toBe(once.digest().computed)
    once.close()
    parted.close()
    for (const name of ['once', 'parted']) rmSync(join(folder, `${name}-${cut}.db`), { force: true })
  }), { numRuns: 30 })
})

test('a row that is changed behind the engine shows in the digest', () => {
  const database = open()
  database.fold(step(1, [change(row('a', 1, '1.00'))]))
  database.db.exec(`UPDATE stock SET price = 99`)
  expect(database.digest().kept).not.toBe(database.digest().computed)
  database.close()
})

describe('a file that is not ours', () => {
  test.each<[string, (file: string) => void]>([
    ['of other bytes', file => writeFileSync(file, 'not a database, but long enough to be read as the header of one, and more than a hundred bytes of it')],
    ['with other tables', file => PackDatabase.toWrite(file, [{ ...tables[0] as TableDeclaration, name: 'other' }], undefined).close()],
  ])('%s is damaged', (_, make) => {
    make(join(folder, 'a.db'))
    expect(open).toThrow(DamagedTablesError)
    expect(() => PackDatabase.read(join(folder, 'a.db'), tables, undefined, database => database.cursor())).toThrow(DamagedTablesError)
  })

  test('that is not there is none', () => {
    expect(PackDatabase.read(join(folder, 'a.db'), tables, undefined, () => 1)).toBeNull()
  })
})

describe('the files of a tenant', () => {
  const version = { pack: 'stock', digest: 'd1' }

  test('one that is deleted is made anew', () => {
    const files = new PackFiles(join(folder, 'ext'), undefined)
    files.open(version, tables).fold(step(1, [change(row('a', 1, null))]))
    rmSync(packFiles(join(folder, 'ext')).tables(version))
    expect(files.open(version, tables).cursor().sequence).toBe(0)
    files.close()
  })

  test('one that is set aside makes room', () => {
    const files = new PackFiles(join(folder, 'ext'), undefined)
    files.open(version, tables).fold(step(1, []))
    files.setAside(version)
    files.setAside(version)
    expect(files.open(version, tables).cursor().sequence).toBe(0)
    files.close()
  })

  test('which version answers is told, and what is dropped is gone', () => {
    const files = new PackFiles(join(folder, 'ext'), undefined)
    expect(readCurrent(join(folder, 'ext'), undefined)).toEqual(new Map())
    files.switchTo(version, 1)
    files.switchTo({ pack: 'stock', digest: 'd2' }, 2)
    files.switchTo({ pack: 'other', digest: 'd3' }, 3)
    expect(readCurrent(join(folder, 'ext'), undefined)).toEqual(new Map([['other', 'd3'], ['stock', 'd2']]))
    files.open(version, tables)
    files.drop('stock', null)
    expect(readCurrent(join(folder, 'ext'), undefined)).toEqual(new Map([['other', 'd3']]))
    expect(PackDatabase.read(packFiles(join(folder, 'ext')).tables(version), tables, undefined, () => 1)).toBeNull()
    files.close()
  })

  test('a list of them that is damaged is begun again', () => {
    const files = new PackFiles(join(folder, 'ext'), undefined)
    files.switchTo(version, 1)
    files.close()
    writeFileSync(packFiles(join(folder, 'ext')).current, 'x'.repeat(5000))
    for (const end of ['-wal', '-shm']) rmSync(`${packFiles(join(folder, 'ext')).current}${end}`, { force: true })
    expect(readCurrent(join(folder, 'ext'), undefined)).toEqual(new Map())
    files.switchTo(version, 2)
    expect(readCurrent(join(folder, 'ext'), undefined)).toEqual(new Map([['stock', 'd1']]))
    files.close()
  })
})

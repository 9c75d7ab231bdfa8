import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvField, CsvRows, type CsvRow } from './csv-rows.ts'

const SPECTRUM = new URL('../../../test/data/csv-spectrum/', import.meta.url)

function read(parts: readonly string[], separator = ',', lineEnd: '\n' | '\r' = '\n'): CsvRow[] {
  const rows: CsvRow[] = []
  const reader = new CsvRows(separator, lineEnd, row => { rows.push(row) })
  for (const part of parts) reader.push(part)
  reader.end()
  return rows
}

function cutAt(text: string, places: readonly number[]): string[] {
  const cuts = [...new Set(places.map(place => place % (text.length + 1)))].toSorted((a, b) => a - b)
  return [0, ...cuts].map((from, i) => text.slice(from, cuts[i] ?? text.length))
}

describe('awkward files', () => {
  test.each(readdirSync(new URL('csvs', SPECTRUM)).map(name => name.replace('.csv', '')))('%s', name => {
    const [heading, ...rows] = read([readFileSync(new URL(`csvs/${name}.csv`, SPECTRUM), 'utf8')])
    const objects = rows.map(row => Object.fromEntries(row.fields.map((field, i) => [heading?.fields[i] ?? '', field.replaceAll('\r\n', '\n')])))
    expect(objects).toEqual(JSON.parse(readFileSync(new URL(`json/${name}.json`, SPECTRUM), 'utf8')))
  })
})

const field = fc.oneof(fc.string({ maxLength: 8 }), fc.stringMatching(/^[ab",;\n\r\t|]{0,6}$/))
const table = fc.tuple(fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n'), fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }))

describe('any table', () => {
  test('comes back as it was written, wherever the parts are cut', () => {
    fc.assert(fc.property(table, fc.array(fc.nat(), { maxLength: 5 }), ([separator, lineEnd, rows], cuts) => {
      const text = rows.map(row => row.map(value => csvField(value, separator)).join(separator)).join(lineEnd) + lineEnd
      const found = read(cutAt(text, cuts), separator)
      expect(found.map(row => row.fields)).toEqual(rows)
      expect(found.map(row => row.row)).toEqual(rows.map((_, i) => i + 1))
    }))
  })

  test('is read as csv-parse reads it', () => {
    fc.assert(fc.property(fc.stringMatching(/^[ab1,\n]{0,40}$/), text => {
      expect(read([text]).map(row => row.fields)).toEqual(parse(text, { relax_column_count: true, skip_empty_lines: true }))
    }))
  })
})

describe('any text', () => {
  test('gives the same rows wherever the parts are cut, and every line is in one of them', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a",\r\n]{0,60}$/), fc.array(fc.nat(), { maxLength: 6 }), (text, cuts) => {
      const whole = read([text])
      expect(read(cutAt(text, cuts))).toEqual(whole)
      const kept = whole.map(row => row.raw.replaceAll(/[\r\n]/g, '')).join('')
      expect(kept).toBe(text.replaceAll(/[\r\n]/g, ''))
    }), { numRuns: 500 })
  })
})

describe('a row that is not right', () => {
  test('with text after a closing quote is alone broken', () => {
    const rows = read(['a,b\n"x"y,1\n2,3\n'])
    expect(rows.map(row => [row.row, row.broken, row.raw])).toEqual([[1, false, 'a,b'], [2, true, '"x"y,1'], [3, false, '2,3']])
  })

  test('with a quote that nobody closes is alone broken', () => {
    const rows = read(['a,b\n"x,1\n2,3\n', '4,5'])
    expect(rows.map(row => [row.broken, row.fields])).toEqual([[false, ['a', 'b']], [true, []], [false, ['2', '3']], [false, ['4', '5']]])
  })

  test('keeps a quote inside an unquoted field', () => {
    expect(read(['1,5" nail,2\n'])[0]?.fields).toEqual(['1', '5" nail', '2'])
  })

  test('empty rows are counted and left out', () => {
    expect(read(['a\n\n\nb\n']).map(row => row.row)).toEqual([1, 4])
  })

  test('a file of old Mac line ends', () => {
    expect(read(['a,b\r"x\ry",2\r'], ',', '\r').map(row => row.fields)).toEqual([['a', 'b'], ['x\ry', '2']])
  })

  test('a line without end is refused, however it arrives', () => {
    expect(() => read(['x'.repeat(3_000_000)])).toThrow('no line end')
    expect(() => read([...Array<string>(30).fill('x'.repeat(100_000))])).toThrow('no line end')
  })
})

import { describe, expect, it } from 'vitest'
import { cellProblem } from './cell-problems.ts'
import { blankMapping, fieldsByColumn, MAPPING_FIELDS, missingFields, openGuesses, sourceOf, withSource, type Mapping } from './mapping-fields.ts'

const field = (path: string) => MAPPING_FIELDS.find(each => each.path === path)!

describe('a mapping that a person edits', () => {
  it('names what is missing until every needed field has a source', () => {
    let mapping: Mapping = blankMapping('orders.csv')
    expect(missingFields(mapping).map(each => each.path)).toEqual(['order.reference', 'order.account.code', 'line.item', 'line.quantity'])
    mapping = withSource(mapping, field('order.reference'), { kind: 'column', column: 'No' })
    mapping = withSource(mapping, field('order.account.code'), { kind: 'value', value: 'WALK-IN' })
    mapping = withSource(mapping, field('line.item'), { kind: 'column', column: 'Item' })
    mapping = withSource(mapping, field('line.quantity'), { kind: 'column', column: 'Qty' })
    expect(missingFields(mapping)).toEqual([])
    expect(mapping).toMatchObject({ order: { reference: 'No', account: { code: { value: 'WALK-IN' } } }, line: { item: 'Item', quantity: 'Qty' } })
  })

  it('takes the formats away with the date', () => {
    const dated = { order: { reference: 'No', placedOn: { column: 'Date', formats: ['iso'] } } }
    expect(withSource(dated, field('order.placedOn.column'), { kind: 'none' })).toEqual({ order: { reference: 'No' } })
    expect(dated.order.placedOn.column).toBe('Date')
  })

  it('asks about unsure guesses until they are confirmed', () => {
    const mapping = { order: { reference: 'A', account: { code: 'B' } }, line: { item: 'C' } }
    const confidence = { reference: 0.95, account: 0.4, item: 0.5, price: 0.2 }
    expect(openGuesses(mapping, confidence, []).map(each => each.path)).toEqual(['order.account.code', 'line.item'])
    expect(openGuesses(mapping, confidence, ['line.item']).map(each => each.path)).toEqual(['order.account.code'])
  })

  it('knows which fields a column feeds', () => {
    expect(fieldsByColumn({ order: { reference: 'A' }, line: { item: 'A', quantity: 'Q' } }).get('A')?.map(each => each.path)).toEqual(['order.reference', 'line.item'])
    expect(sourceOf({ order: { currency: { value: 'GBP' } } }, field('order.currency'))).toEqual({ kind: 'value', value: 'GBP' })
  })
})

describe('cells that catch the eye', () => {
  it.each([
    ['line.quantity', '', {}, 'empty'],
    ['line.quantity', 'six', {}, 'not-a-number'],
    ['line.quantity', '-3', {}, 'below-zero'],
    ['line.quantity', '-3', { reject: { negativeQuantity: 'return' } }, null],
    ['line.quantity', '0', {}, 'zero'],
    ['line.price', '1.234,50', { csv: { decimal: ',' } }, null],
    ['line.price', '1,234.50', {}, null],
    ['line.price', '1,50 EUR', { csv: { decimal: ',' } }, 'not-a-number'],
    ['order.currency', 'EURO', {}, 'not-a-currency'],
    ['order.account.name', '', {}, null],
    ['order.placedOn.column', '31.02.2026', { order: { placedOn: { formats: ['dd.MM.yyyy'] } } }, 'not-a-date'],
    ['order.placedOn.column', '2026-03-01 09:30', {}, null],
    ['order.placedOn.column', '3/1/2026 9:30', { order: { placedOn: { formats: ['iso', 'M/d/yyyy H:mm'] } } }, null],
    ['order.placedOn.column', '01.03.2026', {}, 'not-a-date'],
  ] as const)('%s of "%s"', (path, text, mapping, problem) => {
    expect(cellProblem(text, [field(path)], mapping)).toBe(problem)
  })
})

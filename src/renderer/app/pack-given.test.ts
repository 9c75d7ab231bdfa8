import { expect, test } from 'vitest'
import { givenValues, isOfRow, queryParameters } from './pack-given.ts'

const from = { row: { contact_id: 'C1', tags: ['a'], phone: null }, parameters: { account: 'A-1' }, order: { id: 'O1', reference: 'R-1', account: 'A-2' } }

test('values come from constants, the row, the address and the order; what is not there is left out', () => {
  expect(givenValues({ kind: { value: 'note' }, contactId: { column: 'contact_id' }, account: { parameter: 'account' }, orderId: { order: 'id' }, lost: { column: 'none' } }, from))
    .toEqual({ kind: 'note', contactId: 'C1', account: 'A-1', orderId: 'O1' })
})

test('a query is asked with plain values only', () => {
  expect(queryParameters({ tags: { column: 'tags' }, phone: { column: 'phone' }, account: { order: 'account' } }, from)).toEqual({ account: 'A-2' })
})

test('an action is about a row where it takes something from it', () => {
  expect(isOfRow({ id: 'edit', command: 'edit', given: { id: { column: 'contact_id' } } })).toBe(true)
  expect(isOfRow({ id: 'add', command: 'add', given: { id: { parameter: 'account' } } })).toBe(false)
})

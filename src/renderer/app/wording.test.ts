import { expect, test } from 'vitest'
import { withWording } from './wording.ts'

const texts = { title: 'Orders', column: { account: 'Account', state: 'State' } }

test('the words of a profile stand in place of the console\'s own, everything else stays', () => {
  expect(withWording(texts, 'orders', { 'orders:column.account': 'Customer', 'orders:title': 'Jobs', 'common:title': 'no' }))
    .toEqual({ title: 'Jobs', column: { account: 'Customer', state: 'State' } })
  expect(texts.column.account).toBe('Account')
})

test('words for what is no text are left out', () => {
  expect(withWording(texts, 'orders', { 'orders:column': 'x', 'orders:column.colour': 'x', 'orders:title.long': 'x', 'orders:__proto__.x': 'x', 'orders:': 'x' })).toEqual(texts)
})

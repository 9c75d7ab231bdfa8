import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minorAmount, table } from './output.ts'

test.each([[12345, 2, '123.45'], [5, 2, '0.05'], [-5, 2, '-0.05'], [7, 0, '7'], [-1200, 4, '-0.1200'], [0, 3, '0.000']])('%i at %i decimals is %s', (minor, exponent, text) => {
  expect(minorAmount(minor, exponent)).toBe(text)
})

test('an amount reads back as the number it was', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 4 }), (minor, exponent) => {
    expect(BigInt(minorAmount(minor, exponent).replace('.', ''))).toBe(BigInt(minor))
  }))
})

test('columns are as wide as their widest cell, numbers stand right', () => {
  const rows = [{ name: 'acme', orders: 5 }, { name: 'gamma-東京', orders: 1200 }]
  expect(table(rows, [{ title: 'Tenant', of: row => row.name }, { title: 'Orders', of: row => row.orders, right: true }], 'none')).toBe([
    'Tenant      Orders',
    'acme             5',
    'gamma-東京    1200',
  ].join('\n'))
})

test('no rows give the sentence for that', () => {
  expect(table([], [{ title: 'Tenant', of: () => '' }], 'There is no tenant yet.')).toBe('There is no tenant yet.')
})

test('what an order says cannot move the cursor', () => {
  expect(table(['a\u001b[2Jb\nc\u202Ed'], [{ title: 'T', of: row => row }], '')).toBe('T\na [2Jb c d')
})

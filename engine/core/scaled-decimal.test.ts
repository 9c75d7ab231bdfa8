import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalOf, unitsOf } from './scaled-decimal.ts'

test.each([
  ['123.4567', 4, 1234567n], ['123.45', 4, 1234500n], ['-0.01', 2, -1n], ['-0', 0, 0n], ['7', 0, 7n], ['1.500000', 2, 150n],
  ['922337203685477.5807', 4, 9223372036854775807n], ['922337203685477.5808', 4, 'too-large'], ['0.001', 2, 'too-fine'],
  ['1e3', 2, 'no-decimal'], ['', 2, 'no-decimal'], ['1.', 2, 'no-decimal'], [' 1', 2, 'no-decimal'],
] as const)('%s at scale %i is %s', (text, scale, units) => expect(unitsOf(text, scale)).toBe(units))

test('units come back as the same number with all of their decimals', () => {
  fc.assert(fc.property(fc.bigInt(-(2n ** 63n) + 1n, 2n ** 63n - 1n), fc.nat({ max: 12 }), (units, scale) => {
    expect(unitsOf(decimalOf(units, scale), scale)).toBe(units)
  }))
})

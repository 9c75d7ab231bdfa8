import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalString } from '#engine/core/orders/order-document.ts'
import { dateReader } from './csv/dates.ts'
import { decimalText, isNegative, isZero, xmlDecimalText } from './numbers.ts'

describe('numbers of a CSV file', () => {
  test.each<[string, '.' | ',', string | null]>([
    ['12.50', '.', '12.50'], ['-3', '.', '-3'], ['.00', '.', '0.00'], ['5.', '.', '5'], ['+5', '.', '5'], ['12-', '.', '-12'],
    ['1,234.50', '.', '1234.50'], ['1 234.50', '.', '1234.50'], ['1.234,50', ',', '1234.50'], ['0,5', ',', '0.5'], ["1'234,5", ',', '1234.5'],
    ['1,50', '.', null], ['1.50', ',', null], ['', '.', null], ['abc', '.', null], ['1e3', '.', null], ['-', '.', null], ['.', '.', null],
    ['£5', '.', null], ['--5', '.', null], ['-5-', '.', null], ['٣', '.', null], ['1'.repeat(31), '.', null], ['NaN', '.', null],
  ])('%s with %s is %s', (text, decimal, expected) => expect(decimalText(text, decimal)).toBe(expected))

  test('any text gives a decimal string or nothing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9., ']{0,12}$/)), fc.constantFrom('.' as const, ',' as const), (text, decimal) => {
      for (const value of [decimalText(text, decimal), xmlDecimalText(text)]) if (value !== null) expect(decimalString.safeParse(value).success).toBe(true)
    }))
  })

  test.each([['0', true, false], ['-0.00', true, false], ['-0.01', false, true], ['10', false, false]])('%s', (text, zero, negative) => {
    expect([isZero(text), isNegative(text)]).toEqual([zero, negative])
  })
})

describe('dates', () => {
  test.each<[string, string, string | null]>([
    ['iso', '2010-12-01T08:26:00Z', '2010-12-01T08:26:00Z'], ['iso', '2022-04-15 00:00:00.000', '2022-04-15'], ['iso', '2022-04-15', '2022-04-15'],
    ['iso', '2022-04-15 13:05', '2022-04-15T13:05:00'], ['iso', '2022-02-30', null], ['iso', '2024-02-29', '2024-02-29'], ['iso', '15.04.2022', null],
    ['dd.MM.yyyy', '15.04.2022', '2022-04-15'], ['d.M.yy', '5.4.22', '2022-04-05'], ['M/d/yyyy H:mm', '12/1/2010 8:26', '2010-12-01T08:26:00'],
    ['dd.MM.yyyy', '31.04.2022', null], ['dd.MM.yyyy', '15x04x2022', null],
  ])('%s reads %s as %s', (pattern, text, expected) => expect(dateReader([pattern])(text)).toBe(expected))
})

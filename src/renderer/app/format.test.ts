import { describe, expect, test } from 'vitest'
import { formattersOf, minorToDecimal } from './format.ts'

/** Intl separates with no-break spaces; they read as spaces. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll(/[\u200e\u200f\u2066\u2069]/g, '')

describe('money', () => {
  test.each([[5, 2, '0.05'], [-5, 2, '-0.05'], [0, 2, '0.00'], [123, 0, '123'], [12345, 4, '1.2345'], [-100, 3, '-0.100']])('%d minor units at %d decimals are %s', (minor, exponent, decimal) => {
    expect(minorToDecimal(minor, exponent)).toBe(decimal)
  })

  test('the largest safe amount keeps its last digit', () => {
    expect(plain(formattersOf('en').money(Number.MAX_SAFE_INTEGER, 2, 'EUR'))).toBe('EUR 90,071,992,547,409.91')
  })

  test.each([['en', 'JPY 1,500', 1500, 0, 'JPY'], ['de', '1.500,250 KWD', 1500250, 3, 'KWD'], ['ar-u-nu-latn', '1.2345 CLF', 12345, 4, 'CLF']])('%s writes %s', (locale, shown, minor, exponent, currency) => {
    expect(plain(formattersOf(locale).money(minor, exponent, currency))).toBe(shown)
  })
})

test.each([['12.5000', 'EUR', 'EUR 12.50'], ['1500.0000', 'JPY', 'JPY 1,500'], ['-1.2345', 'EUR', '-EUR 1.2345'], ['9007199254740993.0000', 'KWD', 'KWD 9,007,199,254,740,993.000']])('%s in %s is %s', (value, currency, shown) => {
  expect(plain(formattersOf('en').decimalMoney(value, currency))).toBe(shown)
})

test('a sum inside of an Arabic sentence keeps its sign and its currency where they are', () => {
  const { money } = formattersOf('ar-u-nu-latn')
  expect([money(491884, 2, 'EUR'), money(-1000000, 2, 'EUR')].map(text => text.replaceAll('\u00a0', ' '))).toEqual(['\u20664,918.84 EUR\u2069', '\u2066-10,000.00 EUR\u2069'])
})

test('sizes are spelt out where the short form would not agree with its number', () => {
  expect(plain(formattersOf('en').bytes(327))).toBe('327 bytes')
  expect(plain(formattersOf('en').bytes(4_200_000))).toBe('4.2 MB')
})

test('a decimal of a document keeps every digit it was stated with', () => {
  expect(formattersOf('en').decimal('12.50')).toBe('12.50')
  expect(formattersOf('de').decimal('1234567890123456789.000001')).toBe('1.234.567.890.123.456.789,000001')
})

test('a plain date is that day wherever one is; what is no date is shown as it came', () => {
  expect(formattersOf('en-GB').date('2026-03-01')).toBe('1 Mar 2026')
  expect(formattersOf('en').date('last Tuesday')).toBe('last Tuesday')
})

test('ages are counted down to the minute', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  const { ago } = formattersOf('en')
  expect(ago('2026-03-01T10:00:00Z', now)).toContain('2 hr')
  expect(ago('2026-03-01T11:59:40Z', now)).toContain('this minute')
})

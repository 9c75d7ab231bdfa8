import { expect, test } from 'vitest'
import { parseTypedNumber, typedNumber } from './typed-number.ts'

test.each([
  ['en', '12.50', '12.50'], ['en', '1,234.5', '1234.5'], ['en', '1,234', '1234'], ['en', '12,5', null], ['en', '', null], ['en', 'x', null],
  ['de', '12,50', '12.50'], ['de', '1.234,50', '1234.50'], ['de', '1.234', '1234'], ['de', '12.50', '12.50'], ['de', '1.234.567', '1234567'],
  ['de', '1,2,3', null], ['ar-u-nu-latn', '12.5', '12.5'], ['en', '900720000000000000000.000001', '900720000000000000000.000001'],
])('%s reads %s as %s', (locale, typed, exact) => {
  expect(parseTypedNumber(typed, locale)).toBe(exact)
})

test.each(['en', 'de', 'ar-u-nu-latn'])('what %s shows is read back as it was', locale => {
  for (const decimal of ['0.5', '12.345', '1234.5', '1000', '0.000001']) expect(parseTypedNumber(typedNumber(decimal, locale), locale)).toBe(decimal)
})

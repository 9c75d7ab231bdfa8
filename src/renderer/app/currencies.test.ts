import { expect, test } from 'vitest'
import { CURRENCY_EXPONENTS } from '#engine/contracts/kit/currency-exponents.ts'
import { currencyCodes, currencyName } from './currencies.ts'

test('every currency that a price can be counted in is among the choices', () => {
  expect(Object.keys(CURRENCY_EXPONENTS).filter(code => !currencyCodes().includes(code))).toEqual([])
})

test('a currency is called by its code and its name', () => {
  expect(currencyName('KWD', 'en')).toBe('KWD – Kuwaiti Dinar')
  expect(currencyName('no', 'en')).toBe('no')
})

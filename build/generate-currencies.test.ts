import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CURRENCY_EXPONENTS } from '#engine/contracts/kit/currency-exponents.ts'
import { currencyTable } from './generate-currencies.ts'

it('keeps the currency table that packs use in step with the ISO 4217 list', () => {
  const list = readFileSync(new URL('../resources/iso4217/codes-all.csv', import.meta.url), 'utf8')
  expect(readFileSync(new URL('../engine/contracts/kit/currency-exponents.ts', import.meta.url), 'utf8')).toBe(currencyTable(list))
})

it.each([['EUR', 2], ['JPY', 0], ['KWD', 3], ['CLF', 4], ['UYW', 4], ['HUF', 2], ['XAU', undefined], ['DEM', undefined]])(
  '%s has %s decimals', (code, exponent) => {
    expect(CURRENCY_EXPONENTS[code]).toBe(exponent)
  })

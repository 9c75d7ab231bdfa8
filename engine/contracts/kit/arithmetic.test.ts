import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  addDecimals, ArithmeticError, compareDecimals, fitsExponent, formatDecimal, fromMinor, isDecimal, mulDiv, mulDivToMinor,
  multiplyDecimals, negateDecimal, ONE, parseDecimal, signOf, sumMinor, toMinor, type Rounding,
} from './arithmetic.ts'

const MODES: readonly Rounding[] = ['half-up', 'half-even', 'half-down', 'up', 'down', 'floor', 'ceiling']

const decimalText = fc.tuple(
  fc.boolean(), fc.stringMatching(/^\d{1,30}$/), fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: null }),
).map(([minus, whole, decimals]) => `${minus ? '-' : ''}${whole}${decimals === null ? '' : `.${decimals}`}`)
const smallText = fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.stringMatching(/^\d{1,6}$/)).map(([w, d]) => `${w}.${d}`)
const anyText = fc.oneof(decimalText, smallText)
const safeInteger = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1000, max: 1000 }))
const mode = fc.constantFrom(...MODES)

describe('reference: fractions of BigInt', () => {
  it('parses and formats without loss', () => {
    fc.assert(fc.property(anyText, text => {
      const again = formatDecimal(parseDecimal(text))
      expect(rational(again)).toEqual(rational(text))
      expect((again.split('.')[1] ?? '').length).toBe((text.split('.')[1] ?? '').length)
    }))
  })

  it('mulDiv rounds the exact quotient once, or refuses', () => {
    fc.assert(fc.property(safeInteger, safeInteger, safeInteger.filter(c => c !== 0), mode, (a, b, c, m) => {
      sameOrRefused(() => mulDiv(a, b, c, m), round(BigInt(a) * BigInt(b), BigInt(c), m))
    }), { numRuns: 2000 })
  })

  it('mulDivToMinor rounds the exact quotient of decimals once, or refuses', () => {
    fc.assert(fc.property(anyText, anyText, anyText.filter(t => /[1-9]/.test(t)), fc.integer({ min: 0, max: 6 }), mode, (a, b, c, exponent, m) => {
      const [an, ad] = rational(a)
      const [bn, bd] = rational(b)
      const [cn, cd] = rational(c)
      sameOrRefused(() => mulDivToMinor(parseDecimal(a), parseDecimal(b), parseDecimal(c), exponent, m),
        round(an * bn * cd * 10n ** BigInt(exponent), ad * bd * cn, m))
    }), { numRuns: 2000 })
  })

  it('adds, multiplies, negates and compares exactly', () => {
    fc.assert(fc.property(anyText, anyText, (a, b) => {
      const [an, ad] = rational(a)
      const [bn, bd] = rational(b)
      const [x, y] = [parseDecimal(a), parseDecimal(b)]
      equalFractions(formatDecimal(addDecimals(x, y)), an * bd + bn * ad, ad * bd)
      equalFractions(formatDecimal(multiplyDecimals(x, y)), an * bn, ad * bd)
      equalFractions(formatDecimal(negateDecimal(x)), -an, ad)
      const difference = an * bd - bn * ad
      expect(compareDecimals(x, y)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0)
      expect(signOf(x)).toBe(an < 0n ? -1 : an > 0n ? 1 : 0)
    }))
  })

  it('writes minor units so that they read back', () => {
    fc.assert(fc.property(safeInteger, fc.integer({ min: 0, max: 8 }), (minor, exponent) => {
      const text = fromMinor(minor, exponent)
      expect(isDecimal(text)).toBe(true)
      expect(toMinor(text, exponent, 'down')).toBe(minor + 0)
      expect(fitsExponent(parseDecimal(text), exponent)).toBe(true)
    }))
  })

  it('never gives -0 or a BigInt that a number could hold', () => {
    fc.assert(fc.property(anyText, anyText, (a, b) => {
      for (const value of [parseDecimal(a), negateDecimal(parseDecimal(a)), addDecimals(parseDecimal(a), parseDecimal(b))]) {
        expect(Object.is(value.coefficient, -0)).toBe(false)
      }
    }))
  })
})

describe('rounding', () => {
  it.each([
    ['half-up', 3, -3, 4, 2], ['half-even', 2, -2, 4, 2], ['half-down', 2, -2, 3, 2], ['up', 3, -3, 4, 3],
    ['down', 2, -2, 3, 2], ['floor', 2, -3, 3, 2], ['ceiling', 3, -2, 4, 3],
  ] as const)('%s: 2.5 → %i, -2.5 → %i, 3.5 → %i, 2.4 → %i', (m, a, b, c, d) => {
    expect([toMinor('2.5', 0, m), toMinor('-2.5', 0, m), toMinor('3.5', 0, m), toMinor('2.4', 0, m)]).toEqual([a, b, c, d])
  })

  it('does not fall for binary fractions: 1.005 → 1.01', () => {
    expect(toMinor('1.005', 2, 'half-up')).toBe(101)
    expect(mulDivToMinor(parseDecimal('1.15'), parseDecimal('0.5'), ONE, 2, 'half-up')).toBe(58)
  })
})

describe('refusals', () => {
  it.each(['', '-', '.5', '5.', '1,5', '+1', '1e3', ' 1', '٣', '1.2.3', '0x10', 'NaN', '1'.repeat(31), `1.${'1'.repeat(21)}`])(
    'reads no number in %j', text => {
      expect(isDecimal(text)).toBe(false)
      expect(() => parseDecimal(text)).toThrow(expect.objectContaining({ name: 'ArithmeticError', code: 'not-a-decimal' }))
    })

  it('refuses what leaves the safe integers, and division by zero', () => {
    expect(() => toMinor('90071992547409.92', 2, 'half-up')).toThrow(expect.objectContaining({ code: 'overflow' }))
    expect(toMinor('90071992547409.91', 2, 'half-up')).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => sumMinor([Number.MAX_SAFE_INTEGER, 1])).toThrow(ArithmeticError)
    expect(() => mulDiv(0.5, 1, 1, 'down')).toThrow(expect.objectContaining({ code: 'overflow' }))
    expect(() => mulDiv(1, 1, 0, 'down')).toThrow(expect.objectContaining({ code: 'division-by-zero' }))
  })
})

function rational(text: string): [bigint, bigint] {
  const decimals = text.split('.')[1] ?? ''
  return [BigInt(text.replace('.', '')), 10n ** BigInt(decimals.length)]
}

function equalFractions(text: string, numerator: bigint, denominator: bigint): void {
  const [n, d] = rational(text)
  expect(n * denominator).toBe(numerator * d)
}

function round(numerator: bigint, denominator: bigint, m: Rounding): bigint {
  if (denominator < 0n) return round(-numerator, -denominator, m)
  const truncated = numerator / denominator
  const floor = numerator % denominator < 0n ? truncated - 1n : truncated
  if (floor * denominator === numerator) return floor
  const twice = 2n * (numerator - floor * denominator)
  const up = {
    'floor': false, 'ceiling': true, 'down': numerator < 0n, 'up': numerator > 0n,
    'half-up': twice > denominator || (twice === denominator && numerator > 0n),
    'half-down': twice > denominator || (twice === denominator && numerator < 0n),
    'half-even': twice > denominator || (twice === denominator && floor % 2n !== 0n),
  }[m]
  return up ? floor + 1n : floor
}

function sameOrRefused(act: () => number, expected: bigint): void {
  if (expected >= BigInt(Number.MIN_SAFE_INTEGER) && expected <= BigInt(Number.MAX_SAFE_INTEGER)) {
    const got = act()
    expect(BigInt(got)).toBe(expected)
    expect(Object.is(got, -0)).toBe(false)
  } else expect(act).toThrow(expect.objectContaining({ code: 'overflow' }))
}

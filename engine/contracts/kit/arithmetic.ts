/**
 * Exact decimal arithmetic for packs. Stated numbers are decimal strings, money is safe integers in units of
 * 10^-exponent. Nothing passes through a fraction in floating point; a result that is no safe integer is refused with
 * an ArithmeticError, never rounded. Pure, without imports or state: a pack bundles it.
 *
 * @example
 * const price = parseDecimal('2.50')
 * mulDivToMinor(parseDecimal('3'), price, ONE, 2, 'half-up') // 750
 * toMinor('1.005', 2, 'half-up') // 101
 * fromMinor(-1050, 2) // '-10.50'
 *
 */

/** `half-up` and `half-down` take ties away from and towards zero; `up` and `down` away from and towards zero, always. */
export type Rounding = 'half-up' | 'half-even' | 'half-down' | 'up' | 'down' | 'floor' | 'ceiling'

/** coefficient × 10^-scale. The coefficient is a BigInt only where it leaves the safe integers. */
export interface Decimal {
  readonly coefficient: number | bigint
  readonly scale: number
}

export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError'
  readonly code: 'overflow' | 'not-a-decimal' | 'division-by-zero'
  constructor(code: ArithmeticError['code'], message: string) {
    super(message)
    this.code = code
  }
}

const MAX_INTEGER_DIGITS = 30
const MAX_DECIMALS = 20

/** 10^0 … 10^15: every power of ten that is a safe integer. */
const POWERS: readonly number[] = Object.freeze([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
  1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
])

export const ZERO: Decimal = Object.freeze({ coefficient: 0, scale: 0 })
export const ONE: Decimal = Object.freeze({ coefficient: 1, scale: 0 })
export const HUNDRED: Decimal = Object.freeze({ coefficient: 100, scale: 0 })

/** Reads `-12.50`: an optional minus, 1 to 30 digits, then optionally a point and 1 to 20 digits. Nothing else. */
export function parseDecimal(text: string): Decimal {
  const start = text.charCodeAt(0) === 45 ? 1 : 0
  const end = text.length
  let point = -1
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 46 && point < 0) point = i
    else if (code < 48 || code > 57) throw notADecimal(text)
  }
  const integerDigits = (point < 0 ? end : point) - start
  const scale = point < 0 ? 0 : end - point - 1
  if (integerDigits < 1 || integerDigits > MAX_INTEGER_DIGITS || scale > MAX_DECIMALS || (point >= 0 && scale === 0)) {
    throw notADecimal(text)
  }
  const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1)
  return integerDigits + scale <= 15 ? { coefficient: Number(digits) + 0, scale } : decimal(BigInt(digits), scale)
}

/** Whether parseDecimal takes the text. */
export function isDecimal(text: string): boolean {
  return /^-?\d{1,30}(?:\.\d{1,20})?$/.test(text)
}

/** The shortest text with at least the decimals that the number was made with: parse('2.50') gives '2.50' again. */
export function formatDecimal(value: Decimal): string {
  const negative = value.coefficient < 0
  const digits = String(negative ? -value.coefficient : value.coefficient).padStart(value.scale + 1, '0')
  const whole = digits.slice(0, digits.length - value.scale)
  return (negative ? '-' : '') + (value.scale === 0 ? whole : `${whole}.${digits.slice(-value.scale)}`)
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) {
    if (typeof a.coefficient === 'number' && typeof b.coefficient === 'number') {
      const sum = a.coefficient + b.coefficient
      if (Number.isSafeInteger(sum)) return { coefficient: sum, scale: a.scale }
    }
    return decimal(BigInt(a.coefficient) + BigInt(b.coefficient), a.scale)
  }
  const scale = Math.max(a.scale, b.scale)
  return addDecimals(rescaled(a, scale), rescaled(b, scale))
}

export function negateDecimal(value: Decimal): Decimal {
  // 0 - x, because -0 is another number than 0 to Object.is and to Map keys made of texts.
  return { coefficient: typeof value.coefficient === 'number' ? 0 - value.coefficient : -value.coefficient, scale: value.scale }
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = a.scale + b.scale
  const product = multiplied(a.coefficient, b.coefficient)
  return { coefficient: product, scale }
}

/** -1, 0 or 1. */
export function signOf(value: Decimal): -1 | 0 | 1 {
  return value.coefficient < 0 ? -1 : value.coefficient > 0 ? 1 : 0
}

/** Below 0 where a < b, 0 where they are equal ('2.5' and '2.50' are), above 0 where a > b. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale)
  const left = rescaled(a, scale).coefficient
  const right = rescaled(b, scale).coefficient
  return left < right ? -1 : left > right ? 1 : 0
}

/** a × b ÷ c of safe integers, rounded once. */
export function mulDiv(a: number, b: number, c: number, mode: Rounding): number {
  return safe(divided(multiplied(checked(a), checked(b)), checked(c), mode))
}

/** a × b ÷ c in units of 10^-exponent, rounded once. The price of a line is mulDivToMinor(quantity, price, base, …). */
export function mulDivToMinor(a: Decimal, b: Decimal, c: Decimal, exponent: number, mode: Rounding): number {
  let numerator = multiplied(a.coefficient, b.coefficient)
  let denominator = c.coefficient
  const shift = exponent + c.scale - a.scale - b.scale
  if (shift > 0) numerator = multiplied(numerator, power(shift))
  else if (shift < 0) denominator = multiplied(denominator, power(-shift))
  return safe(divided(numerator, denominator, mode))
}

/** A decimal in units of 10^-exponent. Rounds only where the decimal has more decimals than that. */
export function toMinor(value: Decimal | string, exponent: number, mode: Rounding): number {
  return mulDivToMinor(typeof value === 'string' ? parseDecimal(value) : value, ONE, ONE, exponent, mode)
}

/** Whether the decimal is a whole number of units of 10^-exponent, so that toMinor would not round it. */
export function fitsExponent(value: Decimal, exponent: number): boolean {
  if (value.scale <= exponent) return true
  return BigInt(value.coefficient) % BigInt(power(value.scale - exponent)) === 0n
}

/** 1050 at exponent 2 is '10.50'. */
export function fromMinor(minor: number, exponent: number): string {
  return formatDecimal(minorToDecimal(minor, exponent))
}

export function minorToDecimal(minor: number, exponent: number): Decimal {
  return { coefficient: checked(minor), scale: exponent }
}

/** The sum of safe integers; refused where any step of it leaves them. */
export function sumMinor(amounts: readonly number[]): number {
  let sum = 0
  for (const amount of amounts) sum = safe(sum + checked(amount))
  return sum
}

function multiplied(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    // Rounding is monotone, so a product outside the safe integers never looks like one inside. + 0 makes -0 into 0.
    if (Number.isSafeInteger(product)) return product + 0
  }
  return smallest(BigInt(a) * BigInt(b))
}

function divided(numerator: number | bigint, denominator: number | bigint, mode: Rounding): number | bigint {
  if (denominator === 0 || denominator === 0n) throw new ArithmeticError('division-by-zero', 'division by zero')
  return typeof numerator === 'number' && typeof denominator === 'number'
    ? dividedNumbers(numerator, denominator, mode)
    : dividedBigInts(BigInt(numerator), BigInt(denominator), mode)
}

function dividedNumbers(numerator: number, denominator: number, mode: Rounding): number {
  // % and the division of a multiple are exact; numerator / denominator by itself would not be.
  const rest = numerator % denominator
  const quotient = (numerator - rest) / denominator
  if (rest === 0) return quotient + 0
  const negative = numerator < 0 !== denominator < 0
  const size = Math.abs(rest)
  const other = Math.abs(denominator) - size
  const half = size > other ? 1 : size < other ? -1 : 0
  return awayFromZero(mode, half, quotient % 2 !== 0, negative) ? quotient + (negative ? -1 : 1) : quotient + 0
}

function dividedBigInts(numerator: bigint, denominator: bigint, mode: Rounding): bigint {
  const quotient = numerator / denominator
  const rest = numerator % denominator
  if (rest === 0n) return quotient
  const negative = numerator < 0n !== denominator < 0n
  const size = rest < 0n ? -rest : rest
  const other = (denominator < 0n ? -denominator : denominator) - size
  const half = size > other ? 1 : size < other ? -1 : 0
  return awayFromZero(mode, half, quotient % 2n !== 0n, negative) ? quotient + (negative ? -1n : 1n) : quotient
}

/** `half`: whether the rest is below (-1), at (0) or above (1) one half. */
function awayFromZero(mode: Rounding, half: -1 | 0 | 1, odd: boolean, negative: boolean): boolean {
  switch (mode) {
    case 'half-up': return half >= 0
    case 'half-down': return half > 0
    case 'half-even': return half > 0 || (half === 0 && odd)
    case 'up': return true
    case 'down': return false
    case 'floor': return negative
    case 'ceiling': return !negative
  }
}

function rescaled(value: Decimal, scale: number): Decimal {
  return value.scale === scale ? value : { coefficient: multiplied(value.coefficient, power(scale - value.scale)), scale }
}

function power(exponent: number): number | bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent)
}

function decimal(coefficient: bigint, scale: number): Decimal {
  return { coefficient: smallest(coefficient), scale }
}

function smallest(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function safe(value: number | bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new ArithmeticError('overflow', `${value} is beyond the safe integers`)
  return number
}

function checked(value: number): number {
  if (!Number.isSafeInteger(value)) throw new ArithmeticError('overflow', `${value} is no safe integer`)
  return value + 0
}

function notADecimal(text: string): ArithmeticError {
  return new ArithmeticError('not-a-decimal', `not a decimal number: ${text.slice(0, 60)}`)
}

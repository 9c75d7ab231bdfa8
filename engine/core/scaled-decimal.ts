import { formatDecimal, isDecimal } from '#engine/contracts/kit/arithmetic.ts'

/** What a 64-bit integer holds: a decimal of a pack's table is kept as one, in units of 10^-scale. */
const LARGEST = 2n ** 63n - 1n

/**
 * The units of a stated decimal, or why it cannot be kept: it has more decimals than the scale, or is beyond 64 bits.
 * Nothing is ever rounded.
 *
 * @example unitsOf('123.45', 4) // 1234500n
 */
export function unitsOf(text: string, scale: number): bigint | 'no-decimal' | 'too-fine' | 'too-large' {
  if (!isDecimal(text)) return 'no-decimal'
  const [whole = '', fraction = ''] = text.split('.')
  if (/[1-9]/.test(fraction.slice(scale))) return 'too-fine'
  const units = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  return (units < 0n ? -units : units) > LARGEST ? 'too-large' : units
}

/** @example decimalOf(1234500n, 4) // '123.4500' */
export function decimalOf(units: bigint | number, scale: number): string {
  return formatDecimal({ coefficient: units, scale })
}

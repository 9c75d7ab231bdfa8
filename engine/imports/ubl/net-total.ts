import type { Allowance, OrderLine } from '#engine/core/orders/order-document.ts'

/** Digits kept after the point. Enough to know the sign; amounts are not made here. */
const DIGITS = 24
const ONE = 10n ** BigInt(DIGITS)

/**
 * Whether what the lines and allowances come to is below zero. Within half a cent a line of zero, rounding decides: there
 * the amounts that the lines state count, which are rounded already.
 */
export function isNetBelowZero(lines: readonly OrderLine[], allowances: readonly Allowance[]): boolean {
  const total = netOf(lines.map(lineNet), allowances)
  const rounding = (ONE * BigInt(lines.length + allowances.length)) / 200n
  if (total > rounding || total < -rounding) return total < 0n
  const stated = lines.flatMap(line => line.statedNet === null ? [] : [scaled(line.statedNet)])
  return stated.length === lines.length && netOf(stated, allowances) < 0n
}

function netOf(lines: readonly bigint[], allowances: readonly Allowance[]): bigint {
  let net = 0n
  for (const line of lines) net += line
  return net + adjustments(allowances, net)
}

function lineNet(line: OrderLine): bigint {
  if (line.price === null) return line.statedNet === null ? 0n : scaled(line.statedNet)
  const base = line.baseQuantity === null ? ONE : scaled(line.baseQuantity)
  const gross = (scaled(line.quantity) * scaled(line.price) * (line.return ? -1n : 1n)) / base
  return gross + adjustments(line.allowances, gross)
}

function adjustments(allowances: readonly Allowance[], base: bigint): bigint {
  let sum = 0n
  for (const { charge, amount, percent, baseAmount } of allowances) {
    const value = amount !== null ? scaled(amount)
      : percent === null ? 0n : ((baseAmount === null ? base : scaled(baseAmount)) * scaled(percent)) / (ONE * 100n)
    sum += charge ? value : -value
  }
  return sum
}

function scaled(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.')
  const value = BigInt(whole) * ONE + BigInt(fraction.slice(0, DIGITS).padEnd(DIGITS, '0'))
  return decimal.startsWith('-') ? -value : value
}

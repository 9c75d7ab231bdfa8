import type { Allowance, OrderLine } from '#engine/core/orders/order-document.ts'

/** Digits kept after the point. Enough to know the sign; amounts are not made here. */
const DIGITS = 24
const ONE = 10n ** BigInt(DIGITS)

/**
 * Whether what the lines and allowances come to is below zero: less than that by more than half a cent a line, which
 * rounding could explain.
 */
export function isNetBelowZero(lines: readonly OrderLine[], allowances: readonly Allowance[]): boolean {
  let net = 0n
  for (const line of lines) net += lineNet(line)
  const total = net + adjustments(allowances, net)
  return total < -((ONE * BigInt(lines.length + allowances.length)) / 200n)
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

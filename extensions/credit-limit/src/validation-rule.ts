import { signedQuantity, statedPrice } from '#engine/contracts/kit/line-amount.ts'
import { matchesPattern } from '#engine/contracts/kit/matches-pattern.ts'
import {
  ArithmeticError, compareDecimals, fromMinor, minorToDecimal, mulDivToMinor, ONE, parseDecimal, sumMinor, multiplyDecimals,
} from '#engine/contracts/kit/arithmetic.ts'
import type { Finding, OrderView, ValidationAnswer, ValidationInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** Decimals of the tenant's base amounts, e.g. 2. */
  readonly exponent: number
  /** The first entry that names the account counts; `*` stands for any characters. */
  readonly limits?: readonly { readonly accounts: readonly string[]; readonly limit: string }[]
  /** For every other account. Without it they have no credit. */
  readonly defaultLimit?: string
}

/** Holds an order that would take what the account owes beyond its limit. Reaching the limit exactly is allowed. */
export function validate({ order, exposure }: ValidationInput, config: Config): ValidationAnswer {
  const limit = limitOf(order.account.code, config)
  if (limit === null) return { findings: [finding('no-credit', order, {})] }
  let amountMinor: number
  let totalMinor: number
  try {
    amountMinor = Math.max(0, statedAmount(order, config.exponent))
    totalMinor = sumMinor([exposure.openMinor, amountMinor])
  } catch (error) {
    if (!(error instanceof ArithmeticError) || error.code !== 'overflow') throw error
    return { findings: [finding('amount-overflow', order, { limit })] }
  }
  if (compareDecimals(minorToDecimal(totalMinor, config.exponent), parseDecimal(limit)) <= 0) return { findings: [] }
  return {
    findings: [finding('above-credit-limit', order, {
      limit,
      open: fromMinor(exposure.openMinor, config.exponent),
      openOrders: exposure.openOrders,
      amount: fromMinor(amountMinor, config.exponent),
      total: fromMinor(totalMinor, config.exponent),
    })],
  }
}

/** What the order states for itself. It is not priced yet: lines without a price count as nothing here. */
function statedAmount(order: OrderView, exponent: number): number {
  return sumMinor(order.lines.map(line => {
    const price = statedPrice(line)
    if (price === null) return 0
    return mulDivToMinor(multiplyDecimals(signedQuantity(line), price), ONE, baseQuantity(line.baseQuantity), exponent, 'half-up')
  }))
}

function baseQuantity(stated: string | null) {
  const base = stated === null ? ONE : parseDecimal(stated)
  // A price for no units is the pricing policy's to refuse.
  return base.coefficient > 0 ? base : ONE
}

function limitOf(account: string, { limits = [], defaultLimit }: Config): string | null {
  return limits.find(entry => entry.accounts.some(pattern => matchesPattern(account, pattern)))?.limit ?? defaultLimit ?? null
}

function finding(code: string, order: OrderView, values: Finding['values']): Finding {
  return { code, severity: 'error', values: { account: order.account.code, ...values } }
}

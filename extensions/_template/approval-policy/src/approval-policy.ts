import { compareDecimals, minorToDecimal, parseDecimal } from '#engine/contracts/kit/arithmetic.ts'
import type { ApprovalAnswer, ApprovalInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** A decimal, e.g. '1000.00'. */
  readonly limit: string
  readonly currency: string
  readonly role: string
}

/** Approves up to a limit, the limit itself included; asks one person above it, and in every other currency. */
export function approve({ price }: ApprovalInput, { limit, currency, role }: Config): ApprovalAnswer {
  const amountMinor = price.totals.payableMinor
  const within = price.currency === currency && compareDecimals(minorToDecimal(amountMinor, price.exponent), parseDecimal(limit)) <= 0
  const values = { amountMinor, limit, currency }
  if (within) return { outcome: 'approved', explanation: [{ code: 'within-limit', values }] }
  return { outcome: 'ask', stages: [{ id: 'first', role }], explanation: [{ code: 'above-limit', values }] }
}

import { compareDecimals, minorToDecimal, parseDecimal } from '#engine/contracts/kit/arithmetic.ts'
import type { ApprovalAnswer, ApprovalInput, ApprovalStage, Explanation } from '#engine/contracts/v1/index.ts'

/** Limit of each currency as a decimal, e.g. { EUR: '1000.00' }. An amount equal to its limit is within it. */
type Limits = Readonly<Record<string, string>>

export interface Config {
  /** `base`: the order before discounts. `price`: the total with tax. */
  readonly compares: 'base' | 'price'
  readonly limits: Limits
  readonly above: 'ask' | 'reject'
  /** With `above: ask`: who is asked, in this order. A stage with limits of its own is asked only above those. */
  readonly stages?: readonly (ApprovalStage & { readonly limits?: Limits })[]
  /** For an order in a currency without a limit. Default `ask`, where nobody can be asked `reject`. */
  readonly otherCurrencies?: 'ask' | 'reject' | 'approve'
}

interface Compared {
  readonly amountMinor: number
  readonly currency: string
  readonly exponent: number
}

/** Approves up to a limit; above it, asks people in stages, or rejects. */
export function approve({ price }: ApprovalInput, config: Config): ApprovalAnswer {
  const amountMinor = config.compares === 'base' ? price.baseMinor : price.totals.taxInclusiveMinor
  const compared = { amountMinor, currency: price.currency, exponent: price.exponent }
  const limit = limitOf(config.limits, price.currency)
  if (limit === null) return withoutLimit(compared, config)
  const why = (code: string): Explanation[] => [{ code, values: { compares: config.compares, amountMinor, limit, currency: price.currency, exponent: price.exponent } }]
  if (!isAbove(compared, limit)) return { outcome: 'approved', explanation: why('within-limit') }
  if (config.above === 'reject') return { outcome: 'rejected', explanation: why('above-limit') }
  const stages = (config.stages ?? []).filter(stage => isAsked(stage.limits, compared))
  // Above the limit and nobody to ask: a profile that names stages only for higher amounts. Never approve by default.
  if (stages.length === 0) return { outcome: 'rejected', explanation: why('nobody-to-ask') }
  return { outcome: 'ask', stages: stages.map(asked), explanation: why('above-limit') }
}

function withoutLimit({ amountMinor, currency, exponent }: Compared, config: Config): ApprovalAnswer {
  const explanation: Explanation[] = [{ code: 'no-limit', values: { currency, amountMinor, exponent } }]
  const stages = (config.stages ?? []).map(asked)
  const otherwise = config.otherCurrencies ?? 'ask'
  if (otherwise === 'approve') return { outcome: 'approved', explanation }
  return otherwise === 'reject' || stages.length === 0 ? { outcome: 'rejected', explanation } : { outcome: 'ask', stages, explanation }
}

function asked({ limits: _, ...stage }: ApprovalStage & { readonly limits?: Limits }): ApprovalStage {
  return stage
}

function isAsked(limits: Limits | undefined, compared: Compared): boolean {
  if (limits === undefined) return true
  const limit = limitOf(limits, compared.currency)
  return limit === null || isAbove(compared, limit)
}

function isAbove({ amountMinor, exponent }: Compared, limit: string): boolean {
  return compareDecimals(minorToDecimal(amountMinor, exponent), parseDecimal(limit)) > 0
}

function limitOf(limits: Limits, currency: string): string | null {
  return Object.hasOwn(limits, currency) ? limits[currency] ?? null : null
}

import type {
  ApprovalAnswer, Explanation, Finding, PricingAnswer,
} from '#engine/contracts/v1/index.ts'
import type { PricedLine } from '#engine/contracts/v2/index.ts'

export type DecisionKind = 'validation' | 'pricing' | 'approval'

/** What an account owes, to a rule that does not ask. */
export const NO_EXPOSURE = { openMinor: 0, openOrders: 0 } as const

/** What made a decision: enough to execute it again. */
export interface Receipt {
  /** One part for each pack that answered; pricing and approval have exactly one. */
  readonly parts: readonly ReceiptPart[]
  readonly profileVersion: number
  readonly inputDigest: string
  readonly revision: number
  /** Position of the log that the input was read at. */
  readonly position: { readonly epoch: number; readonly sequence: number }
  readonly versions: { readonly core: string; readonly ses: string; readonly v8: string }
}

export interface ReceiptPart {
  /** Pack id; `keelson` for a default that the profile names. */
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly contract: string
  readonly contractVersion: string
  readonly adapter: string | null
  readonly configDigest: string
}

export interface ValidationDecision {
  readonly outcome: 'passed' | 'held'
  readonly findings: readonly (Finding & { readonly pack: string })[]
}

/**
 * What a line comes to in the currency of the decision. `own` is there where the pack prices by contract v2: the line's own
 * currency, and how its price came about.
 */
export interface DecidedLine {
  readonly lineId: string
  readonly netMinor: number
  readonly own?: Omit<PricedLine, 'lineId' | 'settledMinor'>
}

export type PricingDecision =
  | ({ readonly outcome: 'priced'; readonly lines: readonly DecidedLine[] } & Omit<PricingAnswer, 'lines'>)
  | { readonly outcome: 'refused'; readonly explanation: readonly Explanation[] }

export type ApprovalDecision = ApprovalAnswer

/** Why a pack could not answer. Becomes `decision.failed` and a dead letter. */
export interface StepFailure {
  readonly pack: string
  /** Of the pack; absent where none of it was found. */
  readonly version?: string
  readonly contract: string
  readonly code: `KS-PACK-${string}`
  readonly message: string
  readonly remedy: string
}

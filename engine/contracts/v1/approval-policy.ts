import type { Explanation } from './explanation.ts'
import type { OrderView } from './order-view.ts'
import type { PriceTotals } from './pricing-policy.ts'

/** Asked once for each priced revision of an order, with the price that was decided. @since v1 */
export interface ApprovalInput {
  readonly order: OrderView
  readonly price: {
    readonly currency: string
    readonly exponent: number
    readonly baseMinor: number
    readonly totals: PriceTotals
  }
}

/** Approves, rejects, or asks people: `stages` in order, each decided by one person who holds `permission`. */
export type ApprovalAnswer =
  | { readonly outcome: 'approved'; readonly explanation: readonly Explanation[] }
  | { readonly outcome: 'rejected'; readonly explanation: readonly Explanation[] }
  | {
      readonly outcome: 'ask'
      readonly stages: readonly ApprovalStage[]
      readonly explanation: readonly Explanation[]
    }

export interface ApprovalStage {
  /** Unique within the answer, e.g. `manager`. */
  readonly id: string
  /** Role whose members may decide this stage. */
  readonly role: string
}

/** What a pack's `approval-policy` module exports. Pure. */
export interface ApprovalPolicy<Config = unknown> {
  approve(input: ApprovalInput, config: Config): ApprovalAnswer
}

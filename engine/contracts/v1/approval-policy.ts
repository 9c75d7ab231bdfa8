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

/** Approves, rejects, or asks people: `stages` are decided one after the other. */
export type ApprovalAnswer =
  | { readonly outcome: 'approved'; readonly explanation: readonly Explanation[] }
  | { readonly outcome: 'rejected'; readonly explanation: readonly Explanation[] }
  | {
      readonly outcome: 'ask'
      readonly stages: readonly ApprovalStage[]
      readonly explanation: readonly Explanation[]
    }

/** @example { id: 'board', role: 'director', quorum: 2, apart: true } */
export interface ApprovalStage {
  /** Unique within the answer, e.g. `manager`. */
  readonly id: string
  /** Role whose members may decide this stage. */
  readonly role: string
  /** How many different people must approve before the stage is done; 1 where it is not said, at most 20. One rejection rejects. */
  readonly quorum?: number
  /** Whoever submitted the order, or approved an earlier stage of it, may not decide this one. */
  readonly apart?: boolean
}

/** What a pack's `approval-policy` module exports. Pure. */
export interface ApprovalPolicy<Config = unknown> {
  approve(input: ApprovalInput, config: Config): ApprovalAnswer
}

import type { Explanation } from './explanation.ts'
import type { OrderView } from './order-view.ts'

/** Asked once for each submitted revision of an order, before it is priced. @since v1 */
export interface ValidationInput {
  readonly order: OrderView
  /** Exposure of the account in the tenant's base amounts: what its open priced orders come to. */
  readonly exposure: { readonly openMinor: number; readonly openOrders: number }
}

/** Something a rule found. An `error` holds the order until a person mends, overrides or rejects it; a `warning` shows. */
export interface Finding extends Explanation {
  readonly severity: 'error' | 'warning'
}

export interface ValidationAnswer {
  readonly findings: readonly Finding[]
}

/** What a pack's `validation-rule` module exports. Pure: the same input and config give the same answer. */
export interface ValidationRule<Config = unknown> {
  validate(input: ValidationInput, config: Config): ValidationAnswer
}

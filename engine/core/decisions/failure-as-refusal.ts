import type { Refusal } from '../refusal.ts'
import type { StepFailure } from './decision.ts'

/** What a pack could not answer, said to whoever asked for it. */
export function failureAsRefusal({ pack, contract, code, message, remedy }: StepFailure): Refusal {
  return { code, message, remedy, values: { pack, contract } }
}

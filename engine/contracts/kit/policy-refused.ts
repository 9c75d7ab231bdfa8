import { ArithmeticError } from './arithmetic.ts'
import type { Explanation } from '../v1/explanation.ts'
import type { PolicyRefusal } from '../v1/pricing-policy.ts'

/** Thrown deep inside a policy where the order itself is the reason that there is no answer. */
export class PolicyRefusedError extends Error {
  override readonly name = 'PolicyRefusedError'
  readonly explanation: Explanation
  constructor(explanation: Explanation) {
    super(explanation.code)
    this.explanation = explanation
  }
}

export function refuseLine(code: string, lineId: string, values: Explanation['values'] = {}): never {
  throw new PolicyRefusedError({ code, lineId, values })
}

export function refuseOrder(code: string, values: Explanation['values'] = {}): never {
  throw new PolicyRefusedError({ code, values })
}

/** The answer, or the refusal that it threw. Amounts beyond the safe integers are refused as `amount-overflow`. */
export function answerOrRefusal<Answer>(answer: () => Answer): Answer | PolicyRefusal {
  try {
    return answer()
  } catch (error) {
    if (error instanceof PolicyRefusedError) return { refused: error.explanation }
    if (error instanceof ArithmeticError && error.code === 'overflow') return { refused: { code: 'amount-overflow', values: {} } }
    throw error
  }
}

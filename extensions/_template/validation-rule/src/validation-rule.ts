import { compareDecimals, parseDecimal } from '#engine/contracts/kit/arithmetic.ts'
import type { Finding, LineView, ValidationAnswer, ValidationInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** A decimal, e.g. '100'. A line above it holds the order. */
  readonly largestQuantity: string
}

/** Finds each line that orders more than the profile allows. Sending back is not limited. */
export function validate({ order }: ValidationInput, config: Config): ValidationAnswer {
  return { findings: order.lines.flatMap(line => findingsOf(line, config)) }
}

function findingsOf({ id, item, quantity, return: isReturn }: LineView, { largestQuantity }: Config): Finding[] {
  if (isReturn || compareDecimals(parseDecimal(quantity), parseDecimal(largestQuantity)) <= 0) return []
  return [{ code: 'quantity-too-large', severity: 'error', lineId: id, values: { item, quantity, largestQuantity } }]
}

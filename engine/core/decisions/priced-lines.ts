import { pricingFromV1 } from '#engine/contracts/v2/pricing-from-v1.ts'
import type { PricedLine } from '#engine/contracts/v2/index.ts'
import type { PricingDecision } from './decision.ts'

/** The lines of a price as contract v2 has them, whatever version its pack answered by. */
export function pricedLines(decision: Extract<PricingDecision, { outcome: 'priced' }>): readonly PricedLine[] {
  const lifted = pricingFromV1(decision).lines
  return decision.lines.map(({ lineId, netMinor, own }, i) => own === undefined ? lifted[i] as PricedLine : { lineId, ...own, settledMinor: netMinor })
}

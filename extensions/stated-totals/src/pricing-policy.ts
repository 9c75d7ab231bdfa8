import { lineAmount } from '#engine/contracts/kit/line-amount.ts'
import { type Money, moneyOf } from '#engine/contracts/kit/money.ts'
import { answerOrRefusal } from '#engine/contracts/kit/policy-refused.ts'
import { type PricedLine, priceDocument } from '#engine/contracts/kit/price-document.ts'
import { type Rounding, toMinor } from '#engine/contracts/kit/arithmetic.ts'
import type { LineView, PolicyRefusal, PricingAnswer, PricingInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** Decimals of every amount, e.g. 4. */
  readonly exponent: number
  readonly defaultCurrency?: string
  /** Default `half-up`. */
  readonly rounding?: Rounding
}

/** Lines and sub-total at the exponent that the profile names, with the tax and the charges that the document states. */
export function price({ order }: PricingInput, config: Config): PricingAnswer | PolicyRefusal {
  return answerOrRefusal(() => {
    const money = moneyOf(order, config)
    return priceDocument({ order, money, lines: order.lines.map(line => priceLine(line, money)) })
  })
}

function priceLine(line: LineView, money: Money): PricedLine {
  const { netMinor, explanation } = lineAmount(line, money)
  const statedMinor = line.statedNet === null ? netMinor : toMinor(line.statedNet, money.exponent, money.rounding)
  return {
    line, netMinor,
    explanation: statedMinor === netMinor ? explanation
      : [...explanation, { code: 'line-differs', lineId: line.id, values: { statedMinor, netMinor } }],
  }
}

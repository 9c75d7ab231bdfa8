import { lineAmount } from '#engine/contracts/kit/line-amount.ts'
import { type Money, moneyOf } from '#engine/contracts/kit/money.ts'
import { answerOrRefusal } from '#engine/contracts/kit/policy-refused.ts'
import { type PricedLine, priceDocument } from '#engine/contracts/kit/price-document.ts'
import { toMinor } from '#engine/contracts/kit/arithmetic.ts'
import type { Explanation, LineView, OrderView, PolicyRefusal, PricingAnswer, PricingInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** For orders that state no currency; without it they are refused. */
  readonly defaultCurrency?: string
  /** Decimals of currencies that ISO 4217 no longer lists, e.g. { HRK: 2 }. */
  readonly currencies?: Readonly<Record<string, number>>
}

/** Prices an order from what it states, by the calculation rules of EN 16931, half-up to the currency's minor units. */
export function price({ order }: PricingInput, config: Config): PricingAnswer | PolicyRefusal {
  return answerOrRefusal(() => {
    const money = moneyOf(order, config)
    const answer = priceDocument({ order, money, lines: order.lines.map(line => priceLine(line, money)) })
    return { ...answer, explanation: [...answer.explanation, ...comparePayable(order, answer, money)] }
  })
}

/** Says where the document asks for another amount than its own numbers come to; the numbers count. */
function comparePayable({ attributes }: OrderView, { totals: { payableMinor } }: PricingAnswer, money: Money): Explanation[] {
  const stated = attributes['statedPayable']
  if (typeof stated !== 'string' || !/^-?\d{1,30}(?:\.\d{1,20})?$/.test(stated)) return []
  const statedMinor = toMinor(stated, money.exponent, money.rounding)
  return statedMinor === payableMinor ? [] : [{ code: 'payable-differs', values: { statedMinor, payableMinor } }]
}

function priceLine(line: LineView, money: Money): PricedLine {
  const { netMinor, explanation } = lineAmount(line, money)
  const rungs = [
    {
      code: line.return ? 'line-returned' : 'line', lineId: line.id,
      values: { quantity: line.quantity, price: line.price, baseQuantity: line.baseQuantity ?? '1', netMinor },
    },
    ...explanation,
  ]
  const statedMinor = line.statedNet === null ? netMinor : toMinor(line.statedNet, money.exponent, money.rounding)
  if (statedMinor !== netMinor) rungs.push({ code: 'line-differs', lineId: line.id, values: { statedMinor, netMinor } })
  return { line, netMinor, explanation: rungs }
}

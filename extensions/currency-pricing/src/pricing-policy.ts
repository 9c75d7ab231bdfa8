import { HUNDRED, minorToDecimal, mulDivToMinor, ONE, parseDecimal, sumMinor } from '#engine/contracts/kit/arithmetic.ts'
import { lineAmount } from '#engine/contracts/kit/line-amount.ts'
import { matchesAny } from '#engine/contracts/kit/matches-pattern.ts'
import { type Money, moneyIn } from '#engine/contracts/kit/money.ts'
import { answerOrRefusal, refuseLine } from '#engine/contracts/kit/policy-refused.ts'
import { priceDocument } from '#engine/contracts/kit/price-document.ts'
import type { LineView, PolicyRefusal } from '#engine/contracts/v1/index.ts'
import type { Adjustment, PricedLine, PricingAnswer, PricingInput } from '#engine/contracts/v2/index.ts'

export interface Config {
  /** Currency that the order is paid in. */
  readonly currency: string
  /** Units of it for one unit of another, e.g. { USD: '0.92' }. */
  readonly rates?: Readonly<Record<string, string>>
  /** Percent of the list price, added (above 0) or taken off (below 0), each on lines whose item fits a pattern; on all without one. */
  readonly adjustments?: readonly { readonly percent: string; readonly reason: string; readonly items?: readonly string[] }[]
  /** Decimals of currencies that ISO 4217 no longer lists. */
  readonly currencies?: Readonly<Record<string, number>>
}

/** Prices each line in its own currency (its attribute `currency`, else the order's), adjusts it, and settles it in one. */
export function price({ order }: PricingInput, config: Config): PricingAnswer | PolicyRefusal {
  return answerOrRefusal(() => {
    const money = moneyIn(config.currency, config)
    const lines = order.lines.map(line => priceLine(line, order.currency, money, config))
    const settled = order.lines.map((line, i) => ({ line, netMinor: (lines[i] as PricedLine).settledMinor, explanation: [] }))
    const document = priceDocument({ order: { ...order, currency: config.currency }, money, lines: settled, discountMinor: 0, explanation: [] })
    return { ...document, lines }
  })
}

function priceLine(line: LineView, stated: string | null, settlement: Money, config: Config): PricedLine {
  const currency = line.attributes['currency'] ?? stated ?? config.currency
  if (typeof currency !== 'string') return refuseLine('bad-currency', line.id)
  const money = moneyIn(currency, config)
  const { netMinor: listMinor } = lineAmount(line, money)
  const adjustments = adjustmentsOf(line, listMinor, money, config)
  const netMinor = sumMinor([listMinor, ...adjustments.map(({ amountMinor }) => amountMinor)])
  const rate = currency === config.currency ? null : rateOf(currency, line, config)
  const settledMinor = rate === null ? netMinor
    : mulDivToMinor(minorToDecimal(netMinor, money.exponent), parseDecimal(rate), ONE, settlement.exponent, settlement.rounding)
  return { lineId: line.id, currency, exponent: money.exponent, listMinor, adjustments, netMinor, rate, settledMinor }
}

function adjustmentsOf(line: LineView, listMinor: number, { rounding }: Money, { adjustments = [] }: Config): Adjustment[] {
  return adjustments.filter(({ items }) => items === undefined || matchesAny(line.item, items)).map(({ percent, reason }) => ({
    code: percent.startsWith('-') ? 'discount' : 'surcharge',
    amountMinor: mulDivToMinor(minorToDecimal(listMinor, 0), parseDecimal(percent), HUNDRED, 0, rounding),
    values: { percent: percent.replace('-', ''), reason },
  }))
}

function rateOf(currency: string, line: LineView, { rates = {} }: Config): string {
  const rate = Object.hasOwn(rates, currency) ? rates[currency] : undefined
  return rate ?? refuseLine('no-rate', line.id, { currency })
}

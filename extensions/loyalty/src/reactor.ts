import { minorToDecimal, mulDivToMinor, ONE, parseDecimal } from '#engine/contracts/kit/arithmetic.ts'
import type { EventView, IssuedCommand, ReactorAnswer, ReactorInput, RowKey } from '#engine/contracts/v1/index.ts'
import type { Config } from './config.ts'

/** What `keelson.order.confirmed.v2` says of an order; net and tax are null where it was confirmed before that was said. */
interface Confirmed {
  readonly reference: string
  readonly account: string
  readonly price: { readonly currency: string; readonly exponent: number; readonly taxExclusiveMinor: number | null } | null
}

interface Standing { readonly account: string; readonly balance: number; readonly tier: string | null }

/** A cancelled order may have earned points: its row says for which account. */
export function keys({ type, subject }: EventView): readonly RowKey[] {
  return type === 'keelson.order.cancelled.v1' && subject !== null ? [{ table: 'orders', key: [subject] }] : []
}

export function react({ event, rows: [order = null] }: ReactorInput, config: Config): ReactorAnswer {
  switch (event.type) {
    case 'keelson.order.confirmed.v2': return answer(earn(event, config))
    case 'keelson.order.cancelled.v1': return answer(order === null || event.subject === null ? null
      : { key: 'take-back', name: 'loyalty.take-back-points', input: { account: order['account'], orderId: event.subject } })
    default: {
      const { account, balance, tier } = event.data as Standing
      return answer({
        key: 'attributes', name: 'keelson.set-attributes',
        input: { on: 'account', key: account, attributes: { 'loyalty.points': balance, 'loyalty.tier': tier } },
      })
    }
  }
}

function earn({ subject, data }: EventView, { currency, pointsPerUnit }: Config): IssuedCommand | null {
  const { reference, account, price } = data as Confirmed
  if (subject === null || price == null || price.currency !== currency || price.taxExclusiveMinor === null) return null
  const points = mulDivToMinor(minorToDecimal(price.taxExclusiveMinor, price.exponent), parseDecimal(String(pointsPerUnit)), ONE, 0, 'down')
  return points <= 0 ? null : { key: 'earn', name: 'loyalty.earn-points', input: { account, orderId: subject, reference, points } }
}

function answer(command: IssuedCommand | null): ReactorAnswer {
  return { deliveries: [], commands: command === null ? [] : [command] }
}

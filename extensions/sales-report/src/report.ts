import { fromMinor, minorToDecimal, sumMinor, toMinor } from '#engine/contracts/kit/arithmetic.ts'
import type { EventView, FoldInput, Row, RowKey } from '#engine/contracts/v1/index.ts'

/** What `keelson.order.confirmed.v2` says of an order. Of those of former times it knows only what was payable, or nothing. */
interface Confirmed {
  readonly account: string
  readonly price: { readonly currency: string; readonly exponent: number; readonly payableMinor: number; readonly taxExclusiveMinor: number | null; readonly taxMinor: number | null } | null
}

/** Decimals of the amounts in the table: no currency of ISO 4217 has more. */
const SCALE = 4
/** Characters of `2026-03`. */
const MONTH = 7

/** What an order came to, from its confirmation until it is cancelled. */
export function keys({ subject }: EventView): readonly RowKey[] {
  return subject === null ? [] : [{ table: 'sales', key: [subject] }]
}

export function fold({ event }: FoldInput): readonly (Row | null)[] {
  if (event.subject === null) return []
  return [event.type === 'keelson.order.confirmed.v2' ? saleOf(event, event.subject) : null]
}

function saleOf({ time, orgpath, data }: EventView, orderId: string): Row | null {
  const { account, price = null } = data as Partial<Confirmed>
  if (account === undefined || price === null) return null
  const { currency, exponent, payableMinor, taxExclusiveMinor, taxMinor } = price
  const amount = (minor: number | null): string | null => minor === null ? null : fromMinor(toMinor(minorToDecimal(minor, exponent), SCALE, 'half-even'), SCALE)
  // Not what is payable, of which something may be paid already.
  const grossMinor = taxExclusiveMinor === null ? payableMinor : sumMinor([taxExclusiveMinor, taxMinor ?? 0])
  return { order_id: orderId, month: time.slice(0, MONTH), account, orgpath, currency, net: amount(taxExclusiveMinor), tax: amount(taxMinor), gross: amount(grossMinor) }
}

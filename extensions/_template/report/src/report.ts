import type { EventView, FoldInput, Row, RowKey } from '#engine/contracts/v1/index.ts'

/** One row for each order; an event that names no order changes nothing. */
export function keys({ subject }: EventView): readonly RowKey[] {
  return subject === null ? [] : [{ table: 'confirmed_orders', key: [subject] }]
}

export function fold({ event: { subject, time } }: FoldInput): readonly (Row | null)[] {
  return subject === null ? [] : [{ order_id: subject, confirmed_on: time.slice(0, 10) }]
}

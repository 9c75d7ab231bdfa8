import type { StatementCache } from './sqlite.ts'

/** The text of an event, found by its id and the order that it is of; null where the log has none. */
export function eventBodyById(statements: StatementCache, eventId: string, orderNo: number | null): string | null {
  const row = orderNo === null
    ? statements.get<[string], { body: string }>(`SELECT body FROM events WHERE order_no IS NULL AND body ->> '$.id' = ? LIMIT 1`).get(eventId)
    : statements.get<[number, string], { body: string }>(`SELECT body FROM events WHERE order_no = ? AND body ->> '$.id' = ? LIMIT 1`).get(orderNo, eventId)
  return row?.body ?? null
}

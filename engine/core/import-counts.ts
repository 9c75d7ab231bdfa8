/** What came of a file: each line and order read is accepted or rejected. */
export interface ImportCounts {
  lines: { read: number; accepted: number; rejected: number }
  /** `accepted` includes those that were here already; `unchanged`, known only once they were written, says how many they are. */
  orders: { read: number; accepted: number; rejected: number; unchanged: number }
  /** Refused rows (or documents) by reason; one with several counts under each. */
  reasons: Record<string, number>
  /** Refused orders by the reasons of their rows. */
  orderReasons: Record<string, number>
}

export function noCounts(): ImportCounts {
  return {
    lines: { read: 0, accepted: 0, rejected: 0 },
    orders: { read: 0, accepted: 0, rejected: 0, unchanged: 0 },
    reasons: {},
    orderReasons: {},
  }
}

/** Adds `more` into `sum`. */
export function addCounts(sum: ImportCounts, more: ImportCounts): void {
  for (const key of ['read', 'accepted', 'rejected'] as const) {
    sum.lines[key] += more.lines[key]
    sum.orders[key] += more.orders[key]
  }
  sum.orders.unchanged += more.orders.unchanged
  for (const [code, count] of Object.entries(more.reasons)) sum.reasons[code] = (sum.reasons[code] ?? 0) + count
  for (const [code, count] of Object.entries(more.orderReasons)) sum.orderReasons[code] = (sum.orderReasons[code] ?? 0) + count
}

import type { TenantWriter } from './tenant-writer.ts'

export interface DeadLetterCause {
  readonly pack: string
  readonly eventId: string
  /** Contract, or `delivery:<key>`. */
  readonly handler: string
  readonly orderNo: number | null
  readonly payload: string
}

/** Parks work that failed for good: one dead letter for each (pack, event, handler), however often it fails. */
export function park(writer: TenantWriter, cause: DeadLetterCause, failure: { readonly code: string; readonly message: string; readonly remedy: string }): void {
  const now = writer.clock.now()
  writer.statements.get<[string, string, string, string, number | null, string, string, string, string, number, number], unknown>(`
    INSERT INTO dead_letters (id, pack, event_id, handler, order_no, code, message, remedy, payload, created_at, last_attempt_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (pack, event_id, handler) DO UPDATE SET state = 'open', attempts = attempts + 1, code = excluded.code,
      message = excluded.message, remedy = excluded.remedy, payload = excluded.payload, last_attempt_at = excluded.last_attempt_at`)
    .run(writer.ids.next(), cause.pack, cause.eventId, cause.handler, cause.orderNo, failure.code, failure.message, failure.remedy, cause.payload, now, now)
}

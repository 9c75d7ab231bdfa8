import type { TenantWriter } from './tenant-writer.ts'

export interface DeadLetterCause {
  readonly pack: string
  readonly eventId: string
  /** Contract, or `delivery:<key>`. */
  readonly handler: string
  readonly orderNo: number | null
  readonly payload: string
}

export interface ParkedFailure {
  readonly code: string
  readonly message: string
  readonly remedy: string
  /** Of the pack that failed. */
  readonly version?: string
}

/** Parks work that failed for good: one dead letter for each (pack, event, handler), however often it fails; every try stays. */
export function park(writer: TenantWriter, cause: DeadLetterCause, failure: ParkedFailure): void {
  const now = writer.clock.now()
  const version = failure.version ?? null
  const letter = writer.statements.get<[string, string, string, string, number | null, string, string, string, string, string | null, number, number], { id: string; attempts: number }>(`
    INSERT INTO dead_letters (id, pack, event_id, handler, order_no, code, message, remedy, payload, pack_version, created_at, last_attempt_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (pack, event_id, handler) DO UPDATE SET state = 'open', attempts = attempts + 1, code = excluded.code, message = excluded.message,
      remedy = excluded.remedy, payload = excluded.payload, pack_version = excluded.pack_version, last_attempt_at = excluded.last_attempt_at
    RETURNING id, attempts`)
    .get(writer.ids.next(), cause.pack, cause.eventId, cause.handler, cause.orderNo, failure.code, failure.message, failure.remedy, cause.payload, version, now, now)
  if (letter === undefined) throw new Error('a dead letter was not written')
  writer.statements.get<[string, number, string, string, string | null, number], unknown>(
    'INSERT INTO dead_letter_tries (letter_id, try_no, code, message, pack_version, at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(letter.id, letter.attempts, failure.code, failure.message, version, now)
}

import type { IssuedCommand } from '#engine/contracts/v1/index.ts'
import { park } from './park.ts'
import { ok, type Refusal } from '#engine/core/refusal.ts'
import { internal } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** What a reactor answered to a range of events, and the cursor that moves with it. */
export interface ReactionBatch {
  readonly pack: string
  /** `reactor:<pack>` */
  readonly cursor: string
  readonly from: { readonly epoch: number; readonly sequence: number }
  readonly to: { readonly epoch: number; readonly sequence: number; readonly hash: Uint8Array }
  readonly deliveries: readonly {
    readonly eventId: string
    readonly key: string
    readonly target: string
    readonly payload: string
    readonly orderNo: number | null
  }[]
  readonly failures: readonly ReactionFailure[]
}

export interface ReactionFailure {
  readonly eventId: string
  readonly orderNo: number | null
  /** A command that was refused; null where the reactor itself failed. */
  readonly command: IssuedCommand | null
  readonly failure: Pick<Refusal, 'code' | 'message' | 'remedy'>
}

/** Deliveries, dead letters and cursor in one transaction: at least once, and never lost. */
export const recordReactions = internal<ReactionBatch, { readonly moved: boolean }>((writer, batch) => {
  const cursor = writer.statements.get<[string], { epoch: number; sequence: number }>('SELECT epoch, sequence FROM cursors WHERE name = ?').get(batch.cursor)
  const at = cursor ?? { epoch: 1, sequence: 0 }
  if (at.epoch !== batch.from.epoch || at.sequence !== batch.from.sequence) return ok({ moved: false })
  const now = writer.clock.now()
  const insert = writer.statements.get<[string, string, string, string, string, string, number | null, number], unknown>(`
    INSERT INTO deliveries (pack, event_id, key, target, batch, payload, order_no, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (pack, event_id, key) DO NOTHING`)
  const batchName = `${batch.to.epoch}-${String(batch.to.sequence).padStart(12, '0')}`
  for (const d of batch.deliveries) insert.run(batch.pack, d.eventId, d.key, d.target, batchName, d.payload, d.orderNo, now)
  for (const failed of batch.failures) parkReaction(writer, batch.pack, failed)
  writer.statements.get<[string, number, number, Uint8Array], unknown>(`
    INSERT INTO cursors (name, epoch, sequence, hash) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence, hash = excluded.hash`)
    .run(batch.cursor, batch.to.epoch, batch.to.sequence, batch.to.hash)
  return ok({ moved: true })
})

/** A refused command has a letter of its own, with what it was: a replay gives it again without asking the reactor. */
function parkReaction(writer: TenantWriter, pack: string, { eventId, orderNo, command, failure }: ReactionFailure): void {
  park(writer, { pack, eventId, orderNo, handler: command === null ? 'reactor' : `command:${command.key}`, payload: command === null ? '{}' : JSON.stringify(command) }, failure)
}

export interface DeliveryOutcome {
  readonly deliveryNo: number
  readonly state: 'delivered' | 'again' | 'parked'
  /** For `again`: when, in milliseconds since the epoch. */
  readonly nextAt: number
  readonly failure: { readonly code: string; readonly message: string; readonly remedy: string } | null
}

/** What became of deliveries that were tried. */
export const recordDeliveries = internal<{ readonly outcomes: readonly DeliveryOutcome[] }, { readonly parked: number }>((writer, input) => {
  let parked = 0
  const replaying = writer.statements.get<[], { n: number }>(`SELECT count(*) AS n FROM dead_letters WHERE state = 'replaying'`).get()?.n ?? 0
  const done = writer.statements.get<[number], unknown>(`UPDATE deliveries SET state = 'delivered', attempts = attempts + 1 WHERE delivery_no = ?`)
  for (const outcome of input.outcomes) {
    if (outcome.state === 'delivered') {
      done.run(outcome.deliveryNo)
      if (replaying > 0) {
        writer.statements.get<[number], unknown>(`
          UPDATE dead_letters SET state = 'resolved' FROM deliveries d
          WHERE d.delivery_no = ? AND dead_letters.pack = d.pack AND dead_letters.event_id = d.event_id
            AND dead_letters.handler = 'delivery:' || d.key AND dead_letters.state = 'replaying'`).run(outcome.deliveryNo)
      }
      continue
    }
    writer.statements.get<[string, number, number], unknown>(
      'UPDATE deliveries SET state = ?, attempts = attempts + 1, next_at = ? WHERE delivery_no = ?')
      .run(outcome.state === 'parked' ? 'parked' : 'pending', outcome.nextAt, outcome.deliveryNo)
    if (outcome.state === 'parked' && outcome.failure !== null) {
      parked++
      const row = writer.statements.get<[number], { pack: string; event_id: string; key: string; payload: string; order_no: number | null; attempts: number }>(
        'SELECT pack, event_id, key, payload, order_no, attempts FROM deliveries WHERE delivery_no = ?').get(outcome.deliveryNo)
      if (row === undefined) continue
      park(writer, { pack: row.pack, eventId: row.event_id, handler: `delivery:${row.key}`, orderNo: row.order_no, payload: row.payload }, outcome.failure)
    }
  }
  return ok({ parked })
})

/** A replayed event, or a command that was refused: its deliveries, and the dead letters that it leaves now. */
export const resolveReaction = internal<{
  readonly letterId: string; readonly pack: string; readonly eventId: string
  readonly deliveries: ReactionBatch['deliveries']; readonly failures: readonly ReactionFailure[]
}, Record<string, never>>((writer, input) => {
  const now = writer.clock.now()
  // Resolved first: what failed again opens it, or a letter of its own.
  writer.statements.get<[string], unknown>(`UPDATE dead_letters SET state = 'resolved' WHERE id = ?`).run(input.letterId)
  for (const failed of input.failures) parkReaction(writer, input.pack, failed)
  for (const d of input.deliveries) {
    writer.statements.get<[string, string, string, string, string, string, number | null, number], unknown>(`
      INSERT INTO deliveries (pack, event_id, key, target, batch, payload, order_no, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (pack, event_id, key) DO NOTHING`)
      .run(input.pack, input.eventId, d.key, d.target, `replay-${input.letterId}`, d.payload, d.orderNo, now)
  }
  return ok({})
})

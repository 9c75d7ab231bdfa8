import type { IssuedCommand } from '#engine/contracts/v1/index.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { eventBodyById } from '#engine/store/event-by-id.ts'
import { command } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'
import { appendStep, orderFacts } from './order-commands.ts'

interface Letter {
  readonly id: string
  readonly pack: string
  readonly event_id: string
  readonly handler: string
  readonly order_no: number | null
  readonly payload: string
}

/** An event of which a reactor had failed, or a command of it that was refused. */
export interface ParkedEvent {
  readonly pack: string
  readonly eventId: string
  readonly orderNo: number | null
  readonly letterId: string
  /** The command of it that was refused; null where the reactor itself had failed. */
  readonly command: IssuedCommand | null
  /** Data that a person put in place of the event's. */
  readonly corrected?: unknown
}

/** Which parked work: these letters, all of a pack, or all that is open. */
export interface ReplayChoice {
  readonly ids?: readonly string[]
  readonly pack?: string
}

/** What a replay job came to so far, kept in the transaction of the page that it tries. */
export interface ReplayProgress {
  /** Of the pack that was asked for; null where it was not one. */
  readonly pack: string | null
  /** Letters that were open as it was asked for; those up to `until` are tried, each once. */
  readonly total: number
  readonly until: string
  /** The last letter that was tried. */
  readonly after: string
  /** Letters that are being tried; what came of them is not counted yet. */
  readonly page: readonly string[]
  readonly settled: number
  readonly parked: number
  /** Why they are parked again, in the words of the last one. */
  readonly again: readonly { readonly pack: string; readonly code: string; readonly message: string; readonly count: number }[]
}

/**
 * Sends parked work back to where it failed: a decision is tried again (attempt + 1), a delivery is due at once, a reactor
 * is asked again for its event, a fold begins again from the first event, for its order counts. The letter is resolved by what comes of it, not here.
 */
export const replayDeadLetters = command<ReplayChoice & {
  readonly after?: string
  readonly until?: string
  /** How many one transaction replays; a larger replay comes in pages. */
  readonly limit?: number
  /** A job that keeps the page with its progress. */
  readonly job?: { readonly jobId: string; readonly progress: ReplayProgress }
}, {
  readonly replayed: readonly string[]
  readonly reactorEvents: readonly ParkedEvent[]
  /** Packs whose tables are to be folded again. */
  readonly folds: readonly string[]
}>((writer, input, invocation) => {
  const pack = input.pack ?? null
  const until = input.until ?? null
  const ids = input.ids === undefined ? null : JSON.stringify(input.ids)
  const letters = writer.statements.get<[string, string | null, string | null, string | null, string | null, string | null, string | null, number], Letter>(`
    SELECT id, pack, event_id, handler, order_no, payload FROM dead_letters
    WHERE state IN ('open', 'replaying') AND id > ? AND (? IS NULL OR id <= ?) AND (? IS NULL OR pack = ?) AND (? IS NULL OR id IN (SELECT value FROM json_each(?)))
    ORDER BY id LIMIT ?`).all(input.after ?? '', until, until, pack, pack, ids, ids, input.limit ?? -1)
  const reactorEvents: ParkedEvent[] = []
  const retried = new Set<number>()
  const folds = new Set<string>()
  for (const letter of letters) {
    writer.statements.get<[string], unknown>(`UPDATE dead_letters SET state = 'replaying' WHERE id = ?`).run(letter.id)
    const isCommand = letter.handler.startsWith('command:')
    if (letter.handler === 'reactor' || isCommand) {
      reactorEvents.push({
        pack: letter.pack, eventId: letter.event_id, orderNo: letter.order_no, letterId: letter.id, command: isCommand ? JSON.parse(letter.payload) as IssuedCommand : null,
        ...(isCommand ? {} : correctionOf(writer, letter.id)),
      })
    } else if (letter.handler === 'fold') {
      folds.add(letter.pack)
    } else if (letter.handler.startsWith('delivery:')) {
      writer.statements.get<[number, string, string, string], unknown>(
        `UPDATE deliveries SET state = 'pending', attempts = 0, next_at = ? WHERE pack = ? AND event_id = ? AND key = ?`)
        .run(writer.clock.now(), letter.pack, letter.event_id, letter.handler.slice('delivery:'.length))
    } else if (letter.order_no !== null && !retried.has(letter.order_no)) {
      retried.add(letter.order_no)
      const row = writer.store.orderByNo(letter.order_no)
      if (row === null) throw new Error('a dead letter without its order')
      if (row.attention !== null && orderFacts(row).needsAttention) {
        appendStep(writer, row, { step: 'retried', attempt: row.attempt + 1 }, null, invocation, row.cause_event)
      } else {
        // The order moved on by other means (cancelled, amended): nothing is left to replay.
        writer.statements.get<[string], unknown>(`UPDATE dead_letters SET state = 'resolved' WHERE id = ?`).run(letter.id)
      }
    }
  }
  const replayed = letters.map(({ id }) => id)
  if (input.job !== undefined) {
    const progress: ReplayProgress = { ...input.job.progress, page: replayed, after: replayed.at(-1) ?? input.job.progress.after }
    writer.statements.get<[string, number, string], unknown>('UPDATE jobs SET progress = ?, updated_at = ? WHERE id = ?').run(JSON.stringify(progress), writer.clock.now(), input.job.jobId)
  }
  return ok({ replayed, reactorEvents, folds: [...folds] })
}, ({ ids, pack }) => ({ ids, pack }))

/** Only what was handed to a pack or is to be sent can be corrected: an order is corrected by amending it, the log never. */
const EDITABLE = (handler: string): boolean => handler === 'reactor' || handler.startsWith('delivery:') || handler.startsWith('command:')

/** Puts another payload in place of one that failed, beside the original, with who and why; then it is tried again like any other. */
export const correctDeadLetter = command<{ readonly id: string; readonly payload: unknown }, Record<string, never>>((writer, input, invocation) => {
  const letter = writer.statements.get<[string], Letter & { readonly attempts: number }>(
    `SELECT id, pack, event_id, handler, order_no, payload, attempts FROM dead_letters WHERE id = ? AND state IN ('open', 'replaying')`).get(input.id)
  if (letter === undefined) return refuse('KS-DEAD-LETTER-UNKNOWN', 'This dead letter is not open.', 'Look at the failures as they are now.')
  if (!EDITABLE(letter.handler)) return refuse('KS-DEAD-LETTER-FIXED', 'What failed here is a decision on an order or a fold of the log; there is nothing to edit.', 'Amend the order, or mend the pack, then try again.')
  if (invocation.reason === null || invocation.reason.trim() === '') return refuse('KS-REASON-MISSING', 'A correction needs a reason.', 'Say why it is corrected.')
  const original = payloadOf(writer, letter)
  const order = letter.order_no === null ? null : writer.store.orderByNo(letter.order_no)
  const { position } = writer.append('keelson.dead-letter.corrected.v1', { deadLetterId: letter.id, original, corrected: input.payload }, invocation, {
    orgpath: order?.orgpath ?? writer.store.rootPath(), ...(order === null ? {} : { orderId: order.id, orderNo: order.order_no }),
  })
  const corrected = JSON.stringify(input.payload)
  writer.statements.get<[string, number, number, string, string], unknown>('INSERT INTO dead_letter_corrections (letter_id, after_try, position, original, corrected) VALUES (?, ?, ?, ?, ?)')
    .run(letter.id, letter.attempts, position, JSON.stringify(original), corrected)
  // Of a command only the input can be another: which command it is, the manifest says.
  const payload = letter.handler.startsWith('command:') ? JSON.stringify({ ...JSON.parse(letter.payload) as IssuedCommand, input: input.payload }) : corrected
  writer.statements.get<[string, string], unknown>('UPDATE dead_letters SET payload = ? WHERE id = ?').run(payload, letter.id)
  if (letter.handler.startsWith('delivery:')) {
    writer.statements.get<[string, string, string, string], unknown>('UPDATE deliveries SET payload = ? WHERE pack = ? AND event_id = ? AND key = ?')
      .run(corrected, letter.pack, letter.event_id, letter.handler.slice('delivery:'.length))
  }
  return ok({})
})

/** What a person put in place of an event's data last, if anybody did. */
function correctionOf(writer: TenantWriter, letterId: string): { readonly corrected?: unknown } {
  const found = writer.statements.get<[string], { corrected: string }>(
    'SELECT corrected FROM dead_letter_corrections WHERE letter_id = ? ORDER BY position DESC LIMIT 1').get(letterId)
  return found === undefined ? {} : { corrected: JSON.parse(found.corrected) as unknown }
}

/** What is tried as it stands: a delivery's payload, a command's input, or the data of the event that a reactor was shown. */
function payloadOf(writer: TenantWriter, { id, pack, event_id: eventId, handler, order_no: orderNo, payload }: Letter): unknown {
  if (handler.startsWith('command:')) return (JSON.parse(payload) as IssuedCommand).input
  const before = correctionOf(writer, id)
  if ('corrected' in before) return before.corrected
  const found = handler === 'reactor' ? eventBodyById(writer.statements, eventId, orderNo)
    : writer.statements.get<[string, string, string], { payload: string }>('SELECT payload FROM deliveries WHERE pack = ? AND event_id = ? AND key = ?').get(pack, eventId, handler.slice('delivery:'.length))?.payload
  if (found == null) throw new Error('a dead letter without what it was about')
  return handler === 'reactor' ? (JSON.parse(found) as EventEnvelope).data : JSON.parse(found) as unknown
}

/** Gives up parked work, with a reason that stays in the log. */
export const discardDeadLetter = command<{ readonly id: string }, Record<string, never>>((writer, input, invocation) => {
  const letter = writer.statements.get<[string], Letter>(`SELECT id, pack, event_id, handler, order_no, payload FROM dead_letters WHERE id = ? AND state IN ('open', 'replaying')`).get(input.id)
  if (letter === undefined) return refuse('KS-DEAD-LETTER-UNKNOWN', 'This dead letter is not open.', 'Look at the failures as they are now.')
  if (invocation.reason === null || invocation.reason.trim() === '') {
    return refuse('KS-REASON-MISSING', 'Giving up parked work needs a reason.', 'Say why it is given up.')
  }
  const order = letter.order_no === null ? null : writer.store.orderByNo(letter.order_no)
  writer.append('keelson.dead-letter.discarded.v1', { deadLetterId: letter.id }, invocation, {
    orgpath: order?.orgpath ?? writer.store.rootPath(), ...(order === null ? {} : { orderId: order.id, orderNo: order.order_no }),
  })
  writer.statements.get<[string], unknown>(`UPDATE dead_letters SET state = 'discarded' WHERE id = ?`).run(letter.id)
  return ok({})
})

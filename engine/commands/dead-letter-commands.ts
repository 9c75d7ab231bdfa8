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

/** How many letters one transaction replays; a larger replay comes in pages. */
export const REPLAY_PAGE = 500

/**
 * Sends parked work back to where it failed: a decision is tried again (attempt + 1), a delivery is due at once, a reactor
 * is asked again for its event, a fold begins again from the first event, for its order counts. The letter is resolved by what comes of it, not here.
 */
export const replayDeadLetters = command<{ readonly ids?: readonly string[]; readonly pack?: string; readonly after?: string }, {
  readonly replayed: readonly string[]
  readonly reactorEvents: readonly ParkedEvent[]
  /** Packs whose tables are to be folded again. */
  readonly folds: readonly string[]
  readonly more: string | null
}>((writer, input, invocation) => {
  const letters = input.ids === undefined
    ? writer.statements.get<[string, string | null, string | null, number], Letter>(`
        SELECT id, pack, event_id, handler, order_no, payload FROM dead_letters
        WHERE state IN ('open', 'replaying') AND id > ? AND (? IS NULL OR pack = ?) ORDER BY id LIMIT ?`).all(input.after ?? '', input.pack ?? null, input.pack ?? null, REPLAY_PAGE)
    : input.ids.map(id => writer.statements.get<[string], Letter>(`
        SELECT id, pack, event_id, handler, order_no, payload FROM dead_letters WHERE id = ? AND state IN ('open', 'replaying')`).get(id)).filter(l => l !== undefined)
  if (input.ids !== undefined && letters.length === 0) {
    return refuse('KS-DEAD-LETTER-UNKNOWN', 'None of these dead letters is open.', 'Look at the failures as they are now.')
  }
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
  const last = letters.at(-1)
  return ok({
    replayed: letters.map(l => l.id), reactorEvents, folds: [...folds],
    more: input.ids === undefined && letters.length === REPLAY_PAGE && last !== undefined ? last.id : null,
  })
})

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

import type { IssuedCommand } from '#engine/contracts/v1/index.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import { command } from './handler.ts'
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

import type { Clock, Ids } from '#engine/core/ports.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Statement, StatementCache } from '#engine/store/sqlite.ts'
import type { CoreEvents, CoreEventType } from './event-types.ts'
import { chainHash, NO_HASH, type LogPosition } from './stored-event.ts'

/** What an event is about, beside its data. */
export interface EventSubject {
  readonly orderId: string | null
  readonly orderNo: number | null
  readonly orgpath: string
}

export interface Appended {
  readonly id: string
  readonly position: number
  readonly timeMs: number
}

/**
 * Appends events to one log, inside the transaction of the caller. The head moves in memory with each append; the caller
 * takes `mark()` before a savepoint and goes back to it with `rewind()` when the savepoint is rolled back.
 */
export class LogWriter {
  readonly #source: string
  readonly #clock: Clock
  readonly #ids: Ids
  readonly #insert: Statement<[number, number, number, string, number | null, string, Uint8Array]>
  #head: LogPosition
  #position: number

  constructor(statements: StatementCache, source: string, clock: Clock, ids: Ids) {
    this.#source = source
    this.#clock = clock
    this.#ids = ids
    this.#insert = statements.get('INSERT INTO events (position, epoch, sequence, type, order_no, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)')
    const last = statements.get<[], { position: number; epoch: number; sequence: number; hash: Uint8Array }>(
      'SELECT position, epoch, sequence, hash FROM events ORDER BY position DESC LIMIT 1',
    ).get()
    this.#head = last === undefined ? { epoch: 1, sequence: 0, hash: NO_HASH } : { epoch: last.epoch, sequence: last.sequence, hash: last.hash }
    this.#position = last?.position ?? 0
  }

  get head(): LogPosition {
    return this.#head
  }

  mark(): { readonly head: LogPosition; readonly position: number } {
    return { head: this.#head, position: this.#position }
  }

  rewind(mark: { readonly head: LogPosition; readonly position: number }): void {
    this.#head = mark.head
    this.#position = mark.position
  }

  append<T extends CoreEventType>(
    type: T, data: CoreEvents[T], about: EventSubject, invocation: Invocation, causationId: string | null,
  ): Appended {
    return this.appendText(type, JSON.stringify(data), about, invocation, causationId)
  }

  /** The same with the data as JSON text, for answers that are text already, and for events of packs. */
  appendText(type: string, data: string, about: EventSubject, invocation: Invocation, causationId: string | null): Appended {
    const timeMs = this.#clock.now()
    const id = this.#ids.next()
    const epoch = type === 'keelson.epoch.began.v1' ? this.#head.epoch + 1 : this.#head.epoch
    const sequence = this.#head.sequence + 1
    const envelope = JSON.stringify({
      specversion: '1.0', id, type, source: this.#source, subject: about.orderId, time: new Date(timeMs).toISOString(),
      epoch, sequence, orgpath: about.orgpath, invocationid: invocation.id, correlationid: invocation.correlationId,
      causationid: causationId, actor: invocation.actor.id, reason: invocation.reason,
      ...(invocation.hops === undefined ? {} : { hops: invocation.hops }),
    })
    const body = `${envelope.slice(0, -1)},"data":${data}}`
    const hash = chainHash(this.#head.hash, body)
    this.#position += 1
    this.#insert.run(this.#position, epoch, sequence, type, about.orderNo, body, hash)
    this.#head = { epoch, sequence, hash }
    return { id, position: this.#position, timeMs }
  }
}

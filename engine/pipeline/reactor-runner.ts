import type { ParkedEvent, ReactionBatch } from '#engine/commands/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { EngineLog } from '#engine/engine.ts'
import type { EventView, Row, RowKey } from '#engine/contracts/v1/index.ts'
import type { Composition, PackUse } from '#engine/packs/composition.ts'
import { askedReactor, type AskedModule } from '#engine/packs/asked-module.ts'
import type { ModuleAnswer, ModuleQuestion, PackHost } from '#engine/packs/pack-host.ts'
import { eventView, storedTypes } from '#engine/log/event-versions.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { FoldRunner } from './fold-runner.ts'
import { BackgroundWork } from './loop.ts'
import type { Timers } from './timers.ts'

const RANGE = 2000

export interface ReactorPorts {
  readonly tenant: string
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly host: PackHost
  readonly log: EngineLog
  readonly timers: Timers
  readonly folds: Pick<FoldRunner, 'foldUpTo' | 'rows'>
  activeComposition(): Promise<Composition | null>
  invocation(): Invocation
  /** Deliveries have been written. */
  onDeliveries(): void
}

/** Shows each reactor the events it reads, in log order, behind its own cursor. One that fails does not hold the others. */
export class ReactorRunner extends BackgroundWork {
  readonly #ports: ReactorPorts

  constructor(ports: ReactorPorts) {
    super('reactors', ports)
    this.#ports = ports
  }

  /** Asks reactors again for events of which they had failed; what comes of each resolves or keeps its dead letter. */
  async replay(parked: readonly ParkedEvent[]): Promise<void> {
    const { tenant, reader, writer } = this.#ports
    const composition = await this.#ports.activeComposition()
    if (composition === null) return
    for (const use of composition.reactors) {
      const own = parked.filter(p => p.pack === use.pack)
      if (own.length === 0) continue
      const envelopes = await reader.read(tenant, 'events-by-id', { ids: own }, 'bulk')
      // An event that this version of the pack does not read any more stays parked.
      const read = envelopes.filter(({ type }) => storedTypes(use.reads).includes(type))
      const answers = await this.#react(composition, use, read.map(event => eventView(event, use.reads)))
      const byEvent = new Map(own.map(p => [p.eventId, p]))
      for (const answer of answers) {
        const letter = byEvent.get(answer.id)
        if (letter === undefined) throw new Error('a reactor answered for an event that nobody showed it')
        await writer.run(tenant, 'resolve-reaction', {
          letterId: letter.letterId, pack: use.pack, eventId: answer.id, orderNo: letter.orderNo, failure: answer.ok ? null : answer.failure,
          deliveries: answer.ok ? deliveriesOf(answer, letter.orderNo) : [],
        }, this.#ports.invocation(), 'bulk')
      }
    }
    this.#ports.onDeliveries()
  }

  protected override async pass(): Promise<void> {
    const composition = await this.#ports.activeComposition()
    if (composition === null) return
    for (const use of composition.reactors) {
      while (!this.loop.stopped && await this.#range(composition, use)) { /* until the cursor is at the head */ }
    }
  }

  async #range(composition: Composition, use: PackUse): Promise<boolean> {
    const { tenant, reader, writer } = this.#ports
    const cursor = `reactor:${use.pack}`
    const range = await reader.read(tenant, 'events-after', { cursor, types: storedTypes(use.reads), limit: RANGE }, 'bulk')
    if (range.to === null) return false
    const answers = await this.#react(composition, use, range.events.map(e => eventView(e.envelope, use.reads)))
    const orderNos = new Map(range.events.map(e => [e.envelope.id, e.orderNo]))
    const deliveries: ReactionBatch['deliveries'][number][] = []
    const failures: ReactionBatch['failures'][number][] = []
    for (const answer of answers) {
      const orderNo = orderNos.get(answer.id) ?? null
      if (answer.ok) deliveries.push(...deliveriesOf(answer, orderNo))
      else failures.push({ eventId: answer.id, orderNo, failure: answer.failure })
    }
    const result = await writer.run(tenant, 'record-reactions', { pack: use.pack, cursor, from: range.from, to: range.to, deliveries, failures },
      this.#ports.invocation(), 'bulk')
    if (!result.ok) throw new Error(`${result.refusal.code} ${result.refusal.message}`)
    if (deliveries.length > 0) this.#ports.onDeliveries()
    return true
  }

  async #react(composition: Composition, use: PackUse, events: readonly EventView[]): Promise<readonly Reaction[]> {
    if (events.length === 0) return []
    const asked = askedReactor(composition, use)
    const keyed = await this.#keys(asked, events)
    const rows = await this.#rows(use.pack, keyed.flatMap(answer => (answer.ok ? answer.answer : [])))
    const questions = events.flatMap((event, i): ModuleQuestion<'react'>[] => {
      const keys = keyed[i]
      return keys?.ok === false ? [] : [{ fn: 'react', subject: event.id, input: { event, rows: (keys?.answer ?? []).map(key => rows.get(JSON.stringify(key)) ?? null) } }]
    })
    const answers = (await this.#ports.host.call(asked, questions)).values()
    return events.map(({ id }, i): Reaction => {
      const keys = keyed[i]
      return { id, ...(keys?.ok === false ? keys : answers.next().value as ModuleAnswer<'react'>) }
    })
  }

  /** The rows that each reaction looks at; a pack without tables has none to ask for. */
  async #keys(asked: AskedModule, events: readonly EventView[]): Promise<readonly ModuleAnswer<'keys'>[]> {
    if (asked.world.tables.length === 0) return []
    return await this.#ports.host.call(asked, events.map((input): ModuleQuestion<'keys'> => ({ fn: 'keys', subject: input.id, input })))
  }

  /** Rows as of the newest event or later. While the pack cannot fold, its reactor waits. */
  async #rows(pack: string, keys: readonly RowKey[]): Promise<Map<string, Row | null>> {
    const distinct = [...new Map(keys.map(key => [JSON.stringify(key), key])).values()]
    if (distinct.length === 0) return new Map()
    const tables = await this.#ports.folds.foldUpTo(pack)
    if (!tables.ok) throw new RefusalError(tables.refusal)
    const rows = await this.#ports.folds.rows(tables.value, distinct)
    return new Map(distinct.map((key, i) => [JSON.stringify(key), rows[i] ?? null]))
  }
}

type Reaction = { readonly id: string } & ModuleAnswer<'react'>

function deliveriesOf(answer: Extract<Reaction, { ok: true }>, orderNo: number | null): ReactionBatch['deliveries'] {
  return answer.answer.deliveries.map(d => ({ eventId: answer.id, key: d.key, target: d.target, payload: JSON.stringify(d.payload), orderNo }))
}

import type { ParkedEvent, ReactionBatch, ReactionFailure } from '#engine/commands/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { EngineLog } from '#engine/engine.ts'
import type { EventView, Row, RowKey } from '#engine/contracts/v1/index.ts'
import type { Composition, PackUse } from '#engine/packs/composition.ts'
import { askedReactor, type AskedModule } from '#engine/packs/asked-module.ts'
import type { ModuleAnswer, ModuleQuestion, PackHost } from '#engine/packs/pack-host.ts'
import { eventView, storedTypes } from '#engine/log/event-versions.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { FoldRunner } from './fold-runner.ts'
import { issueCommands, type IssuedFor, type IssuePorts, type ReactedTo } from './issue-commands.ts'
import { BackgroundWork } from './loop.ts'
import type { Timers } from './timers.ts'

const RANGE = 2000

export interface ReactorPorts extends IssuePorts {
  readonly reader: ReaderPool
  readonly host: PackHost
  readonly log: EngineLog
  readonly timers: Timers
  readonly folds: Pick<FoldRunner, 'foldUpTo' | 'rows'>
  activeComposition(): Promise<Composition | null>
  /** Deliveries have been written. */
  onDeliveries(): void
}

/** What a reactor answered to an event. */
type Reaction = ReactedTo & ModuleAnswer<'react'>

/** Shows each reactor the events it reads, in log order, behind its own cursor. One that fails does not hold the others. */
export class ReactorRunner extends BackgroundWork {
  readonly #ports: ReactorPorts

  constructor(ports: ReactorPorts) {
    super('reactors', ports)
    this.#ports = ports
  }

  /** Asks reactors again for events of which they had failed, and gives refused commands again; what comes of each resolves or keeps its dead letter. */
  async replay(parked: readonly ParkedEvent[]): Promise<void> {
    const { tenant, reader, writer } = this.#ports
    const composition = await this.#ports.activeComposition()
    if (composition === null) return
    for (const use of composition.reactors) {
      const own = parked.filter(p => p.pack === use.pack)
      if (own.length === 0) continue
      const envelopes = await reader.read(tenant, 'events-by-id', { ids: own }, 'bulk')
      // An event that this version of the pack does not read any more stays parked.
      const read = new Map(envelopes.filter(({ type }) => storedTypes(use.reads).includes(type)).map(event => [event.id, event]))
      const again = own.flatMap(letter => {
        const event = read.get(letter.eventId)
        if (event === undefined) return []
        return [{ letter, about: { event, orderNo: letter.orderNo, ...('corrected' in letter ? { corrected: { data: letter.corrected } } : {}) } }]
      })
      const asked = (await this.#react(composition, use, again.flatMap(({ letter, about }) => (letter.command === null ? [about] : [])))).values()
      for (const { letter, about } of again) {
        const reaction: Reaction = letter.command === null ? asked.next().value as Reaction : { ...about, ok: true, answer: { deliveries: [], commands: [letter.command] } }
        const outcome = await this.#carryOut(use, [reaction])
        await writer.run(tenant, 'resolve-reaction', { letterId: letter.letterId, pack: use.pack, eventId: letter.eventId, ...outcome }, this.#ports.invocation(), 'bulk')
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
    const reactions = await this.#react(composition, use, range.events.map(({ envelope, orderNo }) => ({ event: envelope, orderNo })))
    const { deliveries, failures } = await this.#carryOut(use, reactions)
    const result = await writer.run(tenant, 'record-reactions', { pack: use.pack, cursor, from: range.from, to: range.to, deliveries, failures },
      this.#ports.invocation(), 'bulk')
    if (!result.ok) throw new Error(`${result.refusal.code} ${result.refusal.message}`)
    if (deliveries.length > 0) this.#ports.onDeliveries()
    return true
  }

  /** What a reactor answers to each event, in their order. */
  async #react(composition: Composition, use: PackUse, events: readonly ReactedTo[]): Promise<readonly Reaction[]> {
    if (events.length === 0) return []
    const asked = askedReactor(composition, use)
    const views = events.map(({ event, corrected }) => ({ ...eventView(event, use.reads), ...corrected }))
    const keyed = await this.#keys(asked, views)
    const rows = await this.#rows(use.pack, keyed.flatMap(answer => (answer.ok ? answer.answer : [])))
    const questions = views.flatMap((event, i): ModuleQuestion<'react'>[] => {
      const keys = keyed[i]
      return keys?.ok === false ? [] : [{ fn: 'react', subject: event.id, input: { event, rows: (keys?.answer ?? []).map(key => rows.get(JSON.stringify(key)) ?? null) } }]
    })
    const answers = (await this.#ports.host.call(asked, questions)).values()
    return events.map((about, i): Reaction => {
      const keys = keyed[i]
      return { ...about, ...(keys?.ok === false ? keys : answers.next().value as ModuleAnswer<'react'>) }
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

  /** Gives the commands of the answers, before the cursor moves over their events; each counts once. */
  async #carryOut(use: PackUse, reactions: readonly Reaction[]): Promise<Pick<ReactionBatch, 'deliveries' | 'failures'>> {
    const deliveries: ReactionBatch['deliveries'][number][] = []
    const failures: ReactionFailure[] = []
    const commands: IssuedFor[] = []
    for (const reaction of reactions) {
      const { event: { id: eventId }, orderNo } = reaction
      if (!reaction.ok) {
        failures.push({ eventId, orderNo, command: null, failure: reaction.failure })
        continue
      }
      for (const { key, target, payload } of reaction.answer.deliveries) deliveries.push({ eventId, key, target, payload: JSON.stringify(payload), orderNo })
      for (const command of reaction.answer.commands ?? []) commands.push({ about: reaction, command })
    }
    const results = await issueCommands(this.#ports, use.pack, commands)
    for (const [i, { about: { event, orderNo }, command }] of commands.entries()) {
      const result = results[i]
      if (result?.ok === false) failures.push({ eventId: event.id, orderNo, command, failure: result.refusal })
    }
    return { deliveries, failures }
  }
}

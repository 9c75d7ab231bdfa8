import type { EventView, Row, RowKey } from '#engine/contracts/v1/index.ts'
import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { eventView, storedTypes } from '#engine/log/event-versions.ts'
import { NO_HASH, type EventEnvelope, type LogPosition } from '#engine/log/stored-event.ts'
import { askedFold, foldReads, type AskedModule } from '#engine/packs/asked-module.ts'
import type { ModuleUse } from '#engine/packs/composition.ts'
import type { ModuleQuestion, PackHost } from '#engine/packs/pack-host.ts'
import type { FromTables, TablesOf } from '#engine/projections/pack-reads.ts'
import type { Result } from '#engine/core/refusal.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { EngineLog } from '#engine/engine.ts'
import type { RowChange } from '#engine/store/pack-database.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'

const RANGE = 2000
/** Events that the pack is asked about at once. */
const GROUP = 200
/** Rows, and characters of them, after which a step ends early: the writer takes it in one go, and a pack may answer a great deal. */
const MOST_ROWS = 2000
const MOST_CHARACTERS = 16 * 1024 * 1024
/** A pack that cannot fold more events than these is not to be trusted with the rest. */
const MOST_SKIPPED = 1000

export interface FoldPorts {
  readonly tenant: string
  readonly reader: Pick<ReaderPool, 'read'>
  readonly writer: Pick<WriterClient, 'run'>
  readonly host: Pick<PackHost, 'call'>
  readonly log: EngineLog
  /** Events that one step looks at, 2,000 where it is not said. */
  readonly range?: number
  /** Place of the log to stop at; its head where it is not said. */
  readonly upTo?: LogPosition
  invocation(): Invocation
}

type Lane = 'interactive' | 'bulk'
type Version = Pick<ModuleUse, 'pack' | 'version' | 'digest' | 'manifest'>
interface ReadEvent { readonly envelope: EventEnvelope; readonly orderNo: number | null; readonly place: LogPosition }
/** What events made of the rows, and the event after which they were left for the next step. */
interface Folded {
  readonly changes: Map<string, RowChange>
  readonly failures: Failure[]
  cutAfter: ReadEvent | null
}
interface Failure { readonly eventId: string; readonly orderNo: number | null; readonly failure: StepFailure }

/** One event is at fault: it is parked, and the fold goes on without it. Any other failure is the pack's, and the fold waits. */
const OF_ONE_EVENT: ReadonlySet<string> = new Set(['KS-PACK-THREW', 'KS-PACK-ANSWER', 'KS-PACK-TIMEOUT', 'KS-PACK-MEMORY', 'KS-PACK-CRASH', 'KS-PACK-HOST'])

/** The fold of the log into the tables of one pack version: a step at a time, whoever asks for it. */
export class PackFold {
  readonly tables: TablesOf
  readonly #ports: FoldPorts
  readonly #version: Version
  readonly #reads: readonly string[]
  /** Why the pack does not fold at all, or null. */
  blocked: StepFailure | null = null
  skipped = 0
  /** It was folded from the beginning: what it could fold this time is parked no more. */
  wasRebuilt = false
  /** How far the log was read; what lies between the file and this concerns nobody here. */
  #seen: LogPosition | null = null
  #filed: LogPosition | null = null
  #verified = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ports: FoldPorts, version: Version) {
    this.#ports = ports
    this.#version = version
    this.#reads = foldReads(version.manifest)
    this.tables = { version: { pack: version.pack, digest: version.digest }, tables: version.manifest.tables ?? [] }
  }

  get version(): Version {
    return this.#version
  }

  /** The place up to which every event is in the tables, or was none for them. */
  get at(): LogPosition {
    return this.#seen ?? START
  }

  /** Where its file stands, or a place before that. */
  get filed(): LogPosition {
    return this.#filed ?? START
  }

  /** One step; false once there is nothing left, or nothing can be done. `barred`: why the profile does not let the pack be asked. */
  advance(lane: Lane, barred: StepFailure | null): Promise<boolean> {
    const step = this.#turn.then(() => this.#step(lane, barred))
    this.#turn = step.catch(() => undefined)
    return step
  }

  /** Puts the tables aside and begins again, after `meanwhile`: until that has ended nothing is folded. */
  rebuild(meanwhile: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(async () => {
      await this.#setAside('a person asked for it')
      await meanwhile()
    })
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #step(lane: Lane, barred: StepFailure | null): Promise<boolean> {
    const { tenant, reader } = this.#ports
    this.blocked = barred
    if (barred !== null) return false
    const at = this.#seen ?? await this.#find(lane)
    if (at === null) return true
    const { range: most = RANGE, upTo } = this.#ports
    const limit = upTo === undefined ? most : Math.min(most, upTo.sequence - at.sequence)
    if (limit <= 0) return false
    const range = await reader.read(tenant, 'events-since', { at, types: storedTypes(this.#reads), limit, pack: this.#version.pack }, lane)
    if (range.offChain) {
      await this.#setAside('it does not stand on this log')
      return true
    }
    if (range.to === null) return false
    if (range.events.length === 0 && !range.more) {
      this.#seen = range.to
      return false
    }
    const reached = await this.#fold(range.events, range.to, lane)
    return reached === null ? this.blocked === null : range.more || reached !== range.to
  }

  /** Where the file stands, after a look whether it is whole. Null: it was not, and is begun anew. */
  async #find(lane: Lane): Promise<LogPosition | null> {
    const { tenant, reader } = this.#ports
    if (!this.#verified) {
      const whole = await reader.read(tenant, 'tables-whole', this.tables, 'housekeeping')
      this.#verified = true
      if (whole.damaged || whole.value === false) {
        await this.#setAside('it is damaged')
        return null
      }
    }
    const cursor = await this.#whole(await reader.read(tenant, 'tables-cursor', this.tables, lane))
    if (cursor === undefined) return null
    this.skipped = cursor?.skipped ?? 0
    this.#filed = cursor ?? START
    this.#seen = this.#filed
    return this.#seen
  }

  /** How far it came; null where nothing was written: the file is elsewhere or damaged, or the pack does not answer. */
  async #fold(events: readonly ReadEvent[], end: LogPosition, lane: Lane): Promise<LogPosition | null> {
    const { tenant, writer } = this.#ports
    const folded = await this.#ask(events, lane)
    if (folded === null) return null
    const { changes, failures } = folded
    const to = folded.cutAfter?.place ?? end
    if (failures.length > 0) {
      if (this.skipped + failures.length > MOST_SKIPPED) {
        this.blocked = { ...(failures[0] as Failure).failure, code: 'KS-PACK-FOLD', message: `${this.#version.pack} cannot fold more than ${MOST_SKIPPED} events.`, remedy: 'Install a version of the pack that can.' }
        return null
      }
      await this.#done(writer.run(tenant, 'park-folds', { pack: this.#version.pack, failures }, this.#ports.invocation(), lane))
    }
    const { state } = await this.#done(writer.run(tenant, 'record-fold', {
      ...this.tables, from: this.#filed ?? START, to, changes: [...changes.values()], skipped: failures.map(({ eventId, failure }) => ({ eventId, code: failure.code })),
    }, this.#ports.invocation(), lane))
    if (state === 'damaged') await this.#setAside('it is damaged')
    if (state !== 'moved') {
      this.#forget()
      return null
    }
    this.skipped += failures.length
    this.#seen = this.#filed = to
    return to
  }

  /** Null where the pack does not answer at all, or its rows cannot be read. */
  async #ask(events: readonly ReadEvent[], lane: Lane): Promise<Folded | null> {
    const folded: Folded = { changes: new Map(), failures: [], cutAfter: null }
    const rows = new Map<string, Row | null>()
    let characters = 0
    for (let at = 0; at < events.length; at += GROUP) {
      const group = events.slice(at, at + GROUP)
      const added = await this.#askGroup(group, rows, folded, lane)
      if (added === null) return null
      characters += added
      const left = at + GROUP < events.length
      if (left && (folded.changes.size > MOST_ROWS || characters > MOST_CHARACTERS)) {
        folded.cutAfter = group.at(-1) ?? null
        break
      }
    }
    return folded
  }

  /** `rows` are as the groups before have left them. Says how many characters the answers had; null where the pack or the file is at fault. */
  async #askGroup(events: readonly ReadEvent[], rows: Map<string, Row | null>, { changes, failures }: Folded, lane: Lane): Promise<number | null> {
    const { host } = this.#ports
    const asked = askedFold(this.#version) as AskedModule
    const fail = ({ envelope, orderNo }: ReadEvent, failure: StepFailure): boolean => {
      if (this.#isOfOneEvent(failure)) failures.push({ eventId: envelope.id, orderNo, failure })
      return this.blocked === null
    }
    const views = events.map(({ envelope }) => eventView(envelope, this.#reads))
    const keyed = await host.call(asked, views.map((input): ModuleQuestion<'keys'> => ({ fn: 'keys', subject: input.id, input })))
    const concerned: { readonly event: ReadEvent; readonly view: EventView; readonly keys: readonly RowKey[] }[] = []
    for (const [i, answer] of keyed.entries()) {
      const event = events[i] as ReadEvent
      if (!answer.ok && !fail(event, answer.failure)) return null
      if (answer.ok && answer.answer.length > 0) concerned.push({ event, view: views[i] as EventView, keys: answer.answer })
    }
    if (!await this.#read(concerned.flatMap(({ keys }) => keys), rows, lane)) return null
    const folded = await host.call(asked, concerned.map(({ view, keys }): ModuleQuestion<'fold'> =>
      ({ fn: 'fold', subject: view.id, input: { event: view, keys, rows: keys.map(key => rows.get(JSON.stringify(key)) ?? null) } })))
    let characters = 0
    for (const [i, answer] of folded.entries()) {
      const { event, keys } = concerned[i] as typeof concerned[number]
      if (!answer.ok && !fail(event, answer.failure)) return null
      if (!answer.ok) continue
      for (const [k, key] of keys.entries()) {
        const row = answer.answer[k] ?? null
        rows.set(JSON.stringify(key), row)
        changes.set(JSON.stringify(key), { key, row })
        characters += row === null ? 0 : JSON.stringify(row).length
      }
    }
    return characters
  }

  #isOfOneEvent(failure: StepFailure): boolean {
    if (OF_ONE_EVENT.has(failure.code)) return true
    this.blocked = failure
    return false
  }

  /** Reads what is not known yet. False where the file was damaged. */
  async #read(keys: readonly RowKey[], rows: Map<string, Row | null>, lane: Lane): Promise<boolean> {
    const unknown = [...new Map(keys.map(key => [JSON.stringify(key), key])).entries()].filter(([text]) => !rows.has(text))
    if (unknown.length === 0) return true
    const read = await this.#whole(await this.#ports.reader.read(this.#ports.tenant, 'pack-rows', { ...this.tables, keys: unknown.map(([, key]) => key) }, lane))
    if (read === undefined) return false
    for (const [i, [text]] of unknown.entries()) rows.set(text, read?.rows[i] ?? null)
    return true
  }

  /** Undefined where the file was damaged, and is put aside now. */
  async #whole<T>(read: FromTables<T>): Promise<T | null | undefined> {
    if (!read.damaged) return read.value
    await this.#setAside('it is damaged')
    return undefined
  }

  async #setAside(why: string): Promise<void> {
    const { tenant, writer, log } = this.#ports
    const { pack, digest } = this.#version
    log.warn({ tenant, pack, digest, why }, 'the tables of a pack are put aside and folded again from the log')
    await this.#done(writer.run(tenant, 'set-aside-tables', { pack, digest }, this.#ports.invocation(), 'bulk'))
    this.#forget()
    this.wasRebuilt = true
  }

  #forget(): void {
    this.#seen = null
    this.#filed = null
    this.skipped = 0
  }

  async #done<T>(result: Promise<Result<T>>): Promise<T> {
    const done = await result
    if (!done.ok) throw new Error(`${done.refusal.code} ${done.refusal.message}`)
    return done.value
  }
}

export const START: LogPosition = { epoch: 1, sequence: 0, hash: NO_HASH }

import type { Clock } from '#engine/core/ports.ts'
import type { Refusal, Result } from '#engine/core/refusal.ts'
import { OUT_OF_REACH, REFUSED, waitAfter } from './back-off.ts'
import { CentralClient } from './central-client.ts'
import { enrol, type EnrolCall } from './enrol.ts'
import { loadSigningKey } from './keys.ts'
import type { Enrolment, EventSource, SiteIdentity, SyncLog, SyncStateStore, Timers } from './ports.ts'
import { pushStream, WINDOW } from './push-stream.ts'
import { countUnsent, START } from './unsent.ts'

export interface PusherParts {
  readonly identity: SiteIdentity
  readonly source: EventSource
  readonly state: SyncStateStore
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly timers: Timers
  /** In [0, 1): spreads the retries of many sites. */
  readonly random: () => number
  readonly log: SyncLog
}

export type SyncState = 'not-enrolled' | 'in-step' | 'pushing' | 'out-of-reach' | 'refused' | 'fork'

/** For the status bar and the site's status page. */
export interface SyncStatus {
  readonly central: string | null
  readonly state: SyncState
  readonly unsent: number
  readonly oldestUnsentAt: string | null
  readonly lastContactAt: string | null
  /** Why nothing moves, and what to do; null while all is well. */
  readonly refusal: Refusal | null
  /** The oldest unsent event waits longer than it should. */
  readonly overdue: boolean
  /** Overdue though central can be reached, and nothing moves: an alarm, with its reason in `refusal`. */
  readonly stalled: boolean
  readonly streams: readonly { readonly tenant: string; readonly unsent: number; readonly oldestUnsentAt: string | null; readonly refusal: Refusal | null }[]
}

export interface SitePusher {
  start(): void
  /** New events are on disk. Cheap: call it after every commit. */
  notify(): void
  /** Tries at once, whatever the back-off says, and returns when in step or stuck. */
  pushNow(): Promise<{ readonly pushed: number; readonly pending: number; readonly refusal: Refusal | null }>
  /** Enrols at a central, keeps the enrolment and begins to push. */
  enrol(call: EnrolCall): Promise<Result<{ readonly enrolment: Enrolment; readonly fingerprint: string }>>
  status(): Promise<SyncStatus>
  close(): Promise<void>
}

/** Events of one commit seldom come alone: waits this long for more before it sends. */
const GATHER_MS = 25
const WATCHDOG_MS = 60_000
const OVERDUE_MS = 15 * 60_000
const REPORT_AGAIN_MS = 60 * 60_000

/** Timers of the process; they do not keep it alive. */
export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export function createSitePusher(parts: PusherParts): SitePusher {
  return new Pusher(parts)
}

/** What stands in the way of the whole site. */
interface Trouble {
  readonly kind: 'unreachable' | 'refused'
  readonly refusal: Refusal
}

interface StuckStream {
  readonly refusal: Refusal
  readonly failures: number
  readonly retryAtMs: number
}

/** Runs rounds: each sends all streams until in step. One round at a time; what arrives meanwhile starts another. */
class Pusher implements SitePusher {
  readonly #parts: PusherParts
  readonly #stuck = new Map<string, StuckStream>()
  #client: { readonly enrolment: Enrolment; readonly client: CentralClient } | null = null
  #round: Promise<number> | null = null
  #again = false
  #cancelNext: (() => void) | null = null
  #cancelWatchdog: (() => void) | null = null
  /** Why the whole site is stuck, and how often in a row. */
  #trouble: { readonly kind: 'out-of-reach' | 'refused'; readonly refusal: Refusal; readonly failures: number } | null = null
  #lastContactMs: number | null = null
  /** Since when central can be reached, and when each stream last moved: a queue that was let through again is not stalled. */
  #inReachSinceMs: number
  readonly #movedMs = new Map<string, number>()
  #reported: { readonly stalled: boolean; readonly atMs: number } | null = null
  #closed = false

  constructor(parts: PusherParts) {
    this.#parts = parts
    this.#inReachSinceMs = parts.clock.now()
  }

  start(): void {
    this.#watch()
    this.#wakeIn(0)
  }

  notify(): void {
    if (this.#round !== null) this.#again = true
    // While something stands in the way, its own timer decides: new events do not make central reachable.
    else if (this.#trouble === null && this.#cancelNext === null) this.#wakeIn(GATHER_MS)
  }

  async pushNow(): Promise<{ readonly pushed: number; readonly pending: number; readonly refusal: Refusal | null }> {
    if (this.#round !== null) await this.#round
    this.#stuck.clear()
    this.#clear()
    const pushed = await this.#run()
    const { unsent, refusal } = await this.status()
    return { pushed, pending: unsent, refusal }
  }

  async enrol(call: EnrolCall): Promise<Result<{ readonly enrolment: Enrolment; readonly fingerprint: string }>> {
    const { identity, state, log } = this.#parts
    const result = await enrol(call, identity, this.#parts)
    if (!result.ok) return result
    await state.saveEnrolment(result.value.enrolment)
    log.info({ site: identity.site, centralKeyId: result.value.enrolment.centralKeyId }, 'enrolled at central')
    this.#stuck.clear()
    this.#clear()
    this.#wakeIn(0)
    return result
  }

  async status(): Promise<SyncStatus> {
    const { source, state, clock } = this.#parts
    const enrolment = await state.enrolment()
    const streams: { tenant: string; unsent: number; oldestUnsentAt: string | null; stalled: boolean; refusal: Refusal | null }[] = []
    for (const tenant of await source.tenants()) {
      const { count, oldestAt } = await countUnsent(source, tenant, (await state.cursor(tenant))?.position ?? START)
      const stalled = enrolment !== null && oldestAt !== null && this.#isStalled(tenant, oldestAt)
      streams.push({ tenant, unsent: count, oldestUnsentAt: oldestAt, stalled, refusal: this.#stuck.get(tenant)?.refusal ?? (stalled ? stalledRefusal(count, oldestAt) : null) })
    }
    const unsent = streams.reduce((sum, stream) => sum + stream.unsent, 0)
    const oldestUnsentAt = streams.map((stream) => stream.oldestUnsentAt).filter((at) => at !== null).sort()[0] ?? null
    const refusal = this.#trouble?.refusal ?? worst(streams.map((stream) => stream.refusal))
    return {
      central: enrolment?.central ?? null,
      state: enrolment === null ? 'not-enrolled' : this.#stateOf(refusal, unsent),
      stalled: streams.some((stream) => stream.stalled),
      unsent, oldestUnsentAt, refusal: enrolment === null ? null : refusal, streams,
      lastContactAt: this.#lastContactMs === null ? null : new Date(this.#lastContactMs).toISOString(),
      overdue: enrolment !== null && oldestUnsentAt !== null && clock.now() - Date.parse(oldestUnsentAt) > OVERDUE_MS,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelNext?.()
    this.#cancelWatchdog?.()
    this.#client?.client.close()
    await this.#round
  }

  #stateOf(refusal: Refusal | null, unsent: number): SyncState {
    if (refusal?.code === 'KS-SYNC-FORK') return 'fork'
    if (this.#trouble?.kind === 'out-of-reach') return 'out-of-reach'
    if (refusal !== null && refusal.code !== STALLED) return 'refused'
    return unsent > 0 ? 'pushing' : 'in-step'
  }

  #isStalled(tenant: string, oldestAt: string): boolean {
    if (this.#trouble?.kind === 'out-of-reach') return false
    const sinceMs = Math.max(Date.parse(oldestAt), this.#inReachSinceMs, this.#movedMs.get(tenant) ?? 0)
    return this.#parts.clock.now() - sinceMs > OVERDUE_MS
  }

  #wakeIn(ms: number): void {
    if (this.#closed) return
    this.#cancelNext?.()
    this.#cancelNext = this.#parts.timers.after(ms, () => {
      this.#cancelNext = null
      void this.#run()
    })
  }

  /** Number of events that central took. Never rejects: what goes wrong becomes the pusher's state and a retry. */
  #run(): Promise<number> {
    if (this.#round !== null) {
      this.#again = true
      return this.#round
    }
    this.#cancelNext?.()
    this.#cancelNext = null
    this.#round = this.#push().finally(() => {
      this.#round = null
      this.#schedule()
    })
    return this.#round
  }

  #schedule(): void {
    const again = this.#again
    this.#again = false
    const retries = [...this.#stuck.values()].map((stream) => Math.max(0, stream.retryAtMs - this.#parts.clock.now()))
    if (this.#trouble !== null) {
      const backOff = this.#trouble.kind === 'out-of-reach' ? OUT_OF_REACH : REFUSED
      this.#wakeIn(waitAfter(this.#trouble.failures, backOff, this.#parts.random()))
    } else if (again) this.#wakeIn(GATHER_MS)
    else if (retries.length > 0) this.#wakeIn(Math.min(...retries))
  }

  async #push(): Promise<number> {
    let pushed = 0
    const onAccepted = (tenant: string, events: number): void => {
      pushed += events
      this.#lastContactMs = this.#parts.clock.now()
      if (events > 0) this.#movedMs.set(tenant, this.#lastContactMs)
    }
    try {
      const enrolment = await this.#parts.state.enrolment()
      if (enrolment === null) return 0
      // Kept connections may have died unnoticed: that alone does not mean out of reach.
      let stale = this.#trouble === null ? WINDOW : 0
      let outcome = await this.#pushAll(enrolment, onAccepted)
      for (; outcome?.kind === 'unreachable' && stale > 0 && !this.#closed; stale -= 1) {
        this.#client = null
        outcome = await this.#pushAll(enrolment, onAccepted)
      }
      if (outcome === null) this.#clear()
      else if (!this.#closed) this.#fail(outcome.kind === 'unreachable' ? 'out-of-reach' : 'refused', outcome.refusal)
    } catch (error) {
      this.#fail('out-of-reach', failure(error))
      this.#parts.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'sync failed on this site')
    }
    return pushed
  }

  /** Sends every stream; null when all are in step or stuck on their own, else what stands in the way of the whole site. */
  async #pushAll(enrolment: Enrolment, onAccepted: (tenant: string, events: number) => void): Promise<Trouble | null> {
    const client = await this.#connect(enrolment)
    if (!(client instanceof CentralClient)) return client
    const { identity, source, state, clock } = this.#parts
    for (const tenant of await source.tenants()) {
      if ((this.#stuck.get(tenant)?.retryAtMs ?? 0) > clock.now()) continue
      const outcome = await pushStream(tenant, { site: identity.site, enrolment, client, source, state, stopped: () => this.#closed, onAccepted: (events) => onAccepted(tenant, events) })
      if (outcome.kind === 'unreachable' || (outcome.kind === 'refused' && outcome.scope === 'site')) return outcome
      if (outcome.kind === 'stopped') return null
      this.#lastContactMs ??= clock.now()
      if (outcome.kind === 'in-step') this.#stuck.delete(tenant)
      else this.#getStuck(tenant, outcome.refusal)
    }
    return null
  }

  #getStuck(tenant: string, refusal: Refusal): void {
    const failures = (this.#stuck.get(tenant)?.failures ?? 0) + 1
    const retryAtMs = this.#parts.clock.now() + waitAfter(failures, REFUSED, this.#parts.random())
    this.#stuck.set(tenant, { refusal, failures, retryAtMs })
    this.#parts.log.error({ tenant, code: refusal.code, values: refusal.values }, 'a stream is stuck')
  }

  /** A client that has greeted this central since the last trouble, which forgets it. */
  async #connect(enrolment: Enrolment): Promise<CentralClient | Trouble> {
    const known = this.#client
    if (known !== null && known.enrolment.central === enrolment.central && known.enrolment.centralKeyId === enrolment.centralKeyId) {
      return known.client
    }
    const client = new CentralClient(enrolment.central, { ...this.#parts, key: loadSigningKey(this.#parts.identity.privateKey) })
    this.#client = { enrolment, client }
    const hello = await client.hello()
    if (hello.kind === 'unreachable') return hello
    this.#lastContactMs = this.#parts.clock.now()
    if (hello.kind === 'refused') return hello
    return hello.value.publicKey === enrolment.centralPublicKey ? client : { kind: 'refused', refusal: otherCentral(enrolment.central) }
  }

  #clear(): void {
    if (this.#trouble?.kind === 'out-of-reach') this.#inReachSinceMs = this.#parts.clock.now()
    this.#trouble = null
  }

  #fail(kind: 'out-of-reach' | 'refused', refusal: Refusal): void {
    const before = this.#trouble
    const failures = before?.kind === kind ? before.failures + 1 : 1
    if (before?.kind === 'out-of-reach' && kind === 'refused') this.#inReachSinceMs = this.#parts.clock.now()
    this.#trouble = { kind, refusal, failures }
    this.#client = null
    if (failures === 1) this.#parts.log.warn({ code: refusal.code, values: refusal.values }, `sync: ${kind}`)
  }

  /** Looks at the age of the queue: wakes what no timer would wake, and says when events wait too long. */
  #watch(): void {
    if (this.#closed) return
    this.#cancelWatchdog = this.#parts.timers.after(WATCHDOG_MS, () => {
      void this.#inspect().finally(() => this.#watch())
    })
  }

  async #inspect(): Promise<void> {
    try {
      const { unsent, overdue, stalled, oldestUnsentAt, state, refusal } = await this.status()
      if (unsent > 0 && state !== 'not-enrolled' && this.#round === null && this.#cancelNext === null) this.#wakeIn(0)
      this.#report(overdue, stalled, { unsent, oldestUnsentAt, state, code: refusal?.code ?? null })
    } catch (error) {
      this.#parts.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'the queue for central cannot be read')
    }
  }

  /** At once when it gets worse, then every hour: an alarm that fills the log is not read. */
  #report(overdue: boolean, stalled: boolean, fields: Readonly<Record<string, unknown>>): void {
    const nowMs = this.#parts.clock.now()
    if (!overdue && !stalled) this.#reported = null
    else if (this.#reported === null || (stalled && !this.#reported.stalled) || nowMs - this.#reported.atMs > REPORT_AGAIN_MS) {
      this.#reported = { stalled, atMs: nowMs }
      if (stalled) this.#parts.log.error(fields, 'the queue for central is stalled, though central can be reached')
      else this.#parts.log.warn(fields, 'events wait too long for central')
    }
  }
}

const STALLED = 'KS-SYNC-STALLED'

function stalledRefusal(unsent: number, oldestAt: string): Refusal {
  return {
    code: STALLED, message: `${unsent} events wait since ${oldestAt}, though central can be reached.`,
    remedy: 'Send now: `keelson sync` says what stands in the way. If it goes on, look at the log of this site and at central. Nothing is lost.', values: { unsent, oldestAt },
  }
}

function worst(refusals: readonly (Refusal | null)[]): Refusal | null {
  return refusals.find((refusal) => refusal?.code === 'KS-SYNC-FORK') ?? refusals.find((refusal) => refusal !== null) ?? null
}

function otherCentral(central: string): Refusal {
  return {
    code: 'KS-SYNC-CENTRAL-CHANGED', message: `What answers at ${central} is not the central that this site is enrolled at: its key is another.`,
    remedy: 'Check the address. If central was set up anew, enrol this site again with a new code.',
  }
}

function failure(error: unknown): Refusal {
  return {
    code: 'KS-SYNC-FAILED', message: `The site could not send: ${error instanceof Error ? error.message : String(error)}.`,
    remedy: 'Look at the log and run `keelson doctor`. The site tries again by itself; no event is lost.',
  }
}

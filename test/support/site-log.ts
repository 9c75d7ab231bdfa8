import { chainHash, type LogPosition, type StoredEvent } from '#engine/log/stored-event.ts'
import type { EventRange } from '#engine/sync/event-range.ts'
import { streamSource } from '#engine/sync/protocol.ts'
import type { Enrolment, EventSource, SyncCursor, SyncStateStore } from '#engine/sync/ports.ts'
import type { SyncReceipt } from '#engine/sync/receipt.ts'
import { START } from '#engine/sync/unsent.ts'

/** Logs of a site with a valid chain, made to order. Copies share nothing: a copy is a site restored or cloned. */
export class SiteLog implements EventSource {
  readonly site: string
  readonly #logs: Map<string, StoredEvent[]>

  constructor(site: string, logs: ReadonlyMap<string, readonly StoredEvent[]> = new Map()) {
    this.site = site
    this.#logs = new Map([...logs].map(([tenant, events]) => [tenant, [...events]]))
  }

  append(tenant: string, count: number, mark = ''): this {
    for (let i = 0; i < count; i += 1) {
      const { epoch, sequence } = this.#head(tenant)
      this.#add(tenant, epoch, sequence + 1, 'keelson.order.submitted.v1', { revision: 1, mark, text: `Größe ${sequence} "x" \n 注文` })
    }
    return this
  }

  /** Goes on in a new epoch from the event with sequence `from`, as restoring a backup of then does. */
  beginEpoch(tenant: string, from = this.#head(tenant).sequence, epoch = this.#head(tenant).epoch + 1, why = 'restored'): this {
    const kept = this.#events(tenant).filter((event) => event.sequence <= from)
    this.#logs.set(tenant, kept)
    const parent = this.#head(tenant)
    this.#add(tenant, epoch, parent.sequence + 1, 'keelson.epoch.began.v1', {
      parent: { epoch: parent.epoch, sequence: parent.sequence, hash: Buffer.from(parent.hash).toString('hex') }, why,
    })
    return this
  }

  copy(): SiteLog {
    return new SiteLog(this.site, this.#logs)
  }

  all(tenant: string): readonly StoredEvent[] {
    return this.#events(tenant)
  }

  async tenants(): Promise<readonly string[]> {
    return [...this.#logs.keys()]
  }

  async head(tenant: string): Promise<LogPosition | null> {
    return this.#events(tenant).length === 0 ? null : this.#head(tenant)
  }

  async read(tenant: string, epoch: number, afterSequence: number, limit: number): Promise<EventRange | null> {
    // Sequences run on from 1 without holes, so an event lies at its sequence less one.
    const found = this.#events(tenant).slice(afterSequence).filter((event) => event.epoch === epoch).slice(0, limit)
    const [first, last] = [found[0], found.at(-1)]
    if (first === undefined || last === undefined) return null
    return {
      epoch, firstSequence: first.sequence, count: found.length, firstHash: first.hash,
      last: { epoch, sequence: last.sequence, hash: last.hash }, bodies: Buffer.from(found.map((event) => event.body).join('\n'), 'utf8'),
    }
  }

  async hashAt(tenant: string, epoch: number, sequence: number): Promise<Uint8Array | null> {
    const event = this.#events(tenant)[sequence - 1]
    return event?.epoch === epoch ? event.hash : null
  }

  #events(tenant: string): StoredEvent[] {
    return this.#logs.get(tenant) ?? []
  }

  #head(tenant: string): LogPosition {
    return this.#events(tenant).at(-1) ?? START
  }

  #add(tenant: string, epoch: number, sequence: number, type: string, data: unknown): void {
    const body = JSON.stringify({
      specversion: '1.0', id: `${tenant}-${epoch}-${sequence}`, type, source: streamSource(this.site, tenant), subject: `order-${sequence}`,
      time: new Date(1_790_000_000_000 + sequence * 1_000).toISOString(), epoch, sequence, orgpath: '/acme/uk', invocationid: `invocation-${sequence}`,
      correlationid: `correlation-${sequence}`, causationid: null, actor: 'cli:test', reason: null, data,
    })
    const events = this.#events(tenant)
    events.push({ epoch, sequence, body, hash: chainHash(this.#head(tenant).hash, body) })
    this.#logs.set(tenant, events)
  }
}

/** Sync state that a test can look into. */
export class MemoryState implements SyncStateStore {
  readonly cursors = new Map<string, SyncCursor>()
  saved: Enrolment | null = null

  async enrolment(): Promise<Enrolment | null> {
    return this.saved
  }

  async saveEnrolment(enrolment: Enrolment): Promise<void> {
    this.saved = enrolment
  }

  async cursor(tenant: string): Promise<SyncCursor | null> {
    return this.cursors.get(tenant) ?? null
  }

  async saveCursor(tenant: string, position: LogPosition, receipt: SyncReceipt | null): Promise<void> {
    this.cursors.set(tenant, { position, receipt })
  }
}

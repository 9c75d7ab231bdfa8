import type { LogPosition } from '#engine/log/stored-event.ts'
import type { CodeRecord } from '#engine/sync/enrol-code.ts'
import type { CentralDatabase, CentralDb, EventColumns } from './central-database.ts'
import { decideAppend, type AppendDecision, type HeldStream } from './decide-append.ts'
import { takeCounter } from './replay-window.ts'
import { Turns } from './turns.ts'
import { packedFrom, valueAt } from './packed-values.ts'
import type { VerifiedBatch } from './verify-batch.ts'

export interface EnrolledSite {
  readonly site: string
  readonly name: string
  readonly keyId: string
  readonly publicKey: string
}

export interface StoredCode extends CodeRecord {
  /** The only site that may use it; null for any new one. */
  readonly site: string | null
  readonly expiresAt: string
  readonly usedBySite: string | null
  readonly usedByKey: string | null
}

/** Why a request does not count: its number was taken before, or its key was replaced since. */
export type NotTaken = { readonly kind: 'replayed'; readonly counter: number } | { readonly kind: 'key-replaced' }

/** What came of a batch: where the stream stands now, or why it does not move. */
export type AppendOutcome =
  | { readonly kind: 'stored'; readonly head: LogPosition; readonly appended: number }
  | NotTaken
  | { readonly kind: 'gap'; readonly head: LogPosition | null }
  | { readonly kind: 'fork'; readonly epoch: number; readonly sequence: number | null; /** The first event of an epoch after the first. */ readonly beginning: boolean; readonly head: LogPosition }

export interface StreamSummary {
  readonly site: string
  readonly tenant: string
  readonly head: LogPosition
  readonly state: 'open' | 'quarantined'
  /** How far the site's own log was when it last sent. */
  readonly siteHead: { readonly epoch: number; readonly sequence: number }
  readonly receivedAt: string
  readonly forks: readonly { readonly sequence: number; readonly knownHash: Uint8Array; readonly otherHash: Uint8Array; readonly seenAt: string }[]
}

/** Central's statements. Each method is one transaction; nothing is answered before it is committed. */
export class CentralStore {
  readonly #database: CentralDatabase
  readonly #turns = new Turns()
  readonly #siteByKey = new Map<string, EnrolledSite>()

  constructor(database: CentralDatabase) {
    this.#database = database
  }

  /** Remembered, so that the requests of a site do not overtake each other here; whether its key still counts, `append` decides. */
  async siteByKey(keyId: string): Promise<EnrolledSite | null> {
    const known = this.#siteByKey.get(keyId)
    if (known !== undefined) return known
    const row = await this.#database.db.selectFrom('site').selectAll().where('key_id', '=', keyId).executeTakeFirst()
    if (row === undefined) return null
    const site = { site: row.site, name: row.name, keyId: row.key_id, publicKey: row.public_key }
    this.#siteByKey.set(keyId, site)
    return site
  }

  /** False when a code of that name exists already. */
  async addCode(code: CodeRecord, site: string | null, now: string, expiresAt: string): Promise<boolean> {
    const added = await this.#database.db.insertInto('enrol_code').values({
      code_id: code.codeId, code_key: code.codeKey, site, created_at: now, expires_at: expiresAt, used_at: null, used_by_site: null, used_by_key: null,
    }).onConflict((conflict) => conflict.column('code_id').doNothing()).executeTakeFirst()
    return added.numInsertedOrUpdatedRows === 1n
  }

  async code(codeId: string): Promise<StoredCode | null> {
    return await findCode(this.#database.db, codeId)
  }

  /**
   * Enrols a site with a code, once; the same site and key again is the same enrolment, since its answer may have been
   * lost. A known site gets a new key only by a code that was made for it.
   */
  async enrol(codeId: string, site: Omit<EnrolledSite, 'keyId'>, keyId: string, now: string): Promise<'enrolled' | 'code-used' | 'site-taken' | 'key-taken'> {
    return await this.#database.transaction(async (tx) => {
      const code = await findCode(tx, codeId)
      if (code === null) return 'code-used'
      if (code.usedBySite !== null) return code.usedBySite === site.site && code.usedByKey === keyId ? 'enrolled' : 'code-used'
      const known = await tx.selectFrom('site').select('key_id').where('site', '=', site.site).executeTakeFirst()
      const holder = await tx.selectFrom('site').select('site').where('key_id', '=', keyId).executeTakeFirst()
      if (holder !== undefined && holder.site !== site.site) return 'key-taken'
      if (known !== undefined && known.key_id !== keyId && code.site !== site.site) return 'site-taken'
      const used = await tx.updateTable('enrol_code').set({ used_at: now, used_by_site: site.site, used_by_key: keyId })
        .where('code_id', '=', codeId).where('used_at', 'is', null).executeTakeFirst()
      if (used.numUpdatedRows !== 1n) return 'code-used'
      const fresh = known?.key_id === keyId ? {} : { key_id: keyId, public_key: site.publicKey, counter: 0, counters_seen: 0 }
      await tx.insertInto('site').values({
        site: site.site, name: site.name, key_id: keyId, public_key: site.publicKey, counter: 0, counters_seen: 0, enrolled_at: now, last_seen_at: now,
      }).onConflict((conflict) => conflict.column('site').doUpdateSet({ name: site.name, last_seen_at: now, ...fresh })).execute()
      return 'enrolled'
    })
  }

  /** Checks and stores a batch: events, head, replay window and a fork that it shows, all in one transaction. */
  async append(keyId: string, counter: number, batch: VerifiedBatch, now: string): Promise<AppendOutcome> {
    const { site, tenant } = batch.header
    // Several connections to the database would let one batch of a site overtake another, and that is a gap.
    return await this.#turns.take(site, () => this.#database.transaction(async (tx) => {
      const refused = await this.#take(tx, keyId, counter, now)
      if (refused !== null) return refused
      const streams = await heldStreams(tx, site, tenant)
      const decision = await decideAppend(batch, { streams, hashAt: (epoch, sequence) => hashAt(tx, streams, epoch, sequence) })
      return await this.#carryOut(tx, decision, batch, now)
    }))
  }

  /** Takes the counter of a request that changes nothing else; null when fine. */
  async takeCounter(keyId: string, counter: number, now: string): Promise<NotTaken | null> {
    return await this.#database.transaction((tx) => this.#take(tx, keyId, counter, now))
  }

  async heads(site: string): Promise<readonly { readonly tenant: string; readonly head: LogPosition; readonly receivedAt: string }[]> {
    const rows = await this.#database.db.selectFrom('stream').select(['tenant', 'epoch', 'sequence', 'hash', 'received_at'])
      .where('site', '=', site).orderBy('tenant').orderBy('epoch').execute()
    return rows.map((row) => ({ tenant: row.tenant, head: { epoch: row.epoch, sequence: row.sequence, hash: row.hash }, receivedAt: row.received_at }))
  }

  async sites(): Promise<readonly (EnrolledSite & { readonly enrolledAt: string; readonly lastSeenAt: string })[]> {
    const rows = await this.#database.db.selectFrom('site').selectAll().orderBy('site').execute()
    return rows.map((row) => ({
      site: row.site, name: row.name, keyId: row.key_id, publicKey: row.public_key, enrolledAt: row.enrolled_at, lastSeenAt: row.last_seen_at,
    }))
  }

  async streams(): Promise<readonly StreamSummary[]> {
    const rows = await this.#database.db.selectFrom('stream').selectAll().orderBy('site').orderBy('tenant').orderBy('epoch').execute()
    const forks = await this.#database.db.selectFrom('fork').selectAll().orderBy('fork').execute()
    return rows.map((row) => ({
      site: row.site, tenant: row.tenant, head: { epoch: row.epoch, sequence: row.sequence, hash: row.hash }, state: row.state,
      siteHead: { epoch: row.site_epoch, sequence: row.site_sequence }, receivedAt: row.received_at,
      forks: forks.filter((fork) => fork.stream === row.stream).map((fork) => ({
        sequence: fork.sequence, knownHash: fork.known_hash, otherHash: fork.other_hash, seenAt: fork.seen_at,
      })),
    }))
  }

  /** Bodies of a stream, for those who read central: range by range, never a cursor held open. */
  async bodies(site: string, tenant: string, epoch: number, afterSequence: number, limit: number): Promise<readonly { readonly sequence: number; readonly hash: Uint8Array; readonly body: string }[]> {
    return await this.#database.db.selectFrom('event').innerJoin('stream', 'stream.stream', 'event.stream')
      .select(['event.sequence', 'event.hash', 'event.body'])
      .where('stream.site', '=', site).where('stream.tenant', '=', tenant).where('stream.epoch', '=', epoch)
      .where('event.sequence', '>', afterSequence).orderBy('event.sequence').limit(limit).execute()
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.#database.db.selectFrom('site').select('site').limit(1).execute()
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  async #take(tx: CentralDb, keyId: string, counter: number, now: string): Promise<NotTaken | null> {
    const row = await tx.selectFrom('site').select(['site', 'counter', 'counters_seen']).where('key_id', '=', keyId)
      .$if(this.#database.kind === 'postgres', (query) => query.forUpdate()).executeTakeFirst()
    if (row === undefined) {
      this.#siteByKey.delete(keyId)
      return { kind: 'key-replaced' }
    }
    const window = takeCounter({ highest: row.counter, seen: row.counters_seen }, counter)
    if (window === null) return { kind: 'replayed', counter: row.counter }
    await tx.updateTable('site').set({ counter: window.highest, counters_seen: window.seen, last_seen_at: now }).where('site', '=', row.site).execute()
    return null
  }

  async #carryOut(tx: CentralDb, decision: AppendDecision, batch: VerifiedBatch, now: string): Promise<AppendOutcome> {
    switch (decision.kind) {
      case 'gap': return { kind: 'gap', head: decision.head?.head ?? null }
      case 'quarantined': return { kind: 'fork', epoch: decision.stream.epoch, sequence: null, beginning: false, head: decision.stream.head }
      case 'fork': {
        const { quarantine, sequence, known, other } = decision
        await tx.updateTable('stream').set({ state: 'quarantined' }).where('stream', '=', quarantine.stream).execute()
        await tx.insertInto('fork').values({ stream: quarantine.stream, sequence, known_hash: known, other_hash: other, seen_at: now }).execute()
        return { kind: 'fork', epoch: quarantine.epoch, sequence, beginning: quarantine.epoch > 1 && sequence === quarantine.base.sequence + 1, head: quarantine.head }
      }
      case 'begin': {
        const stream = await beginStream(tx, batch, decision.base, now)
        return await this.#appendFrom(tx, stream, 0, decision.base, batch, now)
      }
      case 'append': return await this.#appendFrom(tx, decision.stream.stream, decision.from, decision.stream.head, batch, now)
    }
  }

  async #appendFrom(tx: CentralDb, stream: number, from: number, held: LogPosition, batch: VerifiedBatch, now: string): Promise<AppendOutcome> {
    const { header } = batch
    if (from === header.count) return { kind: 'stored', head: held, appended: 0 }
    const head: LogPosition = { epoch: header.epoch, sequence: header.after.sequence + header.count, hash: valueAt(batch.hashes, header.count - 1) }
    await this.#database.insertEvents(tx, stream, columnsOf(batch, from))
    await tx.updateTable('stream')
      .set({ sequence: head.sequence, hash: head.hash, site_epoch: header.head.epoch, site_sequence: header.head.sequence, received_at: now })
      .where('stream', '=', stream).execute()
    return { kind: 'stored', head, appended: header.count - from }
  }
}

function columnsOf({ header, hashes, types, times, bodies }: VerifiedBatch, from: number): EventColumns {
  return {
    count: header.count - from, firstSequence: header.after.sequence + 1 + from,
    hashes: packedFrom(hashes, from), types: packedFrom(types, from), times: packedFrom(times, from), bodies: packedFrom(bodies, from),
  }
}

async function findCode(db: CentralDb, codeId: string): Promise<StoredCode | null> {
  const row = await db.selectFrom('enrol_code').selectAll().where('code_id', '=', codeId).executeTakeFirst()
  return row === undefined ? null : {
    codeId: row.code_id, codeKey: row.code_key, site: row.site, expiresAt: row.expires_at, usedBySite: row.used_by_site, usedByKey: row.used_by_key,
  }
}

async function heldStreams(tx: CentralDb, site: string, tenant: string): Promise<readonly HeldStream[]> {
  const rows = await tx.selectFrom('stream').selectAll().where('site', '=', site).where('tenant', '=', tenant).orderBy('epoch').execute()
  return rows.map((row) => ({
    stream: row.stream, epoch: row.epoch, quarantined: row.state === 'quarantined',
    base: { epoch: row.base_epoch, sequence: row.base_sequence, hash: row.base_hash },
    head: { epoch: row.epoch, sequence: row.sequence, hash: row.hash },
  }))
}

/** A place at the foot of an epoch is its parent's event, so that is looked up where it was stored. */
async function hashAt(tx: CentralDb, streams: readonly HeldStream[], epoch: number, sequence: number): Promise<Uint8Array | null> {
  const stream = streams.find((one) => one.epoch === epoch)
  if (stream === undefined) return null
  if (sequence === stream.base.sequence) return stream.base.hash
  const row = await tx.selectFrom('event').select('hash').where('stream', '=', stream.stream).where('sequence', '=', sequence).executeTakeFirst()
  return row?.hash ?? null
}

async function beginStream(tx: CentralDb, batch: VerifiedBatch, base: LogPosition, now: string): Promise<number> {
  const { site, tenant, epoch, head } = batch.header
  const row = await tx.insertInto('stream').values({
    site, tenant, epoch, base_epoch: base.epoch, base_sequence: base.sequence, base_hash: base.hash, sequence: base.sequence, hash: base.hash,
    state: 'open', site_epoch: head.epoch, site_sequence: head.sequence, received_at: now,
  }).returning('stream').executeTakeFirstOrThrow()
  return row.stream
}

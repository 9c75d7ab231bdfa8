import { statSync } from 'node:fs'
import { packHead } from './apply-event.ts'
import type { TenantReader } from './tenant-reader.ts'

export interface ProfileVersionRow {
  readonly version: number
  readonly digest: string
  readonly source: string
  /** JSON: pack id to PinnedPack. */
  readonly packs: string
  /** JSON: values that the site puts over the profile's own, by path. */
  readonly site: string
}

export function activeProfile(reader: TenantReader): ProfileVersionRow | null {
  return reader.one<[], ProfileVersionRow>(`SELECT version, digest, source, packs, site FROM profiles WHERE version = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'profile')`) ?? null
}

export function profileVersion(reader: TenantReader, input: { readonly version: number }): ProfileVersionRow | null {
  return reader.one<[number], ProfileVersionRow>('SELECT version, digest, source, packs, site FROM profiles WHERE version = ?', input.version) ?? null
}

/** JSON of the tenant's golden cases; null where it has none of its own. */
export function profileCases(reader: TenantReader): string | null {
  return reader.one<[], { value: string }>(`SELECT value FROM meta WHERE key = 'profile-cases'`)?.value ?? null
}

/** What a pack owns in core.db. */
export function packLedger(reader: TenantReader, input: { readonly pack: string }): { readonly states: number; readonly cursors: string[]; readonly parked: number } {
  const { pack } = input
  return {
    states: reader.one<[string], { n: number }>('SELECT count(*) AS n FROM pack_states WHERE pack = ?', pack)?.n ?? 0,
    cursors: reader.all<[string], { name: string }>(`SELECT name FROM cursors WHERE name = 'reactor:' || ?`, pack).map(row => row.name),
    parked: reader.one<[string], { n: number }>(`
      SELECT count(*) AS n FROM dead_letters WHERE pack = ? AND state IN ('open', 'replaying') AND handler NOT IN ('validation-rule', 'pricing-policy', 'approval-policy')`, pack)?.n ?? 0,
  }
}

/** When each pack of the active profile version came to be run, milliseconds since the epoch: by the first version of an unbroken row. */
export function packsSince(reader: TenantReader): { readonly digest: string; readonly since: number }[] {
  const pinned = reader.all<[], { version: number; published_at: number; digest: string }>(`
    SELECT p.version, p.published_at, e.value ->> '$.digest' AS digest FROM profiles p, json_each(p.packs) e
    WHERE p.version <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'profile') ORDER BY p.version DESC`)
  const since = new Map<string, { version: number; since: number }>()
  const newest = pinned[0]?.version ?? 0
  for (const { version, published_at, digest } of pinned) {
    const known = since.get(digest)
    if (version === newest || known?.version === version + 1) since.set(digest, { version, since: published_at })
  }
  return [...since].map(([digest, known]) => ({ digest, since: known.since }))
}

/** Every pack that a profile version names, newest version first. */
export function pinnedPacks(reader: TenantReader): { readonly version: number; readonly pack: string; readonly digest: string }[] {
  return reader.all(`
    SELECT p.version, e.key AS pack, e.value ->> '$.digest' AS digest FROM profiles p, json_each(p.packs) e ORDER BY p.version DESC, e.key`)
}

export function packStates(reader: TenantReader): { pack: string; digest: string; state: 'ready' | 'quarantined' | 'disabled'; reason: string | null }[] {
  return reader.all('SELECT pack, digest, state, reason FROM pack_states')
}

export interface DueDelivery {
  readonly delivery_no: number
  readonly pack: string
  readonly event_id: string
  readonly key: string
  readonly target: string
  readonly batch: string
  readonly payload: string
  readonly attempts: number
}

/** Deliveries that are due, oldest first, and when the next one is where none is. */
export function dueDeliveries(reader: TenantReader, input: { readonly now: number; readonly limit: number }): { readonly due: DueDelivery[]; readonly nextAt: number | null; readonly untried: number } {
  return {
    due: reader.all<[number, number], DueDelivery>(`
      SELECT delivery_no, pack, event_id, key, target, batch, payload, attempts FROM deliveries
      WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, delivery_no LIMIT ?`, input.now, input.limit),
    nextAt: reader.one<[number], { at: number | null }>(`SELECT min(next_at) AS at FROM deliveries WHERE state = 'pending' AND next_at > ?`, input.now)?.at ?? null,
    untried: reader.one<[], { n: number }>(`SELECT count(*) AS n FROM deliveries WHERE state = 'pending' AND attempts = 0`)?.n ?? 0,
  }
}

export function syncCursor(reader: TenantReader): { epoch: number; sequence: number; hash: Uint8Array; receipt: string | null } | null {
  return reader.one('SELECT epoch, sequence, hash, receipt FROM sync_cursor') ?? null
}

export function tenantStats(reader: TenantReader) {
  const head = reader.one<[], { epoch: number; sequence: number; hash: Uint8Array }>('SELECT epoch, sequence, hash FROM events ORDER BY position DESC LIMIT 1')
  const cursor = syncCursor(reader)
  const oldest = head === undefined ? undefined : reader.one<[number, number], { time: string }>(
    `SELECT body ->> '$.time' AS time FROM events WHERE epoch = ? AND sequence > ? ORDER BY sequence LIMIT 1`, cursor?.epoch ?? 1, cursor?.sequence ?? 0)
  return {
    orders: reader.one<[], { n: number | null }>('SELECT max(order_no) AS n FROM orders')?.n ?? 0,
    epoch: head?.epoch ?? 1, sequence: head?.sequence ?? 0, headHash: head === undefined ? '' : Buffer.from(head.hash).toString('hex'),
    pending: reader.one<[], { n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM orders WHERE state IN ('submitted', 'validated', 'priced') AND attention IS NULL AND awaits_stage IS NULL LIMIT 10000)`)?.n ?? 0,
    unsent: head === undefined ? 0 : head.sequence - (cursor?.sequence ?? 0), oldestUnsentAt: oldest?.time ?? null,
    openDeadLetters: reader.all<[], { pack: string; n: number }>(`SELECT pack, count(*) AS n FROM dead_letters WHERE state IN ('open', 'replaying') GROUP BY pack`),
    databaseBytes: size(reader.db.name), walBytes: size(`${reader.db.name}-wal`),
  }
}

function size(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Position of the last event of a pack in the log; 0 where there is none. */
export function packHeadPosition(reader: TenantReader, input: { readonly pack: string }): { readonly position: number } {
  return { position: Number(reader.one<[string], { value: string }>('SELECT value FROM meta WHERE key = ?', packHead(input.pack))?.value ?? 0) }
}

/** What came of invocations before, null for those that are new; in their order. */
export function knownInvocations(reader: TenantReader, input: { readonly invocations: readonly { readonly id: string; readonly actor: string }[] }): ({ readonly payload_digest: string; readonly result: string } | null)[] {
  return input.invocations.map(({ id, actor }) =>
    reader.one<[string, string], { payload_digest: string; result: string }>('SELECT payload_digest, result FROM invocations WHERE id = ? AND actor = ?', id, actor) ?? null)
}

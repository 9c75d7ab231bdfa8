import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import pg from 'pg'
import type { StoredEvent } from '#engine/log/stored-event.ts'
import { openSqlite, StatementCache } from '#engine/store/sqlite.ts'
import { readEventRange, readHashAt, readLogHead } from '#engine/sync/event-range.ts'
import type { EventSource } from '#engine/sync/ports.ts'
import { createSitePusher, systemTimers, type SitePusher } from '#engine/sync/site-pusher.ts'
import { generatePrivateKey } from '#engine/sync/keys.ts'
import { openCentralDatabase, type CentralDatabase } from '#src/central/central-database.ts'
import { startCentralProcess } from '#test/support/central-process.ts'
import { startPostgres } from '#test/support/postgres.ts'
import { MemoryState, SiteLog } from '#test/support/site-log.ts'
import { quiet } from '#test/support/sync-site.ts'
import { median, type BenchResult } from './bench-result.ts'

const EVENTS = 50_000
/** Sent first, unmeasured: a central that has just started is not what a site meets. */
const WARM_UP = 10_000
const ROUNDS = 5
const PER_COMMIT = 1_000
const MARK = 'x'.repeat(100)
const FLOOR = 0.5

/**
 * A site's log in SQLite, sent to a central in another process, against the same events written straight into the same
 * table, 1,000 a commit, by a prepared statement of 100 rows or `unnest`, with nothing read, checked or sent.
 * Interleaved; medians.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-bench-sync-'))
  const postgres = await startPostgres()
  try {
    const log = new SiteLog('bench').append('warm', WARM_UP, MARK).append('acme', EVENTS, MARK)
    const events = log.all('acme')
    const sources = { warm: sqliteSource(path.join(folder, 'warm.db'), 'warm', log.all('warm')), acme: sqliteSource(path.join(folder, 'acme.db'), 'acme', events) }
    const results: BenchResult[] = []
    for (const kind of ['sqlite', 'postgres'] as const) {
      const direct: number[] = []
      const synced: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        const place = async (use: string): Promise<string | null> => kind === 'sqlite' ? null : await postgres.createDatabase(`bench_${use}_${round}`)
        direct.push(await writeDirectly(path.join(folder, `direct-${round}.db`), await place('direct'), events))
        synced.push(await syncOnce(path.join(folder, `${kind}-${round}`), await place('sync'), sources))
      }
      const [base, rate] = [median(direct), median(synced)]
      results.push({ name: `sync: written to ${kind} directly`, value: Math.round(base), unit: 'events/s', ratio: null, floor: null })
      results.push({ name: `sync: to a central on ${kind}`, value: Math.round(rate), unit: 'events/s', ratio: rate / base, floor: FLOOR })
    }
    return results
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeDirectly(file: string, url: string | null, events: readonly StoredEvent[]): Promise<number> {
  const database = await openCentralDatabase(url === null ? { file } : { url }, quiet)
  const stream = await makeStream(database)
  await database.close()
  const seconds = url === null ? writeToSqlite(file, stream, events) : await writeToPostgres(url, stream, events)
  return events.length / seconds
}

const TYPE = 'keelson.order.submitted.v1'
const TIME = '2026-11-21T00:00:00.000Z'

function writeToSqlite(file: string, stream: number, events: readonly StoredEvent[]): number {
  const db = openSqlite(file)
  db.pragma('wal_autocheckpoint = 4000')
  const rows = 100
  const insert = db.prepare(`INSERT INTO event (stream, sequence, hash, type, time, body) VALUES ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?)').join(', ')}`)
  const commit = db.transaction((from: number) => {
    for (let at = from; at < from + PER_COMMIT; at += rows) {
      insert.run(events.slice(at, at + rows).flatMap((event) => [stream, event.sequence, event.hash, TYPE, TIME, event.body]))
    }
  })
  const began = performance.now()
  for (let at = 0; at < events.length; at += PER_COMMIT) commit.immediate(at)
  const seconds = (performance.now() - began) / 1_000
  db.close()
  return seconds
}

async function writeToPostgres(url: string, stream: number, events: readonly StoredEvent[]): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const began = performance.now()
  for (let at = 0; at < events.length; at += PER_COMMIT) {
    const chunk = events.slice(at, at + PER_COMMIT)
    await client.query(
      'INSERT INTO event (stream, sequence, hash, type, time, body) SELECT $1::bigint, * FROM unnest($2::bigint[], $3::bytea[], $4::text[], $5::text[], $6::text[])',
      [stream, chunk.map((event) => event.sequence), chunk.map((event) => event.hash), chunk.map(() => TYPE), chunk.map(() => TIME), chunk.map((event) => event.body)],
    )
  }
  const seconds = (performance.now() - began) / 1_000
  await client.end()
  return seconds
}

async function makeStream(database: CentralDatabase): Promise<number> {
  await database.db.insertInto('site').values({
    site: 'bench', name: 'bench', key_id: 'bench', public_key: 'bench', counter: 0, counters_seen: 0, enrolled_at: '', last_seen_at: '',
  }).execute()
  const none = Buffer.alloc(32)
  const row = await database.db.insertInto('stream').values({
    site: 'bench', tenant: 'acme', epoch: 1, base_epoch: 0, base_sequence: 0, base_hash: none, sequence: 0, hash: none, state: 'open',
    site_epoch: 1, site_sequence: 0, received_at: '',
  }).returning('stream').executeTakeFirstOrThrow()
  return row.stream
}

async function syncOnce(dataFolder: string, databaseUrl: string | null, sources: Readonly<Record<'warm' | 'acme', EventSource>>): Promise<number> {
  const central = await startCentralProcess({ dataFolder, databaseUrl })
  const [identity, state] = [{ site: 'bench', name: 'bench', privateKey: generatePrivateKey() }, new MemoryState()]
  const pusherOf = (source: EventSource): SitePusher => createSitePusher({
    identity, source, state, fetch, clock: { now: () => Date.now() }, timers: systemTimers, random: Math.random, log: quiet,
  })
  const warm = pusherOf(sources.warm)
  const enrolled = await warm.enrol(central.url, await central.enrolCode())
  if (!enrolled.ok) throw new Error(enrolled.refusal.message)
  await warm.pushNow()
  await warm.close()
  const pusher = pusherOf(sources.acme)
  const began = performance.now()
  const { pushed, pending } = await pusher.pushNow()
  const seconds = (performance.now() - began) / 1_000
  if (pushed !== EVENTS || pending !== 0) throw new Error(`pushed ${pushed}, ${pending} pending`)
  await pusher.close()
  await central.stop()
  return pushed / seconds
}

/** The site's side as it is: rows read from SQLite by range. */
function sqliteSource(file: string, tenant: string, events: readonly StoredEvent[]): EventSource {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE events (position INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL, UNIQUE (epoch, sequence)) STRICT')
  const insert = db.prepare('INSERT INTO events (epoch, sequence, body, hash) VALUES (?, ?, ?, ?)')
  db.transaction(() => {
    for (const event of events) insert.run(event.epoch, event.sequence, event.body, event.hash)
  })()
  const statements = new StatementCache(db)
  return {
    tenants: async () => [tenant],
    head: async () => readLogHead(statements),
    read: async (_tenant, epoch, after, limit) => readEventRange(statements, epoch, after, limit),
    hashAt: async (_tenant, epoch, sequence) => readHashAt(statements, epoch, sequence),
  }
}

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import pg from 'pg'
import type { StoredEvent } from '#engine/log/stored-event.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { openCentralDatabase, type CentralDatabase } from '#src/central/central-database.ts'
import { packTexts, postgresArray } from '#src/central/packed-values.ts'
import { startCentralProcess } from '#test/support/central-process.ts'
import { startPostgres } from '#test/support/postgres.ts'
import { SiteLog } from '#test/support/site-log.ts'
import { quiet } from '#test/support/sync-site.ts'
import { median, type BenchResult } from './bench-result.ts'

const EVENTS = 50_000
/** Sent first, unmeasured: a central that has just started is not what a site meets. */
const WARM_UP = 10_000
const ROUNDS = 5
const PER_COMMIT = 1_000
const MARK = 'x'.repeat(100)
const FLOOR = 0.5
const SITE = fileURLToPath(new URL('./sync-site.ts', import.meta.url))

/**
 * A site's log in SQLite, sent from one process to a central in another, against the same events written straight into the same
 * table, 1,000 a commit, with nothing read, checked or sent: by a prepared statement, or by `unnest` of binary arrays, the fastest
 * way found into PostgreSQL (binary COPY is as fast; arrays as text and rows of parameters are slower). Interleaved; medians.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-bench-sync-'))
  const postgres = await startPostgres()
  try {
    const log = new SiteLog('bench').append('warm', WARM_UP, MARK).append('acme', EVENTS, MARK)
    const events = log.all('acme')
    for (const tenant of ['warm', 'acme']) writeLog(path.join(folder, `${tenant}.db`), log.all(tenant))
    const results: BenchResult[] = []
    for (const kind of ['sqlite', 'postgres'] as const) {
      const direct: number[] = []
      const synced: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        const place = async (use: string): Promise<string | null> => kind === 'sqlite' ? null : await postgres.createDatabase(`bench_${use}_${round}`)
        direct.push(await writeDirectly(path.join(folder, `direct-${round}.db`), await place('direct'), events))
        synced.push(await syncOnce(path.join(folder, `${kind}-${round}`), await place('sync'), folder))
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
  const insert = db.prepare('INSERT INTO event (stream, sequence, hash, type, time, body) VALUES (?, ?, ?, ?, ?, ?)')
  const commit = db.transaction((from: number) => {
    for (const event of events.slice(from, from + PER_COMMIT)) insert.run(stream, event.sequence, event.hash, TYPE, TIME, event.body)
  })
  const began = performance.now()
  for (let at = 0; at < events.length; at += PER_COMMIT) commit.immediate(at)
  const seconds = (performance.now() - began) / 1_000
  db.close()
  return seconds
}

const UNNEST = `INSERT INTO event (stream, sequence, hash, type, time, body)
SELECT $1::bigint, $2::bigint + place - 1, hash, type, time, body
FROM unnest($3::bytea[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS sent (hash, type, time, body, place)`

async function writeToPostgres(url: string, stream: number, events: readonly StoredEvent[]): Promise<number> {
  const { BYTEA, TEXT } = pg.types.builtins
  const texts = (values: readonly string[]): Buffer => postgresArray(TEXT, packTexts(values))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const began = performance.now()
  for (let at = 0; at < events.length; at += PER_COMMIT) {
    const chunk = events.slice(at, at + PER_COMMIT)
    const hashes = { bytes: Buffer.concat(chunk.map((event) => event.hash)), starts: Uint32Array.from({ length: chunk.length + 1 }, (_, index) => index * 32), gap: 0 } as const
    await client.query(UNNEST, [
      stream, at + 1, postgresArray(BYTEA, hashes), texts(chunk.map(() => TYPE)), texts(chunk.map(() => TIME)), texts(chunk.map((event) => event.body)),
    ])
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

async function syncOnce(dataFolder: string, databaseUrl: string | null, logs: string): Promise<number> {
  const central = await startCentralProcess({ dataFolder, databaseUrl })
  const { stdout } = await promisify(execFile)(process.execPath, [SITE, central.url, await central.enrolCode(), logs])
  await central.stop()
  const { pushed, seconds } = JSON.parse(stdout) as { pushed: number; seconds: number }
  if (pushed !== EVENTS) throw new Error(`${pushed} of ${EVENTS} events were sent`)
  return pushed / seconds
}

function writeLog(file: string, events: readonly StoredEvent[]): void {
  const db = new Database(file)
  db.exec('CREATE TABLE events (position INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL, UNIQUE (epoch, sequence)) STRICT')
  const insert = db.prepare('INSERT INTO events (epoch, sequence, body, hash) VALUES (?, ?, ?, ?)')
  db.transaction(() => {
    for (const event of events) insert.run(event.epoch, event.sequence, event.body, event.hash)
  })()
  db.close()
}

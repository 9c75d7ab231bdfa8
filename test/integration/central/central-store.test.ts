import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeBatch } from '#engine/sync/batch.ts'
import { readEnrolCode } from '#engine/sync/enrol-code.ts'
import { START } from '#engine/sync/unsent.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'
import { openCentralDatabase, type CentralDatabase } from '#src/central/central-database.ts'
import { CentralStore, type AppendOutcome } from '#src/central/central-store.ts'
import { verifyBatch, type VerifiedBatch } from '#src/central/verify-batch.ts'
import { startPostgres, type TestPostgres } from '#test/support/postgres.ts'
import { SiteLog } from '#test/support/site-log.ts'
import { quiet } from '#test/support/sync-site.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-central-'))
let postgres: TestPostgres
let databases = 0

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

const NOW = '2026-11-21T03:00:00.000Z'

/** What every store of central must do, whichever database is below it. */
describe.each([
  ['SQLite', async () => await openCentralDatabase({ file: path.join(folder, `${databases++}.db`) }, quiet)],
  ['PostgreSQL', async () => await openCentralDatabase({ url: await postgres.createDatabase(`central_${databases++}`) }, quiet)],
] as const)('central on %s', (_name, open) => {
  let database: CentralDatabase
  let store: CentralStore
  let counter = 0

  beforeEach(async () => {
    database = await open()
    store = new CentralStore(database)
    counter = 0
    const code = readEnrolCode('0000-0000-0000-0000-0000')
    if (code === null) throw new Error('no code')
    await store.addCode(code, null, NOW, '2026-11-22T03:00:00.000Z')
    expect(await store.enrol(code.codeId, { site: 's1', name: 'One', publicKey: 'k1' }, 'key1', NOW)).toBe('enrolled')
    return async () => await store.close()
  })

  const push = async (batch: VerifiedBatch): Promise<AppendOutcome> => await store.append('key1', (counter += 1), batch, NOW)
  const bodies = async (epoch: number): Promise<string[]> => (await store.bodies('s1', 'acme', epoch, 0, 10_000)).map((row) => row.body)
  const stored = { kind: 'stored' }

  test('a stream is stored byte for byte, with its head', async () => {
    const log = new SiteLog('s1').append('acme', 1_234)
    expect(await push(await batchOf(log, START, 1_000))).toMatchObject({ ...stored, appended: 1_000, head: { epoch: 1, sequence: 1_000 } })
    expect(await push(await batchOf(log, placeIn(log, 1_000), 1_000))).toMatchObject({ ...stored, appended: 234 })
    expect(await bodies(1)).toEqual(log.all('acme').map((event) => event.body))
    const [head] = await store.heads('s1')
    expect(head).toMatchObject({ tenant: 'acme', head: { epoch: 1, sequence: 1_234 } })
    expect(Buffer.from(head?.head.hash ?? []).toString('hex')).toBe(Buffer.from(log.all('acme')[1_233]?.hash ?? []).toString('hex'))
  })

  test('repeats change nothing, overlaps add only what is new', async () => {
    const log = new SiteLog('s1').append('acme', 10)
    await push(await batchOf(log, START, 10))
    expect(await push(await batchOf(log, START, 10))).toMatchObject({ ...stored, appended: 0, head: { sequence: 10 } })
    expect(await push(await batchOf(log, placeIn(log, 3), 4))).toMatchObject({ ...stored, appended: 0, head: { sequence: 10 } })
    log.append('acme', 5)
    expect(await push(await batchOf(log, placeIn(log, 7), 100))).toMatchObject({ ...stored, appended: 5, head: { sequence: 15 } })
    expect(await bodies(1)).toEqual(log.all('acme').map((event) => event.body))
  })

  test('a gap is refused with the head, also when nothing is there yet', async () => {
    const log = new SiteLog('s1').append('acme', 10)
    expect(await push(await batchOf(log, placeIn(log, 5), 5))).toEqual({ kind: 'gap', head: null })
    await push(await batchOf(log, START, 3))
    expect(await push(await batchOf(log, placeIn(log, 5), 5))).toMatchObject({ kind: 'gap', head: { epoch: 1, sequence: 3 } })
    expect(await bodies(1)).toHaveLength(3)
  })

  test('the same sequence with another hash is a fork: named, quarantined, visible, and nothing is lost', async () => {
    const log = new SiteLog('s1').append('acme', 6)
    const clone = log.copy()
    log.append('acme', 4, 'left')
    clone.append('acme', 9, 'right')
    await push(await batchOf(log, START, 10))
    expect(await push(await batchOf(clone, placeIn(clone, 2), 10))).toMatchObject({ kind: 'fork', epoch: 1, sequence: 7 })
    // Also what was right before is no longer taken: nobody knows which history is true.
    log.append('acme', 1)
    expect(await push(await batchOf(log, placeIn(log, 10), 1))).toMatchObject({ kind: 'fork', sequence: null })
    expect(await bodies(1)).toHaveLength(10)
    const [stream] = await store.streams()
    expect(stream).toMatchObject({ state: 'quarantined', forks: [{ sequence: 7 }] })
    expect(stream?.forks).toHaveLength(1)
  })

  test('a batch that follows another event than the stored one is a fork, even without an overlap', async () => {
    const log = new SiteLog('s1').append('acme', 5)
    const clone = new SiteLog('s1').append('acme', 5, 'other').append('acme', 2)
    await push(await batchOf(log, START, 5))
    expect(await push(await batchOf(clone, placeIn(clone, 5), 2))).toMatchObject({ kind: 'fork', sequence: 5 })
  })

  test('a new epoch begins at a head that central knows, and only there', async () => {
    const log = new SiteLog('s1').append('acme', 10)
    await push(await batchOf(log, START, 10))
    const restored = log.copy().beginEpoch('acme', 8).append('acme', 3)
    expect(await push(await batchOf(restored, placeIn(restored, 8), 10, 2))).toMatchObject({ ...stored, appended: 4, head: { epoch: 2, sequence: 12 } })
    // What central had of epoch 1 stays, and is not continued any more.
    expect(await bodies(1)).toHaveLength(10)
    log.append('acme', 2)
    expect(await push(await batchOf(log, placeIn(log, 9), 3))).toMatchObject({ kind: 'fork', epoch: 1, sequence: 11 })
    restored.append('acme', 1)
    expect(await push(await batchOf(restored, placeIn(restored, 12), 1, 2))).toMatchObject({ ...stored, head: { epoch: 2, sequence: 13 } })
  })

  test('a new epoch whose parent central has not got yet is a gap; one with another parent is a fork', async () => {
    const log = new SiteLog('s1').append('acme', 10).beginEpoch('acme').append('acme', 1)
    expect(await push(await batchOf(log, placeIn(log, 10), 2, 2))).toEqual({ kind: 'gap', head: null })
    await push(await batchOf(log, START, 4))
    expect(await push(await batchOf(log, placeIn(log, 10), 2, 2))).toMatchObject({ kind: 'gap', head: { epoch: 1, sequence: 4 } })
    const stranger = new SiteLog('s1').append('acme', 3, 'other').beginEpoch('acme')
    expect(await push(await batchOf(stranger, placeIn(stranger, 3), 1, 2))).toMatchObject({ kind: 'fork', epoch: 1, sequence: 3 })
  })

  test('a quarantined stream goes on in a new epoch that names a known event', async () => {
    const log = new SiteLog('s1').append('acme', 5)
    await push(await batchOf(log, START, 5))
    const clone = new SiteLog('s1').append('acme', 5, 'other')
    expect(await push(await batchOf(clone, START, 5))).toMatchObject({ kind: 'fork', sequence: 1 })
    log.beginEpoch('acme')
    expect(await push(await batchOf(log, placeIn(log, 5), 1, 2))).toMatchObject({ ...stored, head: { epoch: 2, sequence: 6 } })
  })

  test('a counter counts once, with the batch that it came with', async () => {
    const log = new SiteLog('s1').append('acme', 2)
    const first = await batchOf(log, START, 1)
    expect(await store.append('key1', 50, first, NOW)).toMatchObject(stored)
    expect(await store.append('key1', 50, await batchOf(log, placeIn(log, 1), 1), NOW)).toEqual({ kind: 'replayed', counter: 50 })
    expect(await bodies(1)).toHaveLength(1)
    expect(await store.takeCounter('key1', 49, NOW)).toBeNull()
    expect(await store.takeCounter('key1', 49, NOW)).toEqual({ kind: 'replayed', counter: 50 })
  })

  test('batches that arrive at once are stored once and in order', async () => {
    const log = new SiteLog('s1').append('acme', 40)
    const batches = await Promise.all([0, 10, 20, 30].map((after) => batchOf(log, placeIn(log, after), 10)))
    // Sent in order, whatever connections to the database they are given: none may find a gap.
    expect(await Promise.all(batches.map((batch) => push(batch)))).toMatchObject(batches.map(() => stored))
    for (let round = 0; round < 3; round += 1) await Promise.all([...batches, ...batches].map((batch) => push(batch)))
    expect(await bodies(1)).toEqual(log.all('acme').map((event) => event.body))
  })

  test('a key that was replaced since it was looked up sends nothing more', async () => {
    expect(await store.siteByKey('key1')).toMatchObject({ site: 's1' })
    const code = readEnrolCode('4444-0000-0000-0000-0000')
    if (code === null) throw new Error('no code')
    await store.addCode(code, 's1', NOW, '2026-11-22T03:00:00.000Z')
    // By another central on the same database: this one still remembers the old key.
    expect(await new CentralStore(database).enrol(code.codeId, { site: 's1', name: 'One', publicKey: 'k9' }, 'key9', NOW)).toBe('enrolled')
    const log = new SiteLog('s1').append('acme', 1)
    expect(await push(await batchOf(log, START, 1))).toEqual({ kind: 'key-replaced' })
    expect(await store.takeCounter('key1', 77, NOW)).toEqual({ kind: 'key-replaced' })
    expect(await store.siteByKey('key1')).toBeNull()
    expect(await bodies(1)).toHaveLength(0)
  })

  test('an enrolment code is good once; lost answers may be asked for again; keys are only replaced by a code for that site', async () => {
    const add = async (text: string, site: string | null): Promise<string> => {
      const code = readEnrolCode(text)
      if (code === null) throw new Error('no code')
      expect(await store.addCode(code, site, NOW, '2026-11-22T03:00:00.000Z')).toBe(true)
      expect(await store.addCode(code, site, NOW, '2026-11-22T03:00:00.000Z')).toBe(false)
      return code.codeId
    }
    const first = await add('1111-0000-0000-0000-0000', null)
    const two = { site: 's2', name: 'Two', publicKey: 'k2' }
    expect(await store.enrol(first, two, 'key2', NOW)).toBe('enrolled')
    expect(await store.enrol(first, two, 'key2', NOW)).toBe('enrolled')
    expect(await store.enrol(first, { ...two, site: 's3' }, 'key3', NOW)).toBe('code-used')
    const open2 = await add('2222-0000-0000-0000-0000', null)
    expect(await store.enrol(open2, { ...two, publicKey: 'k9' }, 'key9', NOW)).toBe('site-taken')
    expect(await store.enrol(open2, { site: 's9', name: '', publicKey: 'k2' }, 'key2', NOW)).toBe('key-taken')
    const own = await add('3333-0000-0000-0000-0000', 's2')
    expect(await store.enrol(own, { ...two, publicKey: 'k9' }, 'key9', NOW)).toBe('enrolled')
    expect(await store.siteByKey('key2')).toBeNull()
    expect(await store.siteByKey('key9')).toMatchObject({ site: 's2', publicKey: 'k9' })
  })

  test.each([
    ['an event is edited', sql`UPDATE event SET body = 'x'`], ['an event is deleted', sql`DELETE FROM event`],
    ['a stream goes back', sql`UPDATE stream SET sequence = sequence - 1`], ['a stream is renamed', sql`UPDATE stream SET tenant = 'x'`],
    ['a stream is deleted', sql`DELETE FROM stream`], ['a site is deleted', sql`DELETE FROM site`],
    ['an event of no stream', sql`INSERT INTO event (stream, sequence, hash, type, time, body) SELECT 99, 1, hash, type, time, body FROM event LIMIT 1`],
  ])('the database itself refuses that %s', async (_what, statement) => {
    const log = new SiteLog('s1').append('acme', 2)
    await push(await batchOf(log, START, 2))
    await expect(statement.execute(database.db)).rejects.toThrow()
    expect(await bodies(1)).toHaveLength(2)
  })
})

/** A batch as central gets it after checking: events of one epoch after a place. */
async function batchOf(log: SiteLog, after: LogPosition, limit: number, epoch = 1): Promise<VerifiedBatch> {
  const range = await log.read('acme', epoch, after.sequence, limit)
  const head = await log.head('acme')
  if (range === null || head === null) throw new Error('nothing to send')
  const verified = verifyBatch(encodeBatch('s1', 'acme', after, range, head).bytes)
  if (!verified.ok) throw new Error(verified.refusal.message)
  return verified.value
}

function placeIn(log: SiteLog, sequence: number): LogPosition {
  return sequence === 0 ? START : log.all('acme')[sequence - 1] ?? START
}

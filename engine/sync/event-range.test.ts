import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chainHash, NO_HASH } from '#engine/log/stored-event.ts'
import { openSqlite, StatementCache, type Db } from '#engine/store/sqlite.ts'
import { migrateSite } from '#engine/store/site-schema.ts'
import { readEventRange, readHashAt, readLogHead } from './event-range.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-range-'))
let db: Db
let statements: StatementCache
const bodies: string[] = []
const hashes: Uint8Array[] = []

beforeAll(() => {
  db = openSqlite(path.join(folder, 'site.db'))
  migrateSite(db)
  statements = new StatementCache(db)
  const insert = db.prepare('INSERT INTO events (epoch, sequence, type, body, hash) VALUES (?, ?, ?, ?, ?)')
  let hash = NO_HASH
  for (let sequence = 1; sequence <= 30; sequence += 1) {
    const body = JSON.stringify({ sequence, text: 'zwei\nZeilen "und" 注文 \u{1F4E6}' })
    hash = chainHash(hash, body)
    bodies.push(body)
    hashes.push(hash)
    // Epoch 2 goes on from event 20.
    insert.run(sequence <= 20 ? 1 : 2, sequence, 't', body, hash)
  }
})

afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a range is the stored bodies, byte for byte and in order, with the hashes of its ends', () => {
  const range = readEventRange(statements, 1, 4, 10)
  expect(range).toMatchObject({ epoch: 1, firstSequence: 5, count: 10, last: { epoch: 1, sequence: 14 } })
  expect(Buffer.from(range?.bodies ?? []).toString('utf8').split('\n')).toEqual(bodies.slice(4, 14))
  expect(Buffer.compare(range?.firstHash ?? NO_HASH, hashes[4] ?? NO_HASH)).toBe(0)
  expect(Buffer.compare(range?.last.hash ?? NO_HASH, hashes[13] ?? NO_HASH)).toBe(0)
})

test('a range ends with its epoch, and the next begins at its first event', () => {
  expect(readEventRange(statements, 1, 15, 1_000)).toMatchObject({ count: 5, last: { sequence: 20 } })
  expect(readEventRange(statements, 1, 20, 1_000)).toBeNull()
  expect(readEventRange(statements, 2, 0, 3)).toMatchObject({ epoch: 2, firstSequence: 21, count: 3 })
  expect(readEventRange(statements, 3, 0, 1)).toBeNull()
})

test('hashes and the head are read by place', () => {
  expect(Buffer.compare(readHashAt(statements, 2, 25) ?? NO_HASH, hashes[24] ?? NO_HASH)).toBe(0)
  expect(readHashAt(statements, 1, 25)).toBeNull()
  expect(readLogHead(statements)).toMatchObject({ epoch: 2, sequence: 30 })
})

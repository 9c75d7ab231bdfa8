import { afterEach, beforeEach, expect, it } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startReaders, type ReaderPool, type ReadLane } from './reader-pool.ts'

/** Answers with the number of its thread, once the gate of the read is open. */
const READER = `
import { parentPort, threadId } from 'node:worker_threads'
parentPort.on('message', ({ id, input }) => {
  if (input.dies) process.exit(3)
  if (input.gate) Atomics.wait(new Int32Array(input.gate), 0, 0)
  parentPort.postMessage({ id, ok: true, value: threadId })
})
parentPort.postMessage({ ready: true })
`
let folder: string
let pool: ReaderPool

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-readers-'))
  writeFileSync(join(folder, 'reader.mjs'), READER)
  pool = startReaders(pathToFileURL(join(folder, 'reader.mjs')), { dataFolder: folder, sqliteBinary: undefined }, 1)
})
afterEach(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})

class Gate {
  readonly shared = new SharedArrayBuffer(4)
  open(): void {
    Atomics.store(new Int32Array(this.shared), 0, 1)
    Atomics.notify(new Int32Array(this.shared), 0)
  }
}

/** The thread that answers a read. */
const read = async (lane: ReadLane, input: { gate?: SharedArrayBuffer; dies?: true } = {}): Promise<number> => await (pool.read as (...args: unknown[]) => Promise<number>)('acme', 'orders', input, lane)

it('one thread reads what is read one after the other, whatever it is for', async () => {
  const threads = [await read('interactive'), await read('bulk'), await read('housekeeping'), await read('interactive')]
  expect(new Set(threads).size).toBe(1)
})

it('what is read while the first thread starts waits for it: another would take as long', async () => {
  const threads = await Promise.all([read('interactive'), read('interactive'), read('bulk'), read('housekeeping')])
  expect(new Set(threads).size).toBe(1)
})

it('what a person waits for while short reads are done on the only thread waits for that instead of starting another', async () => {
  const pages = Array.from({ length: 3 }, () => [read('bulk'), read('bulk'), read('interactive')]).flat()
  expect(new Set(await Promise.all(pages)).size).toBe(1)
})

it('reads that no thread was free for fail as the readers are closed', async () => {
  await read('interactive')
  const gate = new Gate()
  const reads = Promise.allSettled([read('bulk', { gate: gate.shared }), read('interactive')])
  await pool.close()
  expect((await reads).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

it('behind a batch that waits for a thread to start no person waits', async () => {
  const gate = new Gate()
  const first = read('interactive')
  const batch = read('bulk', { gate: gate.shared })
  const page = await read('interactive')
  gate.open()
  expect(await batch).toBe(await first)
  expect(page).not.toBe(await first)
})

it('what a person waits for never waits behind a batch or the log', async () => {
  await read('interactive')
  const gate = new Gate()
  const batch = read('bulk', { gate: gate.shared })
  const copy = read('housekeeping', { gate: gate.shared })
  await read('interactive')
  const page = await read('interactive')
  gate.open()
  expect(new Set([page, await batch, await copy]).size).toBe(3)
})

it('batches wait for each other, and for nobody else', async () => {
  await read('interactive')
  const gate = new Gate()
  const first = read('bulk', { gate: gate.shared })
  const second = read('bulk')
  const page = await read('interactive')
  gate.open()
  expect(await second).toBe(await first)
  expect(page).not.toBe(await first)
})

it('a thread that dies fails what it was reading, and is replaced', async () => {
  const before = await read('interactive')
  await expect(read('interactive', { dies: true })).rejects.toThrow('ended with code 3')
  expect(await read('interactive')).not.toBe(before)
})

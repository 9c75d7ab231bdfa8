import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { DecisionBatch } from '#engine/commands/index.ts'
import type { PricingInput, PricingPolicy } from '#engine/contracts/proposed/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Composition } from '#engine/packs/composition.ts'
import { createPackHost } from '#engine/packs/pack-host-client.ts'
import { PipelineRunner, receiptsOf } from '#engine/pipeline/pipeline-runner.ts'
import { systemTimers } from '#engine/pipeline/timers.ts'
import { readProfile, resolveProfile } from '#engine/profiles/index.ts'
import { pendingOrders } from '#engine/projections/pipeline-reads.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import { PackStore } from '#engine/runtime/pack-store.ts'
import { startEngine } from '#engine/start-engine.ts'
import { startReaders } from '#engine/threads/reader-pool.ts'
import { systemClock, ulids } from '#engine/threads/system-ports.ts'
import { startWriter } from '#engine/threads/writer-client.ts'
import { WriterLoop } from '#engine/threads/writer-loop.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { median, type BenchResult } from './bench-result.ts'
import { onlineRetailOrders } from './real-orders.ts'

const ROUNDS = 3
const BATCH = 1000
const root = new URL('../../', import.meta.url)
const RESOURCES = new URL('out/resources', root).pathname
const WRITER = new URL('engine/threads/writer-thread.ts', root)
const READER = new URL('engine/threads/reader-thread.ts', root)
const PACK_HOST = new URL('src/pack-host/pack-host.ts', root)
const VERSION = '0.1.0'
const quiet = { info: () => undefined, warn: () => undefined, error: (fields: object, message: string) => { console.error(message, fields) } }
const ids = ulids()

function invocation(): Invocation {
  const id = ids.next()
  return { id, correlationId: id, parentId: null, tenant: 'acme', actor: { id: 'system:bench', kind: 'system', method: 'engine', roles: [] }, locale: 'en', site: 'bench', reason: null, toggles: [] }
}

/**
 * The real orders of the Online Retail file, submitted and undecided: decided through the pack host with its threads and
 * processes, against one thread that reads the same rows, calls the same policy in a bare loop, and writes the same results.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-bench-pricing-'))
  try {
    const base = join(folder, 'base')
    const composition = await undecidedSite(base)
    const count = pendingCount(base)
    const through: number[] = []
    const bare: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const way of round % 2 === 0 ? ['through', 'bare'] as const : ['bare', 'through'] as const) {
        const copy = join(folder, `${way}-${round}`)
        cpSync(base, copy, { recursive: true })
        if (way === 'through') through.push(count / await throughPackHost(copy, composition) * 1000)
        else bare.push(count / bareLoop(copy, composition) * 1000)
        if (pendingCount(copy) > 0) throw new Error(`${way} left orders undecided`)
        rmSync(copy, { recursive: true, force: true })
      }
    }
    return [
      { name: 'pricing: bare loop, the same reads and writes', value: Math.round(median(bare)), unit: 'orders/s', ratio: null, floor: null },
      { name: 'pricing: through the pack host', value: Math.round(median(through)), unit: 'orders/s', ratio: median(through.map((rate, i) => rate / (bare[i] ?? rate))), floor: 0.8 },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function pendingCount(folder: string): number {
  const reader = new TenantReader(folder, 'acme', undefined)
  try {
    return reader.one<[], { n: number }>(`SELECT count(*) AS n FROM orders WHERE state = 'submitted'`)?.n ?? 0
  } finally {
    reader.close()
  }
}

async function undecidedSite(folder: string): Promise<Composition> {
  const engine = await startEngine({
    dataFolder: folder, clock: systemClock, ids, version: VERSION, log: quiet, resourcesFolder: RESOURCES,
    entries: { writer: WRITER, reader: READER }, startPackHost: forkPackHost(PACK_HOST),
  })
  const client = createRouterClient(engine.router, { context: { authorization: null, local: { osUser: userInfo().username }, locale: null } })
  await client.commands['create-tenant']({ tenant: 'acme', profile: 'acme' })
  const { source } = await client.queries.profile({ tenant: 'acme' })
  await engine.close()
  const { take, close } = writerHere(folder)
  for await (const documents of onlineRetailOrders(500)) {
    take('import-chunk', {
      jobId: 'bench', fileDigest: 'bench'.padEnd(64, '0'), fileName: 'bench', rejects: [],
      orders: documents.map((document, i) => ({ document, rows: `${document.reference}-${i}`, lineCount: document.lines.length, originals: null })),
      progress: { taken: 0, rejectsWritten: 0, bytesRead: 0, bytesTotal: 0, counts: { lines: { read: 0, accepted: 0, rejected: 0 }, orders: { read: 0, accepted: 0, rejected: 0, unchanged: 0 }, reasons: {}, orderReasons: {} } },
    })
  }
  close()
  const profile = readProfile(source)
  if (!profile.ok) throw new Error(profile.refusal.message)
  return resolveProfile(profile.value, { packs: packsOf(folder).available(), engineVersion: VERSION }, 'acme', 1)
}

function packsOf(folder: string): PackStore {
  return new PackStore(join(folder, 'packs'), join(RESOURCES, 'packs'), quiet)
}

/** The writer in this thread: each command is on disk when `take` returns. */
function writerHere(folder: string) {
  const due: (() => void)[] = []
  const loop = new WriterLoop({ dataFolder: folder, sqliteBinary: undefined, clock: systemClock, ids }, message => {
    if (message.t === 'fault') throw new Error(message.fault.message)
    if (message.t === 'done' && !message.result.ok) throw new Error(message.result.refusal.message)
  }, work => void due.push(work))
  return {
    take(name: 'import-chunk' | 'record-decisions', input: unknown): void {
      loop.take({ t: 'write', id: 1, tenant: 'acme', lane: 'bulk', name, invocation: invocation(), input })
      for (let work = due.shift(); work !== undefined; work = due.shift()) work()
    },
    close: () => loop.close(),
  }
}

async function throughPackHost(folder: string, composition: Composition): Promise<number> {
  const given = { dataFolder: folder, sqliteBinary: undefined }
  const writer = startWriter(WRITER, given, error => { throw error })
  const reader = startReaders(READER, given, 3)
  const packs = packsOf(folder)
  const host = createPackHost({
    tenant: 'acme', start: forkPackHost(PACK_HOST), clock: systemClock, log: quiet,
    loadPack: digest => {
      const found = packs.find(digest)
      return Promise.resolve(found.state === 'ready' ? found.pack : null)
    },
  })
  const pipeline = new PipelineRunner({
    tenant: 'acme', reader, writer, host, log: quiet, timers: systemTimers, coreVersion: VERSION, compositionOf: () => Promise.resolve(composition), invocation,
  })
  // Processes and threads are up before the clock runs, as on a site that is open for business.
  await host.decide(composition, [])
  await reader.read('acme', 'pending-count', {}, 'bulk')
  const startedAt = performance.now()
  await pipeline.drained()
  const took = performance.now() - startedAt
  await pipeline.stop()
  await host.close()
  await writer.close()
  await reader.close()
  return took
}

function bareLoop(folder: string, composition: Composition): number {
  const found = packsOf(folder).find(composition.pricing.digest)
  if (found.state !== 'ready') throw new Error('no pack')
  const code = new TextDecoder().decode(found.pack.files.get(composition.pricing.entry))
  const module = { price: undefined as PricingPolicy['price'] | undefined }
  // eslint-disable-next-line no-new-func -- the yardstick: the pack's own code without any sandbox
  new Function('exports', code)(module)
  const price = module.price
  if (price === undefined) throw new Error('the pack has no price')
  const reader = new TenantReader(folder, 'acme', undefined)
  const { take, close } = writerHere(folder)
  const digest = '0'.repeat(64)
  const startedAt = performance.now()
  for (let after = 0; ;) {
    const batch = pendingOrders(reader, { after, limit: BATCH, exposure: false })
    const last = batch.orders.at(-1)
    if (last === undefined) break
    after = last.key
    const orders: DecisionBatch['orders'] = batch.orders.map(order => ({
      ...order,
      steps: [
        { kind: 'validation', ok: true, answer: '{"outcome":"passed","findings":[]}', inputDigest: digest },
        { kind: 'pricing', ok: true, answer: JSON.stringify({ outcome: 'priced', ...price({ order: JSON.parse(order.view) as PricingInput['order'] }, composition.pricing.config) }), inputDigest: digest },
        { kind: 'approval', ok: true, answer: '{"outcome":"approved","explanation":[]}', inputDigest: digest },
      ],
    }))
    take('record-decisions', { receipts: receiptsOf(composition, batch.position, VERSION, { ses: '2.3.0', v8: process.versions.v8 }), confirmation: 'automatic', orders } satisfies DecisionBatch)
  }
  const took = performance.now() - startedAt
  close()
  reader.close()
  return took
}

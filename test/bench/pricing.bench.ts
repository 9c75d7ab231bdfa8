import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Composition } from '#engine/packs/composition.ts'
import { createPackHost } from '#engine/packs/pack-host-client.ts'
import { PipelineRunner } from '#engine/pipeline/pipeline-runner.ts'
import { systemTimers } from '#engine/pipeline/timers.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import { startReaders } from '#engine/threads/reader-pool.ts'
import { systemClock, ulids } from '#engine/threads/system-ports.ts'
import { startWriter } from '#engine/threads/writer-client.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { bareDecider, emptySite, HereWriter, packsOf } from '#test/scale/make-site.ts'
import { errorsOnly, VERSION } from '#test/support/source-engine.ts'
import { median, type BenchResult } from './bench-result.ts'
import { onlineRetailOrders } from './real-orders.ts'

const ROUNDS = 3
const root = new URL('../../', import.meta.url)
const WRITER = new URL('engine/threads/writer-thread.ts', root)
const READER = new URL('engine/threads/reader-thread.ts', root)
const PACK_HOST = new URL('src/pack-host/pack-host.ts', root)
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
  const composition = await emptySite(folder)
  const writer = new HereWriter(folder)
  for await (const documents of onlineRetailOrders(500)) writer.importOrders(documents)
  writer.close()
  return composition
}

async function throughPackHost(folder: string, composition: Composition): Promise<number> {
  const given = { dataFolder: folder, sqliteBinary: undefined }
  const writer = startWriter(WRITER, given, error => { throw error })
  const reader = startReaders(READER, given, 1)
  const packs = packsOf(folder)
  const host = createPackHost({
    tenant: 'acme', start: forkPackHost(PACK_HOST), clock: systemClock, log: errorsOnly,
    loadPack: digest => {
      const found = packs.find(digest)
      return Promise.resolve(found.state === 'ready' ? found.pack : null)
    },
  })
  const pipeline = new PipelineRunner({
    tenant: 'acme', reader, writer, host, log: errorsOnly, timers: systemTimers, coreVersion: VERSION, compositionOf: () => Promise.resolve(composition), invocation,
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
  const decide = bareDecider(folder, composition)
  const writer = new HereWriter(folder)
  const startedAt = performance.now()
  decide(writer)
  const took = performance.now() - startedAt
  writer.close()
  return took
}

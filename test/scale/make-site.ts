import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { DecisionBatch } from '#engine/commands/index.ts'
import type { PricingInput, PricingPolicy } from '#engine/contracts/v1/index.ts'
import { noCounts } from '#engine/core/import-counts.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import type { Composition } from '#engine/packs/composition.ts'
import { receiptsOf } from '#engine/pipeline/pipeline-runner.ts'
import { readProfile, resolveProfile } from '#engine/profiles/index.ts'
import { indexItemWords } from '#engine/projections/item-words.ts'
import { pendingOrders } from '#engine/projections/pipeline-reads.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import { PackStore } from '#engine/runtime/pack-store.ts'
import { migrateCore } from '#engine/store/core-schema.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { systemClock, ulids } from '#engine/threads/system-ports.ts'
import { WriterLoop } from '#engine/threads/writer-loop.ts'
import { onlineRetailOrders } from '#test/bench/real-orders.ts'
import { errorsOnly, RESOURCES, sourceEngine, VERSION } from '#test/support/source-engine.ts'

/** Raised when the layout of a generated site changes, so that an older one is made anew. */
const GENERATION = 1
const CHUNK = 1000

/**
 * A site of tenant acme with many orders, made from the real ones by a seeded generator: their accounts, items, quantities and
 * prices, under new references and with at most five lines. Kept in the cache folder of this person; made once.
 */
export async function largeSite(orders: number, say: (line: string) => void): Promise<string> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'keelson', `scale-${orders}-${GENERATION}`)
  if (existsSync(folder)) return upToDate(folder)
  const making = `${folder}.part`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  const composition = await emptySite(making)
  const writer = new HereWriter(making)
  const price = bareDecider(making, composition)
  const random = seeded(20_261_121)
  const real: OrderDocument[] = []
  for await (const chunk of onlineRetailOrders(CHUNK)) real.push(...chunk)
  const startedAt = performance.now()
  for (let made = 0; made < orders; made += CHUNK) {
    writer.importOrders(Array.from({ length: Math.min(CHUNK, orders - made) }, (_, i) => variant(real, made + i, random)))
    price(writer)
    if ((made / CHUNK) % 50 === 49) say(`  ${made + CHUNK} of ${orders} orders, ${Math.round((made + CHUNK) / (performance.now() - startedAt) * 1000)} a second`)
  }
  writer.close()
  renameSync(making, folder)
  return upToDate(folder)
}

/** What an engine does to a site in the minute after its start: migrations, and the index of item words. */
function upToDate(folder: string): string {
  const db = openSqlite(dataPaths(folder).core('acme'))
  migrateCore(db)
  db.close()
  const reader = new TenantReader(folder, 'acme', undefined)
  while (indexItemWords(reader).more);
  reader.close()
  return folder
}

/** A real order under a new reference, with some of its lines. */
function variant(real: readonly OrderDocument[], n: number, random: () => number): OrderDocument {
  const from = real[Math.floor(random() * real.length)] as OrderDocument
  const count = 1 + Math.floor(random() * 5)
  const first = Math.floor(random() * Math.max(1, from.lines.length - count))
  return { ...from, reference: `S${String(n).padStart(7, '0')}`, lines: from.lines.slice(first, first + count) }
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A site of tenant acme without orders, and what its profile resolves to. */
export async function emptySite(folder: string): Promise<Composition> {
  const { engine, client } = await sourceEngine(folder)
  await client.commands['create-tenant']({ tenant: 'acme', profile: 'acme' })
  const { source } = await client.queries.profile({ tenant: 'acme' })
  await engine.close()
  const profile = readProfile(source)
  if (!profile.ok) throw new Error(profile.refusal.message)
  return resolveProfile(profile.value, { packs: packsOf(folder).available(), engineVersion: VERSION }, 'acme', 1)
}

export function packsOf(folder: string): PackStore {
  return new PackStore({ folder: join(folder, 'packs'), productFolder: join(RESOURCES, 'packs'), rows: () => [], log: errorsOnly })
}

/** The writer in this thread: each command is on disk when its method returns. */
export class HereWriter {
  readonly #due: (() => void)[] = []
  readonly #ids = ulids()
  readonly #loop: WriterLoop

  constructor(folder: string) {
    this.#loop = new WriterLoop({ dataFolder: folder, sqliteBinary: undefined, clock: systemClock, ids: this.#ids }, message => {
      if (message.t === 'fault') throw new Error(message.fault.message)
      if (message.t === 'done' && !message.result.ok) throw new Error(message.result.refusal.message)
    }, work => void this.#due.push(work))
  }

  importOrders(documents: readonly OrderDocument[]): void {
    this.#take('import-chunk', {
      jobId: 'none', fileDigest: '0'.repeat(64), fileName: 'generated', rejects: [],
      orders: documents.map(document => ({ document, rows: document.reference, lineCount: document.lines.length, originals: null })),
      progress: { taken: 0, rejectsWritten: 0, bytesRead: 0, bytesTotal: 0, counts: noCounts() },
    })
  }

  recordDecisions(batch: DecisionBatch): void {
    this.#take('record-decisions', batch)
  }

  close(): void {
    this.#loop.close()
  }

  #take(name: 'import-chunk' | 'record-decisions', input: unknown): void {
    const id = this.#ids.next()
    const invocation: Invocation = {
      id, correlationId: id, parentId: null, tenant: 'acme', actor: { id: 'system:scale', kind: 'system', method: 'engine', roles: [] },
      locale: 'en', site: 'scale', reason: null, toggles: [],
    }
    this.#loop.take({ t: 'write', id: 1, tenant: 'acme', lane: 'bulk', name, invocation, input })
    for (let work = this.#due.shift(); work !== undefined; work = this.#due.shift()) work()
  }
}

const NO_DIGEST = '0'.repeat(64)
const PASSED = { kind: 'validation', ok: true, answer: '{"outcome":"passed","findings":[]}', inputDigest: NO_DIGEST } as const
const APPROVED = { kind: 'approval', ok: true, answer: '{"outcome":"approved","explanation":[]}', inputDigest: NO_DIGEST } as const

/**
 * Decides what is pending in one thread, the pack's own code in a bare loop: no sandbox, no process. What speed is measured
 * against, and how a large site is made.
 */
export function bareDecider(folder: string, composition: Composition): (writer: HereWriter) => void {
  const found = packsOf(folder).find(composition.pricing.digest)
  if (found.state !== 'ready') throw new Error('the pricing pack is not there')
  const code = new TextDecoder().decode(found.pack.files.get(composition.pricing.entry))
  const module: { price?: PricingPolicy['price'] } = {}
  // oxlint-disable-next-line typescript/no-implied-eval -- the yardstick is the pack's own code without any sandbox
  new Function('exports', code)(module)
  const { price } = module
  if (price === undefined) throw new Error('the pricing pack prices nothing')
  const reader = new TenantReader(folder, 'acme', undefined)
  let after = 0
  return writer => {
    for (;;) {
      const batch = pendingOrders(reader, { after, limit: CHUNK, exposure: false })
      const last = batch.orders.at(-1)
      if (last === undefined) return
      after = last.key
      const orders: DecisionBatch['orders'] = batch.orders.map(order => {
        const answer = price({ order: JSON.parse(order.view) as PricingInput['order'] }, composition.pricing.config)
        return { ...order, steps: [PASSED, { kind: 'pricing', ok: true, answer: JSON.stringify({ outcome: 'priced', ...answer }), inputDigest: NO_DIGEST }, APPROVED] }
      })
      writer.recordDecisions({
        receipts: receiptsOf(composition, batch.position, VERSION, { ses: '0', v8: process.versions.v8 }), confirmation: 'automatic', orders,
      })
    }
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { largeSite, seeded } from '#test/scale/make-site.ts'
import { sourceEngine } from '#test/support/source-engine.ts'
import { median, percentile, type BenchResult } from './bench-result.ts'
import { onlineRetailOrders } from './real-orders.ts'

const ORDERS = Number(process.env['KEELSON_SCALE'] ?? 1_000_000)

/** The orders list and the order page of a large site, at the API, while an import runs into the same tenant. */
export async function run(say: (line: string) => void = () => undefined): Promise<BenchResult[]> {
  const folder = await largeSite(ORDERS, say)
  const work = mkdtempSync(join(tmpdir(), 'keelson-bench-reading-'))
  const { engine, client } = await sourceEngine(folder)
  try {
    const file = join(work, 'more.csv')
    writeFileSync(file, await freshOrders(`B${Date.now()}-`))
    const { jobId } = await client.commands['start-import']({ tenant: 'acme', path: file, map: 'online-retail' })
    const random = seeded(7)
    const someImport = await importOf(client, 'S0500000')
    const list: number[] = []
    const page: number[] = []
    const timed = async (into: number[], call: () => Promise<unknown>): Promise<void> => {
      const startedAt = performance.now()
      await call()
      into.push(performance.now() - startedAt)
    }
    let running = true
    while (running) {
      const kinds = [
        { sort: 'newest' as const }, { sort: 'oldest' as const }, { sort: 'amount-high' as const }, { sort: 'newest' as const, states: ['confirmed' as const] },
        { sort: 'newest' as const, search: `S${String(Math.floor(random() * ORDERS)).padStart(7, '0').slice(0, 5)}` }, { sort: 'reference' as const, orgpath: '/acme/uk' },
        { sort: 'newest' as const, search: 'white heart' }, { sort: 'amount-high' as const, import: someImport },
      ]
      for (const kind of kinds) {
        let after: string | null = null
        // The first page, and one that follows it.
        for (let n = 0; n < 2; n++) {
          const input = { tenant: 'acme', limit: 100, ...kind, ...(after === null ? {} : { after }) }
          await timed(list, async () => { after = (await client.queries.orders(input)).next })
        }
      }
      for (let n = 0; n < 12; n++) {
        const order = `S${String(Math.floor(random() * ORDERS)).padStart(7, '0')}`
        await timed(page, () => client.queries.order({ tenant: 'acme', order }))
      }
      running = (await client.queries.job({ tenant: 'acme', jobId })).state === 'running'
    }
    const figure = (name: string, values: readonly number[], most: number): BenchResult[] => [
      { name: `${name}, median`, value: Number(median(values).toFixed(2)), unit: 'ms', ratio: null, floor: null },
      { name: `${name}, p95`, value: Number(percentile(values, 0.95).toFixed(2)), unit: 'ms', ratio: null, floor: most },
    ]
    return [
      ...figure(`reading: orders list at ${ORDERS.toLocaleString('en')} orders, import running (${list.length} calls)`, list, 20),
      ...figure(`reading: order page at ${ORDERS.toLocaleString('en')} orders, import running (${page.length} calls)`, page, 30),
    ]
  } finally {
    await engine.close()
    rmSync(work, { recursive: true, force: true })
  }
}

/** The import that brought an order: what the events of the order began with. */
async function importOf(client: KeelsonClient, order: string): Promise<string> {
  const { events } = await client.queries.order({ tenant: 'acme', order })
  return events[0]?.correlationid ?? ''
}

/** The real orders under new references, as the same CSV. */
async function freshOrders(prefix: string): Promise<string> {
  const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`
  let text = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n'
  for await (const documents of onlineRetailOrders(1000)) {
    for (const document of documents) {
      for (const line of document.lines) {
        text += `${prefix}${document.reference},${quote(line.item)},${quote(line.description ?? '')},${line.quantity},${document.placedOn ?? ''},${line.price ?? ''},${document.account.code},United Kingdom\n`
      }
    }
  }
  return text
}

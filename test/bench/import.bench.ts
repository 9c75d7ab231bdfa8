import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourceEngine } from '#test/support/source-engine.ts'
import { median, type BenchResult } from './bench-result.ts'

const ROUNDS = 3
const MOST_MS = 8000
const root = new URL('../../', import.meta.url)

/** The whole Online Retail file under acme, from the first byte to the settled pipeline; and what the processes hold. */
export async function run(): Promise<BenchResult[]> {
  const took: number[] = []
  let idle = 0
  let after = 0
  for (let round = 0; round < ROUNDS; round++) {
    const folder = mkdtempSync(join(tmpdir(), 'keelson-bench-import-'))
    const { engine, client } = await sourceEngine(folder)
    try {
      await client.commands['create-tenant']({ tenant: 'acme', profile: 'acme' })
      if (round === 0) idle = process.memoryUsage.rss()
      const { jobId } = await client.commands['start-import']({ tenant: 'acme', path: new URL('test/data/online-retail/online_retail.open.csv.gz', root).pathname, map: 'online-retail' })
      for await (const job of await client.streams.job({ tenant: 'acme', jobId })) if (job.durationMs !== null) took.push(job.durationMs)
      after = process.memoryUsage.rss()
    } finally {
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)
  return [
    { name: 'import: 325,153 lines to settled pipeline', value: median(took), unit: 'ms', ratio: null, floor: MOST_MS },
    { name: 'memory: engine process, idle', value: megabytes(idle), unit: 'MB', ratio: null, floor: null },
    { name: 'memory: engine process, after the import', value: megabytes(after), unit: 'MB', ratio: null, floor: null },
  ]
}

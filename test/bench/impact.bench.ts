import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourceEngine } from '#test/support/source-engine.ts'
import { median, type BenchResult } from './bench-result.ts'

const ROUNDS = 3
const MOST_MS = 3000
const root = new URL('../../', import.meta.url)

/** Every order of the Online Retail file under acme, decided again by the active profile and by one with another tier. */
export async function run(say: (line: string) => void): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-bench-impact-'))
  const { engine, client } = await sourceEngine(folder)
  const tenant = 'acme'
  const ended = async (jobId: string): Promise<void> => {
    for await (const job of await client.streams.job({ tenant, jobId })) if (job.error !== null) throw new Error(job.error.message)
  }
  try {
    await client.commands['create-tenant']({ tenant, profile: 'acme' })
    const { jobId } = await client.commands['start-import']({ tenant, path: new URL('test/data/online-retail/online_retail.open.csv.gz', root).pathname, map: 'online-retail' })
    await ended(jobId)
    const document = readFileSync(new URL('profiles/acme/profile.yaml', root), 'utf8').replace(`{ from: '144', percent: '5' }`, `{ from: '144', percent: '6' }`)
    const took: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const run = await client.commands['start-impact']({ tenant, orders: { last: 1_000_000 }, candidate: { document } })
      await ended(run.jobId)
      const { counts, durationMs } = await client.queries['impact-result']({ tenant, runId: run.jobId })
      say(`impact: ${counts.orders} orders, ${counts.changed} changed, ${counts.failed} failed, ${durationMs} ms`)
      took.push(durationMs)
    }
    return [{ name: 'impact: all orders of the import, another tier', value: median(took), unit: 'ms', ratio: null, floor: MOST_MS }]
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openKpack } from '#engine/packs/kpack.ts'
import { testEngine, type TestEngine } from '#test/support/test-engine.ts'

const FOLDER = new URL('../../resources/demo/gamma/', import.meta.url).pathname
const engines: TestEngine[] = []
afterEach(async () => { for (const engine of engines.splice(0)) await engine.end() })

async function gamma(): Promise<TestEngine> {
  const engine = await testEngine()
  engines.push(engine)
  await engine.client.commands['create-tenant']({ tenant: 'gamma', profile: 'gamma' })
  return engine
}

async function importAll({ client }: TestEngine): Promise<void> {
  for (const name of readdirSync(FOLDER).sort()) {
    const { jobId } = await client.commands['start-import']({ tenant: 'gamma', path: join(FOLDER, name) })
    for await (const job of await client.streams.job({ tenant: 'gamma', jobId })) if (job.state === 'failed') throw new Error(job.error?.message)
  }
}

/** Changes one byte of the pack's file in the data folder; gives what puts it right again. */
function spoil(engine: TestEngine, pack: string): () => void {
  const folder = join(engine.folder, 'packs')
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const bytes = readFileSync(file)
    const opened = openKpack(bytes)
    if (!opened.ok || opened.value.manifest.id !== pack) continue
    const spoilt = Buffer.from(bytes)
    const at = Math.floor(spoilt.length / 2)
    spoilt[at] = (spoilt[at] ?? 0) ^ 1
    writeFileSync(file, spoilt)
    return () => writeFileSync(file, bytes)
  }
  throw new Error(`no pack ${pack}`)
}

function notices(engine: TestEngine): string[] {
  const folder = join(engine.folder, 'tenants', 'gamma', 'outbox')
  return readdirSync(folder).flatMap(name => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map(line => JSON.parse(line) as { payload: { type: string; data: { details: { reference: string } } } })
    .filter(m => m.payload.type.includes('confirmed')).map(m => m.payload.data.details.reference).sort()
}

describe('one pack fails, the others do not notice', () => {
  it.each([
    ['restricted-items', 'submitted'], ['en16931-totals', 'validated'], ['threshold-approval', 'priced'], ['notify', 'confirmed'],
  ])('%s: only its dead letters grow, orders wait where it stands, and replay converges', async (pack, waitsIn) => {
    const calm = await gamma()
    await importAll(calm)
    const undisturbed = await calm.client.queries['state-digest']({ tenant: 'gamma' })
    const told = notices(calm)

    const engine = await gamma()
    await engine.stop()
    const mend = spoil(engine, pack)
    await engine.restart()
    await importAll(engine)

    const { client } = engine
    const letters = await client.queries['dead-letters']({ tenant: 'gamma', limit: 500 })
    expect(Object.keys(letters.byPack)).toEqual([pack])
    expect(new Set(letters.rows.map(l => l.code))).toEqual(new Set(['KS-PACK-MODIFIED']))
    const orders = await client.queries.orders({ tenant: 'gamma', limit: 500 })
    expect(letters.total).toBeGreaterThan(15)
    if (pack !== 'notify') {
      expect(new Set(orders.rows.map(o => o.state))).toEqual(new Set([waitsIn]))
      expect(orders.rows.every(o => o.needsAttention?.pack === pack)).toBe(true)
    }
    const status = await client.queries['site-status']({})
    expect(status.packs.filter(p => p.state !== 'ready').map(p => [p.pack, p.state])).toEqual([[pack, 'modified']])

    // Not mended yet: replaying changes nothing but the count of attempts.
    const early = await client.commands['replay-dead-letters']({ tenant: 'gamma' })
    expect(early).toEqual({ replayed: letters.total, resolved: 0, failed: letters.total })

    mend()
    const replayed = await client.commands['replay-dead-letters']({ tenant: 'gamma' })
    expect(replayed).toEqual({ replayed: letters.total, resolved: letters.total, failed: 0 })
    expect((await client.queries['dead-letters']({ tenant: 'gamma' })).total).toBe(0)
    expect(await client.queries['state-digest']({ tenant: 'gamma' })).toEqual(undisturbed)
    expect(told.length).toBeGreaterThan(5)
    expect(notices(engine)).toEqual(told)
  })
})

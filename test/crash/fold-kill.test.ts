import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { PackDatabase } from '#engine/store/pack-database.ts'
import { reportKpack } from '#engine/testing/folding-tenant.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { amountsPack, amountsProfile } from '#test/support/report-pack.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'
import { momentOf, startMain } from '#test/support/killed-process.ts'
import { RESOURCES, sourceEngine } from '#test/support/source-engine.ts'

/** Kills, each at another moment of a pack's upgrade: while the log is folded anew, and while its tables take over. */
const KILLS = Number(process.env['KEELSON_FOLD_KILLS'] ?? 5)
const ORDERS = 400
/** Turns of a loop that each event takes, so that there is a middle to be killed in. */
const WORK = 2_000_000

const folder = mkdtempSync(join(tmpdir(), 'keelson-fold-crash-'))
const before = join(folder, 'before')
const tables = amountsPack('2.0.0').tables
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  const resources = join(folder, 'resources')
  cpSync(RESOURCES, resources, { recursive: true })
  for (const version of ['1.0.0', '2.0.0'] as const) writeFileSync(join(resources, 'packs', `amounts-${version}.kpack`), reportKpack(amountsPack(version, version === '2.0.0' ? WORK : 0)))
  const { engine, client } = await sourceEngine(before, { resourcesFolder: resources })
  await client.commands['create-tenant']({ tenant: 'acme', profile: amountsProfile('acme', '^1.0.0') })
  for (let i = 0; i < ORDERS; i++) await client.commands['draft-order']({ tenant: 'acme', document: anOrder({ reference: `PO-${i}`, currency: null, lines: [aLine({ price: `${i}.4567` })] }) })
  await answers(client, 0)
  // Published, and stopped as its tables begin.
  await client.commands['publish-profile']({ tenant: 'acme', document: amountsProfile('acme', '^2.0.0') })
  await engine.close()
}, 120_000)

describe(`a pack's upgrade that is killed ${KILLS} times`, () => {
  it('ends in the tables of an undisturbed one; until then the old ones answer, whole', async () => {
    const calm = join(folder, 'calm')
    cpSync(before, calm, { recursive: true })
    const wholeMs = await run(calm, null)
    const killed = join(folder, 'killed')
    cpSync(before, killed, { recursive: true })
    for (let i = 0; i < KILLS; i++) await run(killed, momentOf(i, wholeMs * 0.6))
    await run(killed, null)
    expect(digestOf(killed)).toEqual(digestOf(calm))
    expect((await examine(killed, { startPackHost: forkPackHost(BUILT_ENTRIES.packHost) })).findings).toEqual([])
  }, 240_000)
})

type Client = Awaited<ReturnType<typeof sourceEngine>>['client']

async function answers(client: Client, behind: number) {
  for (;;) {
    const answer = await client.queries['pack-query']({ tenant: 'acme', pack: 'amounts', query: 'total' })
    if (answer.behind <= behind) return answer
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Runs the engine until its new tables answer, or until it is killed; says how long that took. */
function run(data: string, killAfterMs: number | null): Promise<number> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const child = startMain(new URL('fold-main.ts', import.meta.url), data)
    const kill = killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    child.on('message', message => {
      const total = message as string
      // Either version, and always of all orders.
      if (total !== TOTALS.old && total !== TOTALS.new) reject(new Error(`half of the tables answered: ${total}`))
      if (total === TOTALS.new) child.kill('SIGKILL')
    })
    child.on('exit', () => {
      if (kill !== null) clearTimeout(kill)
      resolve(performance.now() - begun)
    })
  })
}

const sum = (ORDERS * (ORDERS - 1)) / 2
const TOTALS = { old: (sum + ORDERS * 0.45).toFixed(2), new: (sum + ORDERS * 0.4567).toFixed(4) }

function digestOf(data: string) {
  const ext = join(data, 'tenants', 'acme', 'ext')
  for (const name of readdirSync(ext).filter(each => /^amounts@[0-9a-f]{64}\.db$/.test(each))) {
    try {
      return PackDatabase.read(join(ext, name), tables, undefined, database => database.digest())
    } catch {
      // The tables of the other version.
    }
  }
  throw new Error('there are no tables')
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { anOrder } from '#engine/testing/order-builder.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'
import { countUntilKilled, momentOf, startMain } from '#test/support/killed-process.ts'
import { sourceEngine } from '#test/support/source-engine.ts'

/** Kills, each at another moment between a command's question, its events and their fold. */
const KILLS = Number(process.env['KEELSON_COMMAND_KILLS'] ?? 5)

const data = mkdtempSync(join(tmpdir(), 'keelson-command-crash-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

describe(`commands of a pack that are killed ${KILLS} times`, () => {
  it('lose nothing that was acknowledged, do nothing twice, and leave rows that the log gives', async () => {
    const begun = await sourceEngine(data)
    await begun.client.commands['create-tenant']({ tenant: 'delta', profile: 'delta' })
    await begun.client.commands['draft-order']({ tenant: 'delta', document: anOrder({ account: { code: 'C-12', name: null } }) })
    await begun.engine.close()

    let acknowledged = -1
    // The last one may be on disk without an answer: it is given again, as whoever asked would.
    for (let i = 0; i < KILLS; i++) acknowledged = Math.max(acknowledged, await run(acknowledged + 1, 3 + momentOf(i, 60)))

    const { engine, client } = await sourceEngine(data)
    const add = (n: number) => client.commands['pack-command']({
      tenant: 'delta', pack: 'customers', command: 'add-contact', input: { account: 'C-12', name: `Contact ${n}` }, invocation: { id: `contact-${n}` },
    })
    await add(acknowledged + 1)
    const numbers: number[] = []
    for (let after: string | null = null; ;) {
      const page: { rows: readonly Readonly<Record<string, unknown>>[]; next: string | null } = await client.queries['pack-query']({ tenant: 'delta', pack: 'customers', query: 'contacts', after, limit: 500 })
      numbers.push(...page.rows.map(row => Number(String(row['name']).slice('Contact '.length))))
      after = page.next
      if (after === null) break
    }
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: acknowledged + 2 }, (_, n) => n))
    expect(acknowledged).toBeGreaterThan(KILLS)
    await engine.close()
    expect((await examine(data, { startPackHost: forkPackHost(BUILT_ENTRIES.packHost) })).findings).toEqual([])
  }, 240_000)
})

const ACKNOWLEDGED_FIRST = 3

/** Gives commands from a number on, and is killed some time after the third was acknowledged, however slow the machine; says the last that was. */
function run(first: number, killAfterMs: number): Promise<number> {
  return countUntilKilled(startMain(new URL('command-main.ts', import.meta.url), data, String(first)), { after: ACKNOWLEDGED_FIRST, killAfterMs })
}

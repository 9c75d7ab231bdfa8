import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { countUntilKilled, momentOf, startMain } from '#test/support/killed-process.ts'
import { profileText } from '#test/support/profile-text.ts'
import { sourceEngine } from '#test/support/source-engine.ts'

/** Kills, each at another moment between a draft, its version, and the time from which it counts. */
const KILLS = Number(process.env['KEELSON_PROFILE_KILLS'] ?? 5)

const data = mkdtempSync(join(tmpdir(), 'keelson-profile-crash-'))
const tenant = 'north'
afterAll(() => rmSync(data, { recursive: true, force: true }))

describe(`publishing that is killed ${KILLS} times`, () => {
  it('loses no version that was acknowledged, makes none twice, and has what waited count after the restart', async () => {
    const begun = await sourceEngine(data)
    await begun.client.commands['create-tenant']({ tenant, profile: profileText(tenant, "{ pack: flat-discount, version: ^1.0.0, config: { percent: '1' } }") })
    await begun.engine.close()

    let acknowledged = -1
    for (let i = 0; i < KILLS; i++) acknowledged = Math.max(acknowledged, await run(acknowledged + 1, 3 + momentOf(i, 90)))
    // The last one may be on disk without an answer: it is asked for again, as whoever asked would.
    const last = await run(acknowledged + 1, 0)

    const { engine, client } = await sourceEngine(data)
    while ((await client.queries['profile-versions']({ tenant })).scheduled !== null) await new Promise(resolve => setTimeout(resolve, 5))
    const { rows, active } = await client.queries['profile-versions']({ tenant, limit: 200 })
    const published = rows.toReversed()
    expect(published.map(({ version }) => version)).toEqual(published.map((_, index) => index + 1))
    const numbers = published.slice(1).map(({ reason }) => Number(reason))
    expect(numbers.slice(0, last + 1)).toEqual(Array.from({ length: last + 1 }, (_, n) => n))
    // At most the one that the last kill cut off.
    expect(numbers.length - (last + 1)).toBeLessThanOrEqual(1)
    expect(active).toBe(published.length)
    expect(published.slice(1).every(({ reason, rolledBackTo, effectiveAt }) => [effectiveAt === null && rolledBackTo === null, effectiveAt !== null, rolledBackTo === 1][Number(reason) % 3])).toBe(true)
    expect((await client.queries['profile-drafts']({ tenant })).rows.length).toBeLessThanOrEqual(1)
    expect(last).toBeGreaterThanOrEqual(KILLS)
    await engine.close()
    expect((await examine(data)).findings).toEqual([])
  }, 240_000)
})

/** Publishes versions from a number on, and is killed some time after the first was acknowledged; says the last that was. */
function run(first: number, killAfterMs: number): Promise<number> {
  return countUntilKilled(startMain(new URL('profile-main.ts', import.meta.url), data, String(first)), { after: 1, killAfterMs })
}

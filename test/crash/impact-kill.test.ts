import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { heard, isReady, kill, momentOf, startMain } from '#test/support/killed-process.ts'
import { firstRetailOrders } from '#test/support/retail-orders.ts'
import { THOROUGH } from '#engine/testing/thorough.ts'

const KILLS = Number(process.env['KEELSON_KILLS'] ?? (THOROUGH ? 12 : 3))
/** Lines of the real file: several batches of orders. */
const LINES = 70_000
const root = new URL('../../', import.meta.url)

interface Outcome { readonly state: string; readonly counts: { readonly orders: number; readonly changed: number }; readonly summary: unknown; readonly changes: readonly string[]; readonly ok: boolean }

const folder = mkdtempSync(join(tmpdir(), 'keelson-impact-kill-'))
const profile = join(folder, 'profile.yaml')
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

const start = (...args: readonly string[]): ChildProcess => startMain(new URL('impact-main.ts', import.meta.url), ...args)
const outcome = (message: unknown): message is Outcome => typeof message === 'object'

describe(`a comparison whose engine is killed ${KILLS} times`, () => {
  const imported = join(folder, 'imported')
  beforeAll(async () => {
    const csv = await firstRetailOrders(folder, LINES)
    writeFileSync(profile, readFileSync(new URL('profiles/acme/profile.yaml', root), 'utf8').replace(`{ from: '144', percent: '5' }`, `{ from: '144', percent: '6' }`))
    const child = start(imported, 'import', csv)
    expect(await new Promise(resolve => child.once('exit', resolve))).toBe(0)
  }, 120_000)

  it('comes back whole: the same orders, each once, and the same sums', async () => {
    const calm = join(folder, 'calm')
    cpSync(imported, calm, { recursive: true })
    const undisturbed = start(calm, 'start', profile)
    await heard(undisturbed, isReady)
    await kill(undisturbed, 0)
    const expected = await heard(start(calm, 'finish'), outcome)

    const data = join(folder, 'disturbed')
    cpSync(imported, data, { recursive: true })
    let child = start(data, 'start', profile)
    await heard(child, isReady)
    for (let i = 0; i < KILLS; i++) {
      await kill(child, momentOf(i, 900))
      child = start(data, i === KILLS - 1 ? 'finish' : 'resume')
      if (i < KILLS - 1) await heard(child, isReady)
    }
    const disturbed = await heard(child, outcome)

    expect(expected.counts.orders).toBeGreaterThan(2000)
    expect(expected.counts.changed).toBeGreaterThan(100)
    expect(disturbed).toEqual(expected)
    expect(disturbed).toMatchObject({ state: 'succeeded', ok: true })
    expect(await examine(data)).toEqual({ ok: true, findings: [] })

    // The log says once that it began, once what it came to, and nothing of the orders.
    const db = new Database(join(data, 'tenants', 'acme', 'core.db'), { readonly: true })
    const runs = db.prepare<[], { type: string; n: number }>(`SELECT type, count(*) AS n FROM events WHERE type LIKE 'keelson.run.%' GROUP BY type ORDER BY type`).all()
    db.close()
    expect(runs).toEqual([{ type: 'keelson.run.finished.v1', n: 1 }, { type: 'keelson.run.started.v1', n: 1 }])
  }, 240_000)
})

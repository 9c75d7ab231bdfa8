import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { heard, isReady, kill, momentOf, startMain } from '#test/support/killed-process.ts'
import { firstRetailOrders, RETAIL_ORDERS } from '#test/support/retail-orders.ts'
import { THOROUGH } from '#engine/testing/thorough.ts'

/** Kills during one import; each at another moment after the engine is up again. */
const KILLS = Number(process.env['KEELSON_KILLS'] ?? (THOROUGH ? 50 : 5))
let file = RETAIL_ORDERS

interface Outcome {
  readonly digest: string
  readonly verified: { readonly ok: boolean; readonly events: number }
  readonly counts: unknown
  readonly state: string
  readonly letters: number
}

const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-crash-'))
  folders.push(folder)
  return folder
}
afterAll(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }) })

const start = (folder: string, ...args: readonly string[]): ChildProcess => startMain(new URL('engine-main.ts', import.meta.url), folder, ...args)
const outcome = (message: unknown): message is Outcome => typeof message === 'object'

/** Messages in the outbox, by their idempotency key. */
function outbox(folder: string): { readonly ids: Set<string>; readonly subjects: Set<string>; readonly withoutId: number } {
  const ids = new Set<string>()
  const subjects = new Set<string>()
  let withoutId = 0
  const root = join(folder, 'tenants', 'acme')
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(n => n.endsWith('.ndjson') && !n.includes('rejects'))) {
    for (const line of readFileSync(join(root, name), 'utf8').trim().split('\n')) {
      const message = JSON.parse(line) as { id?: string; payload: { data: { details: { reference: string } } } }
      if (message.id === undefined || message.id === '') withoutId++
      else ids.add(message.id)
      subjects.add(message.payload.data.details.reference)
    }
  }
  return { ids, subjects, withoutId }
}

describe(`an import whose engine is killed ${KILLS} times`, () => {
  const calm = { folder: '', outcome: null as Outcome | null }
  beforeAll(async () => {
    if (!THOROUGH) file = await firstRetailOrders(newFolder(), 50_000)
    calm.folder = newFolder()
    calm.outcome = await heard(start(calm.folder, 'import', file), outcome)
  }, 120_000)

  it('ends in the state of an undisturbed one: nothing lost, nothing doubled, the chain whole', async () => {
    const folder = newFolder()
    let child = start(folder, 'import', file)
    await heard(child, isReady)
    for (let i = 0; i < KILLS; i++) {
      await kill(child, momentOf(i, THOROUGH ? 400 : 250))
      child = start(folder, i === KILLS - 1 ? 'finish' : 'resume')
      if (i < KILLS - 1) await heard(child, isReady)
    }
    const disturbed = await heard(child, outcome)

    expect(disturbed.state).toBe('succeeded')
    expect(disturbed.digest).toBe(calm.outcome?.digest)
    expect(disturbed.counts).toEqual(calm.outcome?.counts)
    expect(disturbed.letters).toBe(0)
    expect(disturbed.verified.ok).toBe(true)
    expect(await examine(folder)).toEqual({ ok: true, findings: [] })

    const db = new Database(join(folder, 'tenants', 'acme', 'core.db'), { readonly: true })
    const confirmed = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM orders WHERE state = 'confirmed'`).get()?.n
    db.close()
    const sent = outbox(folder)
    expect(sent.withoutId).toBe(0)
    expect(sent.ids.size).toBe(confirmed)
    expect(sent.subjects).toEqual(outbox(calm.folder).subjects)
  })
})

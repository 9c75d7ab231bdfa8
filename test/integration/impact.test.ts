import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { firstRetailOrders } from '#test/support/retail-orders.ts'
import { settled, testEngine, type TestEngine } from '#test/support/test-engine.ts'

const root = new URL('../../', import.meta.url)
const PROFILE = readFileSync(new URL('profiles/acme/profile.yaml', root), 'utf8')
const OTHER_TIER = PROFILE.replace(`{ from: '48', percent: '2.5' }`, `{ from: '40', percent: '3' }`)
/** Lines of the real file: some 500 orders. */
const LINES = 12_000

let site: TestEngine

async function ended(tenant: string, jobId: string) {
  for await (const job of await site.client.streams.job({ tenant, jobId })) if (job.error !== null) throw new Error(`${job.error.code} ${job.error.message}`)
  return await site.client.queries.job({ tenant, jobId })
}

type Start = Parameters<TestEngine['client']['commands']['start-impact']>[0]

async function impact(tenant: string, given: Omit<Start, 'tenant'>) {
  const { jobId: runId } = await site.client.commands['start-impact']({ tenant, ...given })
  const job = await ended(tenant, runId)
  const result = await site.client.queries['impact-result']({ tenant, runId })
  const { rows } = await site.client.queries['impact-changes']({ tenant, runId, sort: 'order', limit: 1000 })
  return { runId, job, result, rows }
}

async function payables(tenant: string): Promise<Map<string, number | null>> {
  const all = new Map<string, number | null>()
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<TestEngine['client']['queries']['orders']>> = await site.client.queries.orders({ tenant, sort: 'oldest', after, limit: 500 })
    for (const row of page.rows) all.set(row.reference, row.price?.payableMinor ?? null)
    if (page.next === null) return all
    after = page.next
  }
}

beforeAll(async () => {
  site = await testEngine()
}, 60_000)
afterAll(() => site.end())

describe('over real orders', () => {
  beforeAll(async () => {
    const csv = await firstRetailOrders(join(site.folder, '..'), LINES)
    for (const [tenant, profile] of [['acme', PROFILE], ['again', OTHER_TIER]] as const) {
      await site.client.commands['create-tenant']({ tenant, profile })
      const { jobId } = await site.client.commands['start-import']({ tenant, path: csv, map: 'online-retail' })
      await ended(tenant, jobId)
    }
  }, 60_000)

  it('finds nothing where a profile is compared with itself', async () => {
    const { result, job } = await impact('acme', { orders: { last: 100_000 }, candidate: { document: PROFILE } })
    expect(result.counts.orders).toBeGreaterThan(400)
    expect(result).toMatchObject({ counts: { unchanged: result.counts.orders, changed: 0, failed: 0 }, summary: { kinds: [], distribution: [], failures: [] } })
    expect(job).toMatchObject({ kind: 'impact', state: 'succeeded', run: result.counts })
  })

  it('finds exactly what importing the same file under the new profile comes to', async () => {
    const { result, rows } = await impact('acme', { orders: { last: 100_000 }, candidate: { document: OTHER_TIER } })
    const [was, is] = [await payables('acme'), await payables('again')]
    const really = [...was].flatMap(([reference, before]) => (before === is.get(reference) ? [] : [{ reference, before, after: is.get(reference) }]))
    expect(really.length).toBeGreaterThan(20)
    expect(rows.map(({ reference, beforeMinor, afterMinor }) => ({ reference, before: beforeMinor, after: afterMinor }))).toEqual(really)
    expect(result.counts).toMatchObject({ orders: was.size, changed: really.length, failed: 0 })
    const total = really.reduce((sum, { before, after }) => sum + ((after ?? 0) - (before ?? 0)), 0)
    expect(result.summary?.kinds.map(each => ({ kind: each.kind, orders: each.orders, delta: each.afterMinor - each.beforeMinor }))).toEqual([{ kind: 'amount', orders: really.length, delta: total }])
    expect(result.summary?.distribution.reduce((sum, each) => sum + each.orders, 0)).toBe(really.length)
  })

  it('shows one order as both sides explain it, decided again', async () => {
    const { runId, rows: [first] } = await impact('acme', { orders: { last: 100_000 }, candidate: { document: OTHER_TIER } })
    const order = await site.client.queries['impact-order']({ tenant: 'acme', runId, order: first?.orderId ?? '' })
    expect(order.before.decisions.pricing?.totals?.payableMinor).toBe(first?.beforeMinor)
    expect(order.after.decisions.pricing?.totals?.payableMinor).toBe(first?.afterMinor)
    expect(order.differences).toEqual(first?.differences)
    expect(order.after.decisions.pricing?.receipt.parts[0]?.pack).toBe('tiered-pricing')
    expect(order.after.decisions.pricing?.explanation).not.toEqual(order.before.decisions.pricing?.explanation)
  })

  it('pages through the changes, the largest first, and each once', async () => {
    const { runId, rows } = await impact('acme', { orders: { last: 100_000 }, candidate: { document: OTHER_TIER } })
    const seen: { size: number; reference: string }[] = []
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<TestEngine['client']['queries']['impact-changes']>> = await site.client.queries['impact-changes']({ tenant: 'acme', runId, after, limit: 7 })
      seen.push(...page.rows.map(row => ({ reference: row.reference, size: Math.abs((row.afterMinor ?? 0) - (row.beforeMinor ?? 0)) })))
      expect(page.total).toBe(rows.length)
      if (page.next === null) break
      after = page.next
    }
    expect(seen.map(({ size }) => size)).toEqual(seen.map(({ size }) => size).toSorted((a, b) => b - a))
    expect(seen.map(({ reference }) => reference).toSorted()).toEqual(rows.map(({ reference }) => reference).toSorted())
  })

  it('takes the newest, a period, or those that are named', async () => {
    const candidate = { document: OTHER_TIER }
    const { rows: oldest } = await site.client.queries.orders({ tenant: 'acme', sort: 'oldest', limit: 3 })
    const some = oldest.map(row => row.reference)
    const first = (oldest[0]?.placedOn ?? '').slice(0, 10)
    const next = new Date(Date.parse(first) + 24 * 3600 * 1000).toISOString().slice(0, 10)
    expect((await impact('acme', { orders: { last: 10 }, candidate })).result.counts.orders).toBe(10)
    expect((await impact('acme', { orders: { ids: [...some, some[0] ?? ''] }, candidate })).result.counts.orders).toBe(3)
    const all = (await impact('acme', { orders: { from: null, to: null }, candidate })).result.counts.orders
    const day = (await impact('acme', { orders: { from: first, to: first }, candidate })).result.counts.orders
    const later = (await impact('acme', { orders: { from: next, to: null }, candidate })).result.counts.orders
    expect(day).toBeGreaterThan(10)
    expect(day + later).toBe(all)
  })

  it('writes nothing to the log but that it ran', async () => {
    const before = await site.client.queries['verify-log']({ tenant: 'acme' })
    await impact('acme', { orders: { last: 50 }, candidate: { document: OTHER_TIER } })
    const after = await site.client.queries['verify-log']({ tenant: 'acme' })
    expect(after.events).toBe(before.events + 2)
    const digest = await site.client.queries['state-digest']({ tenant: 'acme' })
    await impact('acme', { orders: { last: 50 }, candidate: { document: OTHER_TIER } })
    expect(await site.client.queries['state-digest']({ tenant: 'acme' })).toEqual(digest)
  })

  it('can be cancelled: what it found by then stays, and says that it is not all', async () => {
    const before = await site.client.queries['verify-log']({ tenant: 'acme' })
    const { jobId: runId } = await site.client.commands['start-impact']({ tenant: 'acme', orders: { last: 100_000 }, candidate: { document: OTHER_TIER } })
    expect(await site.client.commands['cancel-job']({ tenant: 'acme', jobId: runId })).toEqual({ state: 'cancelled' })
    const { counts, planned } = await site.client.queries['impact-result']({ tenant: 'acme', runId })
    expect(counts.orders).toBeLessThan(planned)
    expect(await site.client.queries['verify-log']({ tenant: 'acme' })).toMatchObject({ ok: true, events: before.events + 2 })
  })

  it('compares with the profile that each order was submitted under, where that is asked', async () => {
    await site.client.commands['publish-profile']({ tenant: 'again', document: PROFILE })
    const candidate = { document: PROFILE }
    expect((await impact('again', { orders: { last: 100_000 }, candidate })).result.counts.changed).toBe(0)
    expect((await impact('again', { orders: { last: 100_000 }, candidate, baseline: 'own' })).result.counts.changed).toBeGreaterThan(20)
  })
})

describe('what accounts were', () => {
  const LIMITED = (limit: string): string => PROFILE.replace('    - default: accept-all', `    - pack: credit-limit\n      version: ^1.0.0\n      config: { exponent: 2, defaultLimit: '${limit}' }`)

  it('is as it was when each order was decided', async () => {
    const tenant = 'limited'
    await site.client.commands['create-tenant']({ tenant, profile: LIMITED('100') })
    for (const [index, price] of ['60', '30', '20', '5'].entries()) {
      const { orderId, revision } = await site.client.commands['draft-order']({ tenant, document: anOrder({ reference: `R${index}`, account: { code: '12346', name: null }, orgpath: '/acme/uk', currency: 'GBP', lines: [aLine({ price })] }) })
      await site.client.commands['submit-order']({ tenant, orderId, revision })
      await settled(site.client, tenant)
    }
    // 60, 30, then 20 is too much, then 5: each saw what the ones before it left.
    const recorded = await site.client.queries.orders({ tenant, sort: 'oldest' })
    expect(recorded.rows.map(row => row.needsAttention !== null)).toEqual([false, false, true, false])
    const same = await impact(tenant, { orders: { last: 10 }, candidate: { document: LIMITED('100') } })
    expect(same.result.counts).toEqual({ orders: 4, unchanged: 4, changed: 0, failed: 0 })
    const tighter = await impact(tenant, { orders: { last: 10 }, candidate: { document: LIMITED('92') } })
    expect(tighter.rows.map(({ reference, differences: [first] }) => [reference, first?.field, first?.before, first?.after])).toEqual([
      ['R2', 'validation.findings[0]', 'above-credit-limit: limit 100', 'above-credit-limit: limit 92'], ['R3', 'validation.outcome', 'passed', 'held'],
    ])
    // Executed again, a decision sees what its account owed then, not what it owes now.
    for (const order of ['R0', 'R3']) expect(await site.client.queries['replay-decision']({ tenant, order })).toMatchObject({ equal: true })
    const one = await site.client.queries['impact-order']({ tenant, runId: tighter.runId, order: 'R3' })
    const really = (await site.client.queries.order({ tenant, order: 'R3' })).decisions
    // What was put into the decision is byte for byte what was put into the recorded one.
    expect(one.before.decisions.validation?.receipt.inputDigest).toBe(really.validation?.receipt.inputDigest)
    expect(one.before.decisions.pricing?.receipt.inputDigest).toBe(really.pricing?.receipt.inputDigest)
  })
})

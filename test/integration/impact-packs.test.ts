import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pricingCode } from '#engine/testing/pack-fixtures.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { mediaWith, pricePack, profileWith } from '#test/support/install-media.ts'
import { profileText } from '#test/support/profile-text.ts'
import { settled, testEngine, type TestEngine } from '#test/support/test-engine.ts'

const DELTA = readFileSync(new URL('../../profiles/delta/profile.yaml', import.meta.url), 'utf8')

let site: TestEngine

type Start = Parameters<TestEngine['client']['commands']['start-impact']>[0]

async function impact(tenant: string, given: Omit<Start, 'tenant' | 'orders'>) {
  const { jobId: runId } = await site.client.commands['start-impact']({ tenant, orders: { last: 1000 }, ...given })
  for await (const job of await site.client.streams.job({ tenant, jobId: runId })) if (job.error !== null) throw new Error(`${job.error.code} ${job.error.message}`)
  const result = await site.client.queries['impact-result']({ tenant, runId })
  const { rows } = await site.client.queries['impact-changes']({ tenant, runId, sort: 'order', limit: 1000 })
  return { runId, result, rows }
}

async function order(tenant: string, reference: string, price = '10.00'): Promise<string> {
  const { orderId, revision } = await site.client.commands['draft-order']({ tenant, document: anOrder({ reference, currency: 'GBP', lines: [aLine({ price })] }) })
  await site.client.commands['submit-order']({ tenant, orderId, revision })
  await settled(site.client, tenant)
  return orderId
}

beforeAll(async () => {
  site = await testEngine()
  site.addPack('odd-prices', 'pricing-policy', pricingCode(`if (input.order.reference === 'BAD') throw new Error('no'); if (config.also === input.order.reference) throw new Error('nor this')`))
}, 60_000)
afterAll(() => site.end())

it('packs are tried from media that is not installed, by their own bytes, which the run keeps', async () => {
  const tenant = 'media'
  const media = await mediaWith(pricePack())
  const { fingerprint } = await site.client.commands['open-media']({ folder: media.folder })
  await site.client.commands['trust-root']({ folder: media.folder, fingerprint })
  const { install } = await site.client.commands['start-install']({ folder: media.folder, tenants: [] })
  for await (const view of await site.client.streams.install({ install })) if (view.error !== null) throw new Error(view.error.message)
  await site.client.commands['create-tenant']({ tenant, profile: profileWith(tenant) })
  await order(tenant, 'R1')
  await media.add([pricePack({ version: '1.1.0', surcharge: 5 })])

  const { result, rows, runId } = await impact(tenant, { candidate: { media: media.folder, packs: [{ pack: 'surcharge' }] } })
  expect(result.candidate.given).toEqual(['surcharge 1.1.0'])
  expect(rows.map(({ reference, differences }) => [reference, differences])).toEqual([['R1', [{ kind: 'breakdown', field: 'pricing.baseMinor', before: 1000, after: 1005 }]]])
  rmSync(media.folder, { recursive: true })
  const one = await site.client.queries['impact-order']({ tenant, runId, order: 'R1' })
  expect([one.before, one.after].map(({ decisions }) => decisions.pricing?.receipt.parts[0]?.version)).toEqual(['1.0.0', '1.1.0'])
  expect((await site.client.queries.packs({})).filter(({ id }) => id === 'surcharge').map(({ version }) => version)).toEqual(['1.0.0'])
})

describe('a pack that fails', () => {
  const tenant = 'failing'
  const under = (also?: string): string => profileText(tenant, `{ pack: odd-prices, version: ^1.0.0, config: { ${also === undefined ? '' : `also: ${also}`} } }`)
  beforeAll(async () => {
    await site.client.commands['create-tenant']({ tenant, profile: under() })
    for (const reference of ['GOOD', 'BAD', 'FINE']) await order(tenant, reference)
  })

  it('leaves its orders out of the comparison, and says which it failed on before', async () => {
    expect((await impact(tenant, { candidate: { document: under() } })).result).toMatchObject({
      counts: { orders: 3, unchanged: 2, changed: 0, failed: 1 }, summary: { failures: [{ step: 'pricing', pack: 'odd-prices', code: 'KS-PACK-THREW', orders: 1, failedBefore: 1 }] },
    })
    expect((await impact(tenant, { candidate: { document: under('FINE') } })).result).toMatchObject({
      counts: { orders: 3, unchanged: 1, changed: 0, failed: 2 }, summary: { failures: [{ orders: 2, failedBefore: 1 }] },
    })
  })

  it('is seen to be mended where the candidate answers', async () => {
    const { result, rows } = await impact(tenant, { candidate: { document: profileText(tenant, '{ pack: flat-discount, version: ^1.0.0, config: { percent: \'0\' } }') } })
    expect(result.counts).toMatchObject({ orders: 3, failed: 0 })
    expect(rows.find(({ reference }) => reference === 'BAD')?.differences[0]).toEqual({ kind: 'mended', field: 'pricing.failure', before: 'KS-PACK-THREW', after: null })
  })

  it('changes nothing against itself, also where a person has disabled the pack', async () => {
    await site.client.commands['disable-pack']({ tenant, pack: 'odd-prices', invocation: { reason: 'odd' } })
    expect((await impact(tenant, { candidate: { document: under() } })).result.counts).toEqual({ orders: 3, unchanged: 0, changed: 0, failed: 3 })
  })

  it('and an order that it cannot decide makes no case', async () => {
    await expect(site.client.commands['case-from-order']({ tenant, order: 'BAD' })).rejects.toMatchObject({ code: 'KS-CASE-FAILING' })
  })
})

describe('attributes of accounts', () => {
  it('are those that an account had when each order was decided', async () => {
    const tenant = 'delta'
    await site.client.commands['create-tenant']({ tenant, profile: DELTA })
    // Points make tiers, tiers make prices: the first orders knew nothing of that.
    for (const [index, price] of ['600.00', '100.00', '2000.00', '100.00'].entries()) {
      await order(tenant, `D${index}`, price)
      // Until what reactors made of it has counted.
      await site.client.commands['replay-dead-letters']({ tenant })
    }
    const recorded = (await site.client.queries.orders({ tenant, sort: 'oldest' })).rows.map(row => row.price?.payableMinor)
    expect(recorded).toEqual([60_000, 9_700, 194_000, 9_500])
    expect((await impact(tenant, { candidate: { document: DELTA } })).result.counts).toEqual({ orders: 4, unchanged: 4, changed: 0, failed: 0 })
    const { runId, rows } = await impact(tenant, { candidate: { document: DELTA.replace(`silver: '3'`, `silver: '4'`) } })
    expect(rows.map(({ reference, beforeMinor, afterMinor }) => [reference, beforeMinor, afterMinor])).toEqual([['D1', 9_700, 9_600], ['D2', 194_000, 192_000]])
    for (const reference of ['D0', 'D1', 'D3']) {
      const { before } = await site.client.queries['impact-order']({ tenant, runId, order: reference })
      const { decisions } = await site.client.queries.order({ tenant, order: reference })
      // What went into the decision now is byte for byte what went into the recorded one.
      expect(before.decisions.pricing?.receipt.inputDigest).toBe(decisions.pricing?.receipt.inputDigest)
    }
  })

  it('go into a golden case as they were, and the case passes', async () => {
    const tenant = 'delta'
    const made = await site.client.commands['case-from-order']({ tenant, order: 'D1', title: 'silver pays three percent less' })
    expect(made).toMatchObject({ title: 'silver pays three percent less', asRecorded: true })
    const verified = await site.client.queries['verify-profile']({ tenant })
    expect(verified).toEqual({ profiles: 1, cases: made.cases, passed: made.cases, failed: [] })
    await expect(site.client.commands['case-from-order']({ tenant, order: 'D1', title: 'silver pays three percent less' })).rejects.toMatchObject({ code: 'KS-CASE-KNOWN' })
    // Whoever publishes what would break it is told by the case.
    await expect(site.client.commands['publish-profile']({ tenant, document: DELTA.replace(`silver: '3'`, `silver: '4'`) })).rejects.toMatchObject({ code: 'KS-PROFILE-CASES-DIFFER' })
    expect(await site.client.commands['remove-case']({ tenant, title: 'silver pays three percent less', invocation: { reason: 'done' } })).toEqual({ cases: made.cases - 1 })
  })
})

describe('a release', () => {
  it('is verified on every profile of the product and of the tenants', async () => {
    const verified = await site.client.queries['verify-profiles']({})
    expect(verified.failed).toEqual([])
    expect(verified.profiles).toBeGreaterThan(10)
    expect(verified.passed).toBe(verified.cases)
  })

  it('names the profiles that a newer core would not run', async () => {
    const { failed } = await site.client.queries['verify-profiles']({ release: { engineVersion: '0.0.1' } })
    expect(failed.map(({ tenant }) => tenant)).toContain('delta')
    expect(failed.find(({ tenant }) => tenant === 'delta')).toMatchObject({ case: null, differences: [expect.stringContaining('0.0.1')] })
  })
})

it('changes nothing of a profile against itself, also where the site has values of its own over it', async () => {
  const tenant = 'sited'
  const document = profileText(tenant, `{ pack: flat-discount, version: ^1.0.0, config: { percent: '10' } }`)
  await site.client.commands['create-tenant']({ tenant, profile: document })
  await order(tenant, 'R1')
  await site.client.commands['set-site-values']({ tenant, values: { 'packs.flat-discount.config.percent': '20' }, invocation: { reason: 'here it is a fifth' } })
  const { result } = await impact(tenant, { candidate: { document } })
  expect(result).toMatchObject({ profileVersion: 2, counts: { orders: 1, unchanged: 1, changed: 0, failed: 0 } })
  expect((await impact(tenant, { candidate: { document }, baseline: 'own' })).rows.map(({ beforeMinor, afterMinor }) => [beforeMinor, afterMinor])).toEqual([[900, 800]])
})

describe('what a publication relies on', () => {
  it('is a comparison that has ended and tried just that; it is kept, whatever is swept', async () => {
    const tenant = 'relied'
    const now = profileText(tenant, `{ pack: flat-discount, version: ^1.0.0, config: { percent: '10' } }`)
    const then = now.replace(`'10'`, `'20'`)
    await site.client.commands['create-tenant']({ tenant, profile: now })
    await order(tenant, 'R1')
    const { runId } = await impact(tenant, { candidate: { document: then } })
    await expect(site.client.commands['publish-profile']({ tenant, document: then.replace(`'20'`, `'30'`), impactRun: runId })).rejects.toMatchObject({ code: 'KS-IMPACT-OTHER' })
    await expect(site.client.commands['publish-profile']({ tenant, document: then, impactRun: 'no-such-run' })).rejects.toMatchObject({ code: 'KS-RUN-UNKNOWN' })
    expect(await site.client.commands['publish-profile']({ tenant, document: then, impactRun: runId })).toMatchObject({ state: 'active', version: 2 })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anOrder } from '#engine/testing/order-builder.ts'
import { pricingCode } from '#engine/testing/pack-fixtures.ts'
import { testEngine, settled, type TestEngine } from '#test/support/test-engine.ts'

const profile = (tenant: string, pack: string) => `
schema: 2
id: ${tenant}
title: ${tenant}
organisation: [{ path: /${tenant}, name: ${tenant} }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: ${pack}, version: ^1.0.0 }
  approval: { default: always-approve }
  confirmation: automatic
`

/** What a pack does for orders of account EVIL; it prices the others. */
const evil = (body: string) => pricingCode(`if (input.order.account.code === 'EVIL') { ${body} }`)

describe('a hostile pricing policy, in a whole engine', () => {
  let engine: TestEngine
  beforeAll(async () => { engine = await testEngine() })
  afterAll(() => engine.end())

  it.each([
    ['loops', evil('for (;;) {}'), /KS-PACK-TIMEOUT/],
    ['fills-memory-with-a-map', evil('const m = new Map(); for (let i = 0; ; i++) m.set(i, new Array(500).fill(i))'), /KS-PACK-(CRASH|MEMORY|TIMEOUT)/],
    ['reaches-for-process', evil('return process.env'), /KS-PACK-THREW/],
    ['reaches-for-fetch', evil('return fetch("http://127.0.0.1:1")'), /KS-PACK-THREW/],
    ['reaches-for-the-clock', evil('return { price: Date.now() }'), /KS-PACK-THREW/],
    ['climbs-to-function', evil('return input.constructor.constructor("return process")()'), /KS-PACK-THREW/],
    ['returns-nan', evil('const a = plain(input); a.baseMinor = NaN; return a'), /KS-PACK-ANSWER/],
    ['returns-a-string', evil('return "12.50"'), /KS-PACK-ANSWER/],
    ['returns-a-getter', evil('const a = plain(input); return Object.defineProperty(a, "baseMinor", { get: () => 1, enumerable: true })'), /KS-PACK-ANSWER/],
    ['returns-a-promise', evil('return (async () => plain(input))()'), /KS-PACK-ANSWER/],
  ])('%s: the order is marked, the dead letter says what happened, the others go on', async (name, code, expected) => {
    engine.addPack(name, 'pricing-policy', code)
    const { client } = engine
    await client.commands['create-tenant']({ tenant: name, profile: profile(name, name) })
    const submit = async (reference: string, account: string) => {
      const { orderId } = await client.commands['draft-order']({ tenant: name, document: anOrder({ reference, account: { code: account, name: null } }) })
      await client.commands['submit-order']({ tenant: name, orderId, revision: 1 })
    }
    await submit('GOOD-1', 'GOOD')
    await submit('BAD', 'EVIL')
    await submit('GOOD-2', 'GOOD')
    await settled(client, name)

    const bad = (await client.queries.order({ tenant: name, order: 'BAD' })).order
    expect(bad.state).toBe('validated')
    expect(bad.needsAttention).toMatchObject({ step: 'pricing', pack: name, code: expect.stringMatching(expected) as string })
    for (const good of ['GOOD-1', 'GOOD-2']) expect((await client.queries.order({ tenant: name, order: good })).order.state).toBe('confirmed')
    const letters = await client.queries['dead-letters']({ tenant: name })
    expect(letters.rows).toMatchObject([{ pack: name, reference: 'BAD', code: expect.stringMatching(expected) as string }])
    expect(letters.rows[0]?.message.length).toBeGreaterThan(20)
    expect(letters.rows[0]?.remedy.length).toBeGreaterThan(10)
  })

  it('keeps-state: a policy that remembers orders is put in quarantine, and nothing of it counts', async () => {
    const name = 'keeps-state'
    engine.addPack(name, 'pricing-policy', pricingCode('const a = plain(input); a.baseMinor += seen++; return a', 'let seen = 0'))
    const { client } = engine
    await client.commands['create-tenant']({ tenant: name, profile: profile(name, name) })
    const { orderId } = await client.commands['draft-order']({ tenant: name, document: anOrder() })
    await client.commands['submit-order']({ tenant: name, orderId, revision: 1 })
    await settled(client, name)
    const { order } = await client.queries.order({ tenant: name, order: orderId })
    expect(order).toMatchObject({ state: 'validated', needsAttention: { pack: name, code: 'KS-PACK-NONDETERMINISTIC' } })
    expect((await client.queries['dead-letters']({ tenant: name })).total).toBe(1)
  })
})

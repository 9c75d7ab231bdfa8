import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import type { DecidedOrder } from '#engine/packs/pack-host.ts'
import { compositionOf, decideOrder, orderView, pricingCode } from '#engine/testing/pack-fixtures.ts'
import { outcomes, startTestPackHost } from '#engine/testing/pack-host-harness.ts'
import { forkPackHost } from './fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'

const host = startTestPackHost(forkPackHost(BUILT_ENTRIES.packHost))
afterAll(() => host.close())

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const pricing = host.shelf.use('pricing-policy', pricingCode())
const limitRule = host.shelf.use('validation-rule', `
  exports.validate = ({ order, exposure }, { limitMinor, severity }) => ({
    findings: exposure.openMinor > limitMinor ? [{ code: 'over-limit', values: { open: exposure.openMinor }, severity }] : [],
  })`, { limitMinor: 100, severity: 'error' }, 'limit')
const threshold = host.shelf.use('approval-policy', `
  exports.approve = ({ price }, { limitMinor }) => price.baseMinor <= limitMinor
    ? { outcome: 'approved', explanation: [] }
    : { outcome: 'ask', stages: [{ id: 'manager', role: 'approver' }], explanation: [{ code: 'above', values: { limitMinor } }] }`,
{ limitMinor: 2000 }, 'threshold')

const answers = (order: DecidedOrder | undefined) => (order?.steps ?? []).map(step => (step.ok ? JSON.parse(step.answer) as unknown : step.failure))

test('an order goes through validation, pricing and approval in a process of its own', async () => {
  const [decided] = await host.decide(compositionOf({ pricing, approval: threshold }), [decideOrder(7)])
  expect(decided?.key).toBe(7)
  expect(answers(decided)).toMatchObject([
    { outcome: 'passed', findings: [] },
    { outcome: 'priced', currency: 'GBP', baseMinor: 1500, lines: [{ lineId: '1', netMinor: 500 }, { lineId: '2', netMinor: 1000 }] },
    { outcome: 'approved', explanation: [] },
  ])
  expect(host.status()).toMatchObject({ state: 'running', generation: 1, restarts: 0, versions: { ses: '2.3.0', v8: process.versions.v8 } })
})

test('what a step was asked is digested as text', async () => {
  const order = { ...decideOrder(1, orderView('Ö-1', 1)), exposure: { openMinor: 5, openOrders: 1 } }
  const [decided] = await host.decide(compositionOf({ pricing, validation: [limitRule], approval: threshold }), [order])
  const price = answers(decided)[1] as { totals: object }
  expect(decided?.steps.map(step => step.ok && step.inputDigest)).toEqual([
    sha256(`{"order":${order.view},"exposure":{"openMinor":5,"openOrders":1},"config":["${limitRule.configDigest}"]}`),
    sha256(`{"order":${order.view},"config":"${pricing.configDigest}"}`),
    sha256(`{"order":${order.view},"price":{"currency":"GBP","exponent":2,"baseMinor":500,"totals":${JSON.stringify(price.totals)}},"config":"${threshold.configDigest}"}`),
  ])
})

describe('an order gets as far as it gets', () => {
  const over = { exposure: { openMinor: 101, openOrders: 3 } }

  test('an error finding holds it, with all findings of all rules', async () => {
    const warning = { ...limitRule, config: { limitMinor: 0, severity: 'warning' }, configDigest: 'other' }
    const [held] = await host.decide(compositionOf({ pricing, validation: [warning, limitRule] }), [{ ...decideOrder(1), ...over }])
    expect(answers(held)).toEqual([{
      outcome: 'held',
      findings: [
        { code: 'over-limit', values: { open: 101 }, severity: 'warning', pack: 'limit' },
        { code: 'over-limit', values: { open: 101 }, severity: 'error', pack: 'limit' },
      ],
    }])
    const [passed] = await host.decide(compositionOf({ pricing, validation: [warning] }), [{ ...decideOrder(1), ...over }])
    expect(outcomes(passed)).toEqual(['validation passed', 'pricing priced', 'approval approved'])
  })

  test('a refused price ends it', async () => {
    const refusing = host.shelf.use('pricing-policy', "exports.price = ({ order }) => ({ refused: { code: 'no-price', lineId: order.lines[0].id, values: {} } })")
    const [refused] = await host.decide(compositionOf({ pricing: refusing }), [decideOrder(1)])
    expect(outcomes(refused)).toEqual(['validation passed', 'pricing refused'])
  })

  test('it goes on from where it was', async () => {
    const composition = compositionOf({ pricing, validation: [limitRule], approval: threshold })
    const [whole] = await host.decide(composition, [decideOrder(1, orderView('A', 4))])
    const price = whole?.steps[1]
    if (price?.ok !== true) throw new Error('not priced')
    const [validated, priced] = await host.decide(composition, [
      { ...decideOrder(1, orderView('A', 4)), ...over, from: 'validated' },
      { ...decideOrder(2, orderView('A', 4)), ...over, from: 'priced', price: price.answer },
    ])
    expect(validated?.steps).toEqual(whole?.steps.slice(1))
    expect(priced?.steps).toEqual(whole?.steps.slice(2))
    expect(outcomes(priced)).toEqual(['approval ask'])
  })

  test('every pack sees the order as it came, whatever the one before did to it', async () => {
    const spoiling = host.shelf.use('validation-rule', 'exports.validate = ({ order }) => { order.lines.length = 0; order.account.code = "x"; return { findings: [] } }')
    const [decided] = await host.decide(compositionOf({ pricing, validation: [spoiling] }), [decideOrder(1)])
    expect(answers(decided)[1]).toMatchObject({ baseMinor: 1500 })
  })
})

test('many orders keep their keys and their places, over several messages', async () => {
  const small = startTestPackHost(forkPackHost(BUILT_ENTRIES.packHost), { batchOrders: 64 })
  const composition = compositionOf({ pricing: small.shelf.use('pricing-policy', pricingCode()) })
  const decided = await small.decide(composition, Array.from({ length: 300 }, (_, i) => decideOrder(i * 3, orderView(`طلب ${i}`, 1 + (i % 5)))))
  await small.close()
  expect(decided.map(order => order.key)).toEqual(Array.from({ length: 300 }, (_, i) => i * 3))
  expect(decided.map(order => (answers(order)[1] as { lines: unknown[] }).lines.length)).toEqual(Array.from({ length: 300 }, (_, i) => 1 + (i % 5)))
})

test('an order that our own code cannot read is held, and holds up no other', async () => {
  const decided = await host.decide(compositionOf({ pricing }), [decideOrder(1), { ...decideOrder(2), view: '{' }, { ...decideOrder(3), from: 'priced', price: '?' }, decideOrder(4)])
  expect(decided.map(order => outcomes(order).at(-1))).toEqual(['approval approved', 'validation KS-PACK-HOST', 'approval KS-PACK-HOST', 'approval approved'])
  expect(host.incidents).toEqual([])
})

test('no orders ask nothing, but have the host ready', async () => {
  const warm = startTestPackHost(forkPackHost(BUILT_ENTRIES.packHost))
  expect(warm.status()).toEqual({ state: 'idle', generation: 0, restarts: 0, versions: null })
  expect(await warm.decide(compositionOf({ pricing: warm.shelf.use('pricing-policy', pricingCode()) }), [])).toEqual([])
  expect(warm.status()).toMatchObject({ state: 'running', generation: 1 })
  await warm.close()
})

test('after close nothing is asked any more', async () => {
  const closed = startTestPackHost(forkPackHost(BUILT_ENTRIES.packHost))
  const composition = compositionOf({ pricing: closed.shelf.use('pricing-policy', pricingCode()) })
  const running = closed.decide(composition, [decideOrder(1)])
  await closed.close()
  await expect(running).rejects.toMatchObject({ refusal: { code: 'KS-PACK-HOST-CLOSED' } })
  await expect(closed.decide(composition, [decideOrder(1)])).rejects.toThrow('closed')
})

import { afterEach, describe, expect, test } from 'vitest'
import type { PackHostChannel, StartPackHost } from '#engine/packs/pack-host.ts'
import { ALWAYS_APPROVE, compositionOf, decideOrder, orderView, pricingCode } from '#engine/testing/pack-fixtures.ts'
import { failureOf, outcomes, startTestPackHost, type TestPackHost } from '#engine/testing/pack-host-harness.ts'
import { forkPackHost } from './fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'

const DECIDED = ['validation passed', 'pricing priced', 'approval approved']
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
/** An array longer than V8 can hold ends the process, not the worker. */
const CRASH = "'x'.repeat(1.4e8).split('')"
const PATIENT = { orderMs: 5_000, retryFactor: 1, heapMb: 64 }

const open: TestPackHost[] = []
const channels: PackHostChannel[] = []

const recording: StartPackHost = async (tenant) => {
  const channel = await forkPackHost(BUILT_ENTRIES.packHost)(tenant)
  channels.push(channel)
  return channel
}

function start(limits = {}): TestPackHost {
  const host = startTestPackHost(recording, limits)
  open.push(host)
  return host
}

afterEach(async () => {
  channels.length = 0
  for (const host of open.splice(0)) await host.close()
})

const when = (body: string) => pricingCode(`if (input.order.attributes.bad) { ${body} }`)

function ordersWithBad(count: number, bad: readonly number[]) {
  return Array.from({ length: count }, (_, i) => decideOrder(i, orderView(`R${i}`, 2, bad.includes(i) ? { bad: true } : {})))
}

describe('a pack that brings its whole process down', () => {
  test.each([
    ['an array too long', CRASH, /CRASH/],
    ['a map that grows', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, i)', /CRASH|MEMORY|THREW/],
    ['a JSON text too large', "JSON.parse('[' + '1.5,'.repeat(1e7) + '1]')", /CRASH|MEMORY/],
    ['an ever longer array', 'const a = []; for (;;) a.push(1.5)', /CRASH|MEMORY|THREW/],
  ])('%s: its order is held by name, the other 59 are decided', async (_, body, code) => {
    const host = start(PATIENT)
    const pricing = host.shelf.use('pricing-policy', when(body), {}, 'bomb')
    const decided = await host.decide(compositionOf({ pricing }), ordersWithBad(60, [57]))
    expect(failureOf(decided[57]).code).toMatch(code)
    expect(failureOf(decided[57]).pack).toBe('bomb')
    expect(decided.filter((__, i) => i !== 57).map(outcomes)).toEqual(times(59, DECIDED))
    expect(host.incidents.map(({ kind, subject }) => [kind, subject])).toEqual(code.test('KS-PACK-THREW') ? expect.anything() : [['failed', '57']])
  })

  test('several such orders in one batch are each found', async () => {
    const host = start(PATIENT)
    const decided = await host.decide(compositionOf({ pricing: host.shelf.use('pricing-policy', when(CRASH)) }), ordersWithBad(30, [3, 4, 29]))
    expect(decided.flatMap((order, i) => (outcomes(order).at(-1) === 'approval approved' ? [] : [i]))).toEqual([3, 4, 29])
  })

  test('of several packs the guilty one is named, and what the others answered stays', async () => {
    const host = start(PATIENT)
    const approval = host.shelf.use('approval-policy', `exports.approve = () => { ${CRASH} }`, {}, 'bomb')
    const rule = host.shelf.use('validation-rule', 'exports.validate = () => ({ findings: [] })', {}, 'rule')
    const decided = await host.decide(compositionOf({ validation: [rule], pricing: host.shelf.use('pricing-policy', pricingCode()), approval }), [decideOrder(1)])
    expect(outcomes(decided[0])).toEqual(['validation passed', 'pricing priced', 'approval KS-PACK-CRASH'])
    expect(failureOf(decided[0])).toMatchObject({ pack: 'bomb', contract: 'approval-policy' })
  })

  test('a pack that does it as it is loaded is named too', async () => {
    const host = start(PATIENT)
    const pricing = host.shelf.use('pricing-policy', `${CRASH}\n${pricingCode()}`, {}, 'bomb')
    const [decided] = await host.decide(compositionOf({ pricing }), [decideOrder(1)])
    expect(outcomes(decided)).toEqual(['validation passed', 'pricing KS-PACK-CRASH'])
  })

  test('a batch that was in the same process by accident is not blamed', async () => {
    const host = start(PATIENT)
    const bomb = compositionOf({ pricing: host.shelf.use('pricing-policy', when(CRASH)) })
    const good = compositionOf({ pricing: host.shelf.use('pricing-policy', pricingCode('for (let i = 0; i < 3e7; i++);')) })
    const [bad, ...others] = await Promise.all([
      host.decide(bomb, ordersWithBad(20, [11])),
      ...Array.from({ length: 6 }, (_, i) => host.decide(good, [decideOrder(i)])),
    ])
    expect(others.flat().map(outcomes)).toEqual(times(6, DECIDED))
    expect(failureOf(bad?.[11]).code).toBe('KS-PACK-CRASH')
    expect(host.incidents.map(incident => incident.subject)).toEqual(['11'])
  })

  test('a promise that never lets its worker go is found as well', async () => {
    const host = start({ orderMs: 100, retryFactor: 3 })
    const pricing = host.shelf.use('pricing-policy', when('const spin = async () => { await null; for (;;); }; spin()'), {}, 'spinner')
    const decided = await host.decide(compositionOf({ pricing }), ordersWithBad(8, [2]))
    expect(decided.flatMap((order, i) => (outcomes(order).at(-1) === 'approval approved' ? [] : [i]))).toEqual([2])
    expect(failureOf(decided[2])).toMatchObject({ pack: 'spinner', code: 'KS-PACK-TIMEOUT' })
  })
})

test('a pack that does its worst after its answer is out holds up nobody', async () => {
  const host = start(PATIENT)
  const pricing = host.shelf.use('pricing-policy', pricingCode("const later = async () => { for (let i = 0; i < 50; i++) await null; 'x'.repeat(1.4e8).split('') }; later()"))
  const composition = compositionOf({ pricing })
  for (let batch = 0; batch < 3; batch++) expect((await host.decide(composition, ordersWithBad(5, []))).map(outcomes)).toEqual(times(5, DECIDED))
})

describe('a process that is killed from outside', () => {
  test('costs nothing but time: nobody is blamed, every order is decided', async () => {
    const host = start(PATIENT)
    const pricing = host.shelf.use('pricing-policy', pricingCode('for (let i = 0; i < 2e6; i++);'))
    const work = host.decide(compositionOf({ pricing }), ordersWithBad(200, []))
    for (let kills = 0; kills < 3; kills++) {
      await nextStart(kills)
      channels[kills]?.kill()
    }
    expect((await work).map(outcomes)).toEqual(times(200, DECIDED))
    expect(host.incidents).toEqual([])
    expect(host.status()).toMatchObject({ state: 'running', restarts: 3, generation: 4 })
  })

  test('does not make a lone order guilty', async () => {
    const host = start(PATIENT)
    const pricing = host.shelf.use('pricing-policy', pricingCode('for (let i = 0; i < 3e8; i++);'))
    const work = host.decide(compositionOf({ pricing }), [decideOrder(1)])
    await nextStart(0)
    channels[0]?.kill()
    expect((await work).map(outcomes)).toEqual([DECIDED])
  })

  test('while it is idle is not even noticed', async () => {
    const host = start()
    const composition = compositionOf({ pricing: host.shelf.use('pricing-policy', pricingCode()) })
    await host.decide(composition, [decideOrder(1)])
    const gone = new Promise<string>(resolve => channels[0]?.onClose(resolve))
    channels[0]?.kill()
    await gone
    expect(host.status().state).toBe('idle')
    expect((await host.decide(composition, [decideOrder(2)])).map(outcomes)).toEqual([DECIDED])
  })
})

test('a pack that stops its worker at every order is switched off, and can be readmitted', async () => {
  const host = start({ orderMs: 60, retryFactor: 2 })
  const pricing = host.shelf.use('pricing-policy', pricingCode('for (;;);'), {}, 'stuck')
  const composition = compositionOf({ pricing })
  const decided = await host.decide(composition, ordersWithBad(500, []))
  const codes = decided.map(order => failureOf(order).code)
  // Two workers each may have one at hand when the fifth switches the pack off.
  const timeouts = codes.filter(code => code === 'KS-PACK-TIMEOUT').length
  expect(timeouts).toBeGreaterThanOrEqual(5)
  expect(timeouts).toBeLessThanOrEqual(6)
  expect(codes.filter(code => code === 'KS-PACK-DISABLED')).toHaveLength(500 - timeouts)
  expect(host.incidents.filter(({ kind }) => kind === 'disabled')).toHaveLength(1)
  host.readmit(pricing.digest)
  expect(failureOf((await host.decide(composition, [decideOrder(1)]))[0]).code).toBe('KS-PACK-TIMEOUT')
})

test('a pack that the profile names and that cannot be had holds the order, named', async () => {
  const host = start()
  const pricing = host.shelf.use('pricing-policy', pricingCode())
  const gone = { ...pricing, digest: 'gone', pack: 'gone' }
  const [missing] = await host.decide(compositionOf({ pricing: gone }), [decideOrder(1)])
  expect(outcomes(missing)).toEqual(['validation passed', 'pricing KS-PACK-MISSING'])
  const unusable = [{ pack: 'two-stage', contract: 'approval-policy', code: 'KS-PACK-MODIFIED', message: 'Its bytes have changed.', remedy: 'Install it again.' }] as const
  const [modified] = await host.decide(compositionOf({ pricing, unusable }), [decideOrder(1)])
  expect(outcomes(modified)).toEqual(['validation passed', 'pricing priced', 'approval KS-PACK-MODIFIED'])
  const [nobody] = await host.decide(compositionOf({ pricing, validation: [] }), [decideOrder(1)])
  expect(outcomes(nobody)).toEqual(['validation KS-PACK-MISSING'])
})

test('a host that cannot be started refuses, and says nothing about the orders', async () => {
  const host = startTestPackHost(forkPackHost(new URL('./no-such-entry.ts', import.meta.url)))
  open.push(host)
  const composition = compositionOf({ pricing: host.shelf.use('pricing-policy', pricingCode()) })
  await expect(host.decide(composition, [decideOrder(1)])).rejects.toMatchObject({ refusal: { code: 'KS-PACK-HOST' } })
})

test('an idle host is ended, and started again when there is work', async () => {
  const host = start({ idleMs: 30 })
  const composition = compositionOf({ pricing: host.shelf.use('pricing-policy', pricingCode()), approval: ALWAYS_APPROVE })
  await host.decide(composition, [decideOrder(1)])
  await new Promise<string>(resolve => channels[0]?.onClose(resolve))
  expect(host.status()).toMatchObject({ state: 'idle', restarts: 0 })
  expect((await host.decide(composition, [decideOrder(2)])).map(outcomes)).toEqual([DECIDED])
})

/** Resolves when generation n has been started and has had a moment to get into its work. */
async function nextStart(n: number): Promise<void> {
  while (channels.length <= n) await new Promise(resolve => setTimeout(resolve, 5))
  await new Promise(resolve => setTimeout(resolve, 120))
}

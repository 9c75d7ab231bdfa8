import { afterAll, describe, expect, test } from 'vitest'
import type { EventView, Row, RowKey, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { askedReactor, type AskedModule } from '#engine/packs/asked-module.ts'
import type { PackUse } from '#engine/packs/composition.ts'
import type { ModuleQuestion } from '#engine/packs/pack-host.ts'
import { compositionOf, decideOrder, pricingCode } from '#engine/testing/pack-fixtures.ts'
import { outcomes, startTestPackHost } from '#engine/testing/pack-host-harness.ts'
import { forkPackHost } from './fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'

// Little time and memory, so that a pack that uses it all up is found soon.
const host = startTestPackHost(forkPackHost(BUILT_ENTRIES.packHost), { orderMs: 100, retryFactor: 3, heapMb: 64 })
afterAll(() => host.close())

const event = (id: string, data: unknown = {}): EventView => ({
  id, type: 'keelson.order.confirmed.v1', source: '/sites/s/tenants/acme', subject: 'o', time: '2026-11-21T00:00:00.000Z', orgpath: '/acme', data,
})

describe('a reactor', () => {
  const reactor = host.shelf.use('reactor', `
    exports.react = ({ event, rows }, { target }) => {
      if (event.data.bad) throw new Error('no')
      if (event.data.worse) for (;;);
      return { deliveries: [{ kind: 'file', key: 'notice', target, payload: { id: event.id, data: event.data, rows: rows.length } }] }
    }`, { target: 'outbox' }, 'notify')
  const composition = compositionOf({ pricing: host.shelf.use('pricing-policy', pricingCode()), reactors: [reactor], targets: { outbox: { kind: 'file', folder: 'outbox' } } })
  const react = (of: typeof composition, events: readonly EventView[]) =>
    host.call(askedReactor(of, reactor), events.map(each => ({ fn: 'react', subject: each.id, input: { event: each, rows: [] } })))

  test('says what to deliver for each event; one that fails holds up no other', async () => {
    expect(await react(composition, [event('a'), event('b', { bad: true }), event('c', { worse: true }), event('d', { n: 1 })])).toMatchObject([
      { ok: true, answer: { deliveries: [{ kind: 'file', key: 'notice', target: 'outbox', payload: { id: 'a', data: {}, rows: 0 } }] } },
      { ok: false, failure: { code: 'KS-PACK-THREW', pack: 'notify', contract: 'reactor' } },
      { ok: false, failure: { code: 'KS-PACK-TIMEOUT' } },
      { ok: true },
    ])
  })

  test('asks for no rows where it does not say which', async () => {
    expect(await host.call(askedReactor(composition, reactor), [{ fn: 'keys', subject: 'a', input: event('a') }])).toEqual([{ ok: true, answer: [] }])
  })

  test('may only name targets of the profile', async () => {
    expect(await react({ ...composition, targets: {} }, [event('a')])).toMatchObject([{ ok: false, failure: { code: 'KS-PACK-ANSWER' } }])
  })

  test('that the profile names and that cannot be used fails closed', async () => {
    const unusable = [{ pack: 'notify', contract: 'reactor', code: 'KS-PACK-DISABLED', message: 'It is off.', remedy: 'Switch it on.' }] as const
    expect(await react({ ...composition, unusable }, [event('a')])).toEqual([{ ok: false, failure: unusable[0] }])
    expect(outcomes((await host.decide({ ...composition, unusable }, [decideOrder(1)]))[0])).toContain('approval approved')
  })
})

describe('a fold', () => {
  const tables: TableDeclaration[] = [{
    name: 'counters', key: ['name'], belongsTo: 'tenant',
    columns: [{ name: 'name', type: 'text' }, { name: 'seen', type: 'integer' }, { name: 'last', type: 'text' }],
  }]
  const code = `
    exports.keys = event => [{ table: 'counters', key: [event.data.name] }]
    exports.fold = ({ event, rows: [row] }) => {
      if (event.data.loop) for (;;);
      if (event.data.bad) throw new Error('no')
      if (event.data.grow) 'x'.repeat(2e8).split('')
      return [{ name: event.data.name, seen: (row === null ? 0 : row.seen) + 1, last: event.id }]
    }`
  const asked = (use: PackUse): AskedModule => ({ use: { ...use, config: null, configDigest: '' }, world: { tables, emits: [], issues: [], targets: {} }, blocked: null })
  const fold = (id: string, data: { readonly name: string } & Record<string, unknown>, row: Row | null = null): ModuleQuestion<'fold'> =>
    ({ fn: 'fold', subject: id, input: { event: event(id, data), keys: [{ table: 'counters', key: [data.name] }], rows: [row] } })

  test('sees in each event what the one before it left', async () => {
    const use = host.shelf.use('report', code)
    const many = Array.from({ length: 900 }, (_, i) => fold(`e${i}`, { name: i % 3 === 0 ? 'a' : 'b' }, { name: i % 3 === 0 ? 'a' : 'b', seen: 10, last: '' }))
    const answers = await host.call(asked(use), many)
    expect(answers[897]).toEqual({ ok: true, answer: [{ name: 'a', seen: 310, last: 'e897' }] })
    expect(answers[899]).toEqual({ ok: true, answer: [{ name: 'b', seen: 610, last: 'e899' }] })
  })

  test.each([['throws', 'bad', 'KS-PACK-THREW'], ['loops', 'loop', 'KS-PACK-TIMEOUT']])('that %s over one event goes on without it, in order', async (_, how, failure) => {
    const use = host.shelf.use('report', `${code}\n// ${how}`)
    const answers = await host.call(asked(use), [
      fold('1', { name: 'a' }), fold('2', { name: 'b' }), fold('3', { name: 'a', [how]: true }), fold('4', { name: 'a' }), fold('5', { name: 'b' }),
    ])
    expect(answers).toMatchObject([
      { ok: true, answer: [{ seen: 1 }] }, { ok: true, answer: [{ seen: 1 }] }, { ok: false, failure: { code: failure } },
      { ok: true, answer: [{ name: 'a', seen: 2, last: '4' }] }, { ok: true, answer: [{ name: 'b', seen: 2, last: '5' }] },
    ])
  })

  test('that brings the process down over one event goes on without it, in order', async () => {
    const patient = startTestPackHost(forkPackHost(BUILT_ENTRIES.packHost), { orderMs: 5_000, retryFactor: 1, heapMb: 64 })
    const use = patient.shelf.use('report', `${code}\n// grow`)
    const answers = await patient.call(asked(use), Array.from({ length: 12 }, (_, i) => fold(`${i}`, { name: 'a', grow: i === 7 })))
    expect(answers[7]).toMatchObject({ ok: false, failure: { code: 'KS-PACK-CRASH' } })
    expect(answers[11]).toMatchObject({ ok: true, answer: [{ seen: 11 }] })
    await patient.close()
  }, 60_000)

  test('that answers the same event differently is quarantined, and nothing it said counts', async () => {
    const use = host.shelf.use('report', `let n = 0; exports.keys = () => []; exports.fold = ({ event }) => [{ name: event.data.name, seen: ++n, last: '' }]`)
    const answers = await host.call(asked(use), [fold('1', { name: 'a' }), fold('2', { name: 'b' })])
    expect(answers).toMatchObject([{ ok: false, failure: { code: 'KS-PACK-NONDETERMINISTIC' } }, { ok: false, failure: { code: 'KS-PACK-NONDETERMINISTIC' } }])
    expect(await host.call(asked(use), [fold('3', { name: 'a' })])).toMatchObject([{ ok: false, failure: { code: 'KS-PACK-QUARANTINED' } }])
  })

  test('says which rows an event is about', async () => {
    const use = host.shelf.use('report', code)
    const answers = await host.call(asked(use), [{ fn: 'keys', subject: '1', input: event('1', { name: 'a' }) }, { fn: 'keys', subject: '2', input: event('2', {}) }])
    expect(answers).toMatchObject([{ ok: true, answer: [{ table: 'counters', key: ['a'] }] satisfies RowKey[] }, { ok: false, failure: { code: 'KS-PACK-ANSWER' } }])
  })
})

describe('a domain module', () => {
  const use = host.shelf.use('domain-module', `
    exports.keys = () => []; exports.fold = () => []
    exports.needs = command => [{ table: 'points', key: [command.input.account] }]
    exports.decide = ({ command, rows: [row] }, config) => {
      const left = (row === null ? 0 : row.points) - command.input.points
      if (left < -config.credit) return { refused: { code: 'too-few', values: { left } } }
      return { events: [{ type: 'loyalty.points-spent.v1', data: { account: command.input.account, left, at: command.at } }] }
    }`, { credit: 5 }, 'loyalty')
  const tables: TableDeclaration[] = [{ name: 'points', key: ['account'], belongsTo: { account: 'account' }, columns: [{ name: 'account', type: 'text' }, { name: 'points', type: 'integer' }] }]
  const asked = (emits: string[]): AskedModule => ({ use, world: { tables, emits, issues: [], targets: {} }, blocked: null })
  const command = (points: number) => ({
    name: 'spend', input: { account: 'C1', points }, id: '01', at: '2026-11-21T00:00:00.000Z', actor: { id: 'ann', kind: 'person' as const }, orgpath: '/acme',
  })

  test('decides on the rows that it needs', async () => {
    expect(await host.call(asked(['loyalty.points-spent.v1']), [{ fn: 'needs', subject: '01', input: command(3) }])).toEqual([{ ok: true, answer: [{ table: 'points', key: ['C1'] }] }])
    const decide = (points: number) => host.call(asked(['loyalty.points-spent.v1']), [{ fn: 'decide', subject: '01', input: { command: command(points), rows: [{ account: 'C1', points: 10 }] } }])
    expect(await decide(12)).toEqual([{ ok: true, answer: { events: [{ type: 'loyalty.points-spent.v1', data: { account: 'C1', left: -2, at: '2026-11-21T00:00:00.000Z' } }] } }])
    expect(await decide(16)).toEqual([{ ok: true, answer: { refused: { code: 'too-few', values: { left: -6 } } } }])
  })

  test('appends nothing that its manifest does not say', async () => {
    expect(await host.call(asked([]), [{ fn: 'decide', subject: '01', input: { command: command(1), rows: [null] } }])).toMatchObject([{ ok: false, failure: { code: 'KS-PACK-ANSWER' } }])
  })
})

test('hooks of the life cycle are asked with the config; one that is not there is content', async () => {
  const use = host.shelf.use('life-cycle', `
    exports.onEnable = config => config.ready ? { notes: [] } : { refused: { code: 'not-ready', values: {} } }
    exports.onHealthCheck = ({ deadLetters }, config) => ({ health: deadLetters > config.most ? 'unwell' : 'well', notes: [] })`, { ready: false, most: 3 })
  const asked: AskedModule = { use, world: { tables: [], emits: [], issues: [], targets: {} }, blocked: null }
  expect(await host.call(asked, [
    { fn: 'onInit', subject: 'p', input: null }, { fn: 'onEnable', subject: 'p', input: null }, { fn: 'onHealthCheck', subject: 'p', input: { contracts: [], deadLetters: 4 } },
  ])).toEqual([
    { ok: true, answer: { notes: [] } }, { ok: true, answer: { refused: { code: 'not-ready', values: {} } } }, { ok: true, answer: { health: 'unwell', notes: [] } },
  ])
})

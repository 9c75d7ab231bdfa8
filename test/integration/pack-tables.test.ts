import { existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { reportKpack } from '#engine/testing/folding-tenant.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'
import { amountsPack, amountsProfile } from '#test/support/report-pack.ts'
import { testEngine, type TestEngine } from '#test/support/test-engine.ts'
import { until } from '#test/support/until.ts'

const engines: TestEngine[] = []
afterEach(async () => { for (const engine of engines.splice(0)) await engine.end() })

async function site(...tenants: string[]): Promise<TestEngine> {
  const engine = await testEngine()
  engines.push(engine)
  bring(engine, '1.0.0')
  for (const tenant of tenants) await engine.client.commands['create-tenant']({ tenant, profile: amountsProfile(tenant, '^1.0.0') })
  return engine
}

const bring = (engine: TestEngine, version: '1.0.0' | '2.0.0') => writeFileSync(join(engine.resources, 'packs', `amounts-${version}.kpack`), reportKpack(amountsPack(version)))
const sell = ({ client }: TestEngine, tenant: string, reference: string, price: string, currency: string | null = null, code = 'A-1') =>
  client.commands['draft-order']({ tenant, document: anOrder({ reference, currency, account: { code, name: null }, lines: [aLine({ price })] }) })

/** Until the tables are at the head of the log and noted as those that answer. */
async function answered({ client }: TestEngine, tenant: string): Promise<void> {
  await until(async () => (await client.queries['pack-tables']({ tenant })).every(({ answers, behind }) => answers && behind === 0))
}

/** Asks until everything is folded. */
async function ask({ client }: TestEngine, tenant: string, query: string, more: { parameters?: Record<string, string>; after?: string; limit?: number } = {}) {
  const asked = () => client.queries['pack-query']({ tenant, pack: 'amounts', query, ...more })
  await until(async () => (await asked()).behind === 0)
  return await asked()
}

it('a pack that a profile enables has tables, whose pages anyone who reads orders may ask for', async () => {
  const engine = await site('acme')
  for (const [i, price] of ['5', '123.4567', '7.5'].entries()) await sell(engine, 'acme', `PO-${i}`, price, null, i === 1 ? 'B-1' : 'A-1')
  expect((await ask(engine, 'acme', 'all')).rows).toEqual([
    { reference: 'PO-1', account: 'B-1', amount: '123.45' }, { reference: 'PO-2', account: 'A-1', amount: '7.50' }, { reference: 'PO-0', account: 'A-1', amount: '5.00' },
  ])
  const first = await ask(engine, 'acme', 'all', { limit: 2 })
  expect((await ask(engine, 'acme', 'all', { limit: 2, after: first.next ?? '' })).rows.map(row => row['reference'])).toEqual(['PO-0'])
  expect((await ask(engine, 'acme', 'of-account', { parameters: { account: 'B-1' } })).rows).toHaveLength(1)
  expect((await ask(engine, 'acme', 'total')).rows).toEqual([{ account: 'A-1', total: '12.50' }, { account: 'B-1', total: '123.45' }])
  await expect(engine.client.queries['pack-query']({ tenant: 'acme', pack: 'amounts', query: 'nothing' })).rejects.toMatchObject({ code: 'KS-PACK-QUERY-UNKNOWN' })
  await expect(engine.client.queries['pack-query']({ tenant: 'acme', pack: 'amounts', query: 'of-account' })).rejects.toMatchObject({ code: 'KS-PACK-QUERY-PARAMETER' })
  await answered(engine, 'acme')
  expect(await engine.client.queries['pack-tables']({ tenant: 'acme' })).toMatchObject([{ pack: 'amounts', version: '1.0.0', answers: true, skipped: 0, blocked: null }])
})

it('an upgrade adds a currency and two decimals, from the whole log; another tenant stays where it is, to the byte', async () => {
  const engine = await site('acme', 'other')
  for (const tenant of ['acme', 'other']) await sell(engine, tenant, 'OLD', '123.4567')
  for (const tenant of ['acme', 'other']) await answered(engine, tenant)
  const others = () => files(join(engine.folder, 'tenants', 'other')).map(file => [file, readFileSync(file).toString('base64')])
  const before = others()
  bring(engine, '2.0.0')
  await engine.client.commands['publish-profile']({ tenant: 'acme', document: amountsProfile('acme', '^2.0.0') })
  await sell(engine, 'acme', 'NEW', '0.0001', 'EUR')
  await until(async () => (await ask(engine, 'acme', 'all')).rows[0]?.['currency'] !== undefined)
  expect((await ask(engine, 'acme', 'all')).rows).toEqual([
    { reference: 'OLD', account: 'A-1', amount: '123.4567', currency: 'USD' }, { reference: 'NEW', account: 'A-1', amount: '0.0001', currency: 'EUR' },
  ])
  expect(others()).toEqual(before)
  expect((await ask(engine, 'other', 'all')).rows).toEqual([{ reference: 'OLD', account: 'A-1', amount: '123.45' }])
  await engine.stop()
  expect((await examine(engine.folder, { startPackHost: forkPackHost(BUILT_ENTRIES.packHost) })).findings).toEqual([])
})

it('tables of a version that nobody runs any more stay for an undo, and go a month later', async () => {
  const engine = await site('acme')
  await sell(engine, 'acme', 'PO-1', '5')
  await ask(engine, 'acme', 'all')
  const ext = join(engine.folder, 'tenants', 'acme', 'ext')
  const tables = () => readdirSync(ext).filter(name => /^amounts@.*\.db$/.test(name))
  const [former = ''] = tables()
  bring(engine, '2.0.0')
  await engine.client.commands['publish-profile']({ tenant: 'acme', document: amountsProfile('acme', '^2.0.0') })
  await until(async () => (await ask(engine, 'acme', 'all')).rows[0]?.['currency'] !== undefined)
  await engine.restart()
  expect(tables()).toContain(former)
  await engine.stop()
  const longAgo = Date.now() / 1000 - 31 * 86_400
  for (const name of readdirSync(ext)) utimesSync(join(ext, name), longAgo, longAgo)
  await engine.restart()
  await until(() => Promise.resolve(!tables().includes(former)))
  // What answers stays, however old it is.
  expect(tables()).toHaveLength(1)
  expect((await ask(engine, 'acme', 'all')).rows).toMatchObject([{ reference: 'PO-1', currency: 'USD' }])
})

it('a reactor sees the rows that its pack made of the same event', async () => {
  const engine = await testEngine()
  engines.push(engine)
  const reads = ['keelson.order.drafted.v2']
  const pack = {
    ...amountsPack('1.0.0'),
    reactor: { reads, code: `
      exports.keys = event => [{ table: 'amounts', key: [event.data.document.reference] }, { table: 'amounts', key: ['none'] }]
      exports.react = ({ event, rows }) => ({ deliveries: [{ kind: 'file', key: 'row', target: 'outbox', payload: rows }] })` },
  }
  writeFileSync(join(engine.resources, 'packs', 'amounts-1.0.0.kpack'), reportKpack(pack))
  await engine.client.commands['create-tenant']({ tenant: 'acme', profile: `${amountsProfile('acme', '^1.0.0')}integrations: { outbox: { kind: file, folder: outbox } }\n` })
  for (const reference of ['PO-1', 'PO-2']) await sell(engine, 'acme', reference, '5')
  const outbox = join(engine.folder, 'tenants', 'acme', 'outbox')
  const told = () => (existsSync(outbox) ? readdirSync(outbox).flatMap(name => readFileSync(join(outbox, name), 'utf8').trim().split('\n')) : []).map(line => (JSON.parse(line) as { payload: unknown }).payload)
  await until(() => Promise.resolve(told().length === 2))
  expect(told()).toEqual(['PO-1', 'PO-2'].map(reference => [{ reference, account: 'A-1', amount: '5.00' }, null]))
})

it('tables that are deleted while nobody looks are there again after a start', async () => {
  const engine = await site('acme')
  await sell(engine, 'acme', 'PO-1', '5')
  const before = await ask(engine, 'acme', 'all')
  const digest = async () => (await engine.client.queries['pack-tables']({ tenant: 'acme' }))[0]?.rowsDigest
  const digestBefore = await digest()
  await engine.stop()
  rmSync(join(engine.folder, 'tenants', 'acme', 'ext'), { recursive: true })
  await engine.restart()
  expect((await ask(engine, 'acme', 'all')).rows).toEqual(before.rows)
  expect([typeof digestBefore, await digest()]).toEqual(['string', digestBefore])
})

/** But the index of words, which takes its time after each order. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: false }).map(name => join(folder, name)).filter(file => /\.db$|-wal$/.test(file) && !file.includes('words.db')).sort()
}

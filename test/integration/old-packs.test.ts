import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256Hex } from '#engine/core/digest.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { profileText } from '../support/profile-text.ts'
import { settled, testEngine, type TestEngine } from '../support/test-engine.ts'

const FIXTURE = new URL('../data/packs/plain-price-1.0.0.kpack', import.meta.url).pathname

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
  copyFileSync(FIXTURE, join(engine.resources, 'packs', 'plain-price-1.0.0.kpack'))
  await engine.restart()
})
afterAll(() => engine.end())

const OUTBOX = 'integrations:\n  outbox: { kind: file, folder: outbox }\n'

it('is the very pack that was built against the first contracts', () => {
  expect(sha256Hex(readFileSync(FIXTURE))).toBe('0669d2813e35834b47db8d71ce2c0e417d59f4b31e7e9aa3a7aafa9b37f4f842')
})

it('runs unchanged beside a pack of the newest contract: 100 is 100 for the one, EUR 120.00 for the other', async () => {
  const { client } = engine
  const old = profileText('former', '{ pack: plain-price, version: ^1.0.0, config: { currency: EUR } }', '  reactions: [{ pack: plain-price, version: ^1.0.0, config: { target: outbox } }]\n' + OUTBOX)
  const current = profileText('today', "{ pack: currency-pricing, version: ^1.0.0, config: { currency: EUR, adjustments: [{ percent: '20', reason: handling }] } }")
  await client.commands['set-up-site']({ kind: 'new', siteName: 'Old packs', tenant: 'former', profile: old, user: 'admin', password: 'a long password' })
  await client.commands['create-tenant']({ tenant: 'today', profile: current })

  const price = async (tenant: string) => {
    const { orderId } = await client.commands['draft-order']({ tenant, document: anOrder({ currency: 'EUR', lines: [aLine({ quantity: '1', price: '100' })] }) })
    await client.commands['submit-order']({ tenant, orderId, revision: 1 })
    await settled(client, tenant)
    return (await client.queries.order({ tenant, order: orderId })).decisions.pricing
  }
  const former = await price('former')
  const today = await price('today')
  expect(former).toMatchObject({ currency: 'EUR', totals: { payableMinor: 10_000 }, receipt: { parts: [{ contractVersion: 'v1', adapter: 'pricing-policy v1 to v2' }] } })
  expect(today).toMatchObject({
    currency: 'EUR', totals: { payableMinor: 12_000 }, receipt: { parts: [{ contractVersion: 'v2', adapter: null }] },
    lines: [{ netMinor: 12_000, own: { currency: 'EUR', listMinor: 10_000, adjustments: [{ code: 'surcharge', amountMinor: 2000 }] } }],
  })
})

it('hears of confirmed orders as it was written to, though the log says more by now', async () => {
  await settled(engine.client, 'former')
  const events = await engine.client.queries.order({ tenant: 'former', order: 'PO-1' }).then(page => page.events)
  expect(events.at(-1)).toMatchObject({ type: 'keelson.order.confirmed.v2', data: { price: { taxExclusiveMinor: 10_000, taxMinor: 0, currencies: ['EUR'] } } })
  const outbox = join(engine.folder, 'tenants', 'former', 'outbox')
  const told = readdirSync(outbox).flatMap(name => readFileSync(join(outbox, name), 'utf8').trim().split('\n')).map(line => (JSON.parse(line) as { payload: unknown }).payload)
  expect(told).toEqual([{ type: 'keelson.order.confirmed.v1', data: { revision: 1, reference: 'PO-1', account: expect.any(String), price: { currency: 'EUR', exponent: 2, payableMinor: 10_000 } } }])
})

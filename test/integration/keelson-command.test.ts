import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { keelson, keelsonJson, keelsonSignalled, temporaryFolder } from '#test/support/keelson-command.ts'

const data = join(temporaryFolder(), 'site')
const files = temporaryFolder()
const invoices = fileURLToPath(new URL('../data/documents/source/ConnectingEurope__eInvoicing-EN16931', import.meta.url))

const HEADING = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const SOUND = [
  '536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom',
  '536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom',
  '536366,22633,HAND WARMER UNION JACK,6,2010-12-01 08:28:00,1.85,17850,France',
]
const DIRTY = 'C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom'

/** The command is waiting for its import. */
const FOLLOWING = /streams\/job/

interface Imported {
  lines: { read: number; accepted: number; rejected: number }
  orders: { read: number; accepted: number; rejected: number; unchanged: number }
  rejectsFile: string | null
  durationMs: number
}

beforeAll(async () => {
  expect(await keelson(['init', '--data', data, '--tenant', 'acme', '--profile', 'acme', '--password-stdin'], { input: 'a long password\n' })).toMatchObject({ code: 0, err: '' })
  expect(await keelson(['init', '--data', data, '--tenant', 'gamma', '--profile', 'gamma'])).toMatchObject({ code: 0 })
}, 60_000)

test('the tenants are there', async () => {
  expect(await keelsonJson('tenants', '--data', data)).toMatchObject([{ tenant: 'acme', orders: 0 }, { tenant: 'gamma', orders: 0 }])
})

test('a tenant cannot be called what would lead out of its folder', async () => {
  expect(await keelsonJson('init', '--tenant', '../elsewhere', '--profile', 'gamma', '--data', data)).toMatchObject({ error: { code: 'KS-TENANT-NAME', remedy: expect.stringContaining('lower-case') } })
})

test('a tenant is added from a template, like another, or from a file whose faults are told', async () => {
  const site = join(temporaryFolder(), 'site')
  expect(await keelson(['init', '--data', site, '--tenant', 'first', '--profile', 'plain', '--site-name', 'Head office', '--password-stdin'], { input: 'a long password\n' })).toMatchObject({ code: 0, err: '' })
  expect(await keelsonJson('tenants', 'templates', '--data', site)).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'templates/plain', template: true }), expect.objectContaining({ template: false })]))
  expect(await keelsonJson('tenants', 'add', 'north', '--template', 'tiers', '--title', 'North & Co', '--data', site)).toMatchObject({ tenant: 'north', findings: [] })
  expect(await keelsonJson('tenants', 'add', 'south', '--like', 'north', '--data', site)).toMatchObject({ tenant: 'south' })
  expect(await keelsonJson('tenants', 'add', 'south', '--like', 'north', '--data', site)).toMatchObject({ error: { code: 'KS-TENANT-KNOWN' } })
  const file = join(files, 'short.yaml')
  writeFileSync(file, 'customer: West\npricing_model: flat_discount\napprovals: standard_plugin\n')
  expect(await keelsonJson('tenants', 'add', 'west', '--profile', file, '--currency', 'NOK', '--data', site)).toMatchObject({ error: { code: 'KS-PROFILE-INVALID' }, document: expect.stringContaining('defaultCurrency: NOK'), findings: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]) })
  expect(await keelsonJson('tenants', '--data', site)).toMatchObject([{ tenant: 'first', title: 'Head office' }, { tenant: 'north', title: 'North & Co' }, { tenant: 'south', title: 'south' }])
})

test('a site without a central says so, and how much waits', async () => {
  expect(await keelsonJson('sync', '--data', data)).toMatchObject({ pushed: 0, pending: expect.any(Number), error: { code: 'KS-SYNC-NO-CENTRAL' } })
})

test('an import accounts for every line, decides the orders, and changes nothing the second time', async () => {
  const file = join(files, 'orders.csv')
  writeFileSync(file, [HEADING, ...SOUND, DIRTY, ''].join('\r\n'))
  const first = await keelsonJson<Imported>('import', file, '--tenant', 'acme', '--map', 'online-retail', '--data', data)
  expect(first).toMatchObject({ lines: { read: 4, accepted: 3, rejected: 1 }, orders: { read: 3, accepted: 2, rejected: 1, unchanged: 0 } })
  expect(readFileSync(first.rejectsFile ?? '', 'utf8')).toContain('KS-IMPORT-CANCELLATION')
  const digest = await keelsonJson('log', 'digest', '--tenant', 'acme', '--data', data)
  const again = await keelsonJson<Imported>('import', file, '--tenant', 'acme', '--map', 'online-retail', '--data', data)
  expect(again.orders).toEqual({ read: 3, accepted: 2, rejected: 1, unchanged: 2 })
  expect(await keelsonJson('log', 'digest', '--tenant', 'acme', '--data', data)).toEqual(digest)
})

test('orders are listed by state, with what a script needs', async () => {
  const rows = await keelsonJson<Record<string, unknown>[]>('orders', '--tenant', 'acme', '--state', 'confirmed', '--limit', '1', '--data', data)
  expect(rows).toMatchObject([{ id: expect.any(String), reference: expect.any(String), account: '17850', state: 'confirmed', revision: 1, needsAttention: null }])
})

test('one order comes with its lines, events and decisions; its decisions replay to the same', async () => {
  const page = await keelsonJson<{ decisions: { pricing: Record<string, unknown> } }>('order', '536365', '--tenant', 'acme', '--data', data)
  expect(page).toMatchObject({
    order: { reference: '536365', state: 'confirmed' }, lines: [{ item: '85123A' }, { item: '71053' }],
    decisions: { validation: { receipt: {} }, approval: { receipt: {} }, pricing: { receipt: {}, currency: 'GBP', exponent: 2, totals: { payableMinor: expect.any(Number) }, explanation: expect.any(Array) } },
  })
  expect(await keelsonJson('decision', 'replay', '536365', '--tenant', 'acme', '--data', data)).toMatchObject({ equal: true, recorded: {}, now: {} })
})

test('an order is drafted from a document that says only what it must, decided, and ended', async () => {
  const file = join(files, 'order.json')
  writeFileSync(file, JSON.stringify({ reference: 'BY-PHONE', account: '17850', currency: 'GBP', lines: [{ item: '85123A', quantity: '2', price: '2.55' }] }))
  const submitted = await keelsonJson<{ orderId: string }>('order', 'new', file, '--submit', '--tenant', 'acme', '--data', data)
  expect(submitted).toMatchObject({ reference: 'BY-PHONE', state: 'confirmed', revision: 1, price: { payableMinor: 510 }, awaits: [], needsAttention: null })
  expect(await keelsonJson('order', 'fulfil', submitted.orderId, '--reason', 'fetched', '--tenant', 'acme', '--data', data)).toMatchObject({ state: 'fulfilled' })
  expect(await keelsonJson('order', 'approve', 'BY-PHONE', '--revision', '1', '--tenant', 'acme', '--data', data)).toMatchObject({ error: { code: 'KS-ORDER-STATE' } })
})

test('the chain is whole, and nothing is parked', async () => {
  expect(await keelsonJson('log', 'verify', '--tenant', 'acme', '--data', data)).toMatchObject({ ok: true, events: expect.any(Number), head: { epoch: 1 }, firstBad: null })
  expect(await keelsonJson('dead-letters', '--tenant', 'acme', '--data', data)).toEqual([])
  expect(await keelsonJson('dead-letters', 'replay', '--all', '--tenant', 'acme', '--data', data)).toEqual({ replayed: 0, resolved: 0, failed: 0 })
})

test('documents are tried file by file, and nothing is stored', async () => {
  const names = readdirSync(invoices).filter(name => name.endsWith('.xml')).slice(0, 3).map(name => join(invoices, name))
  const broken = join(files, 'broken.xml')
  writeFileSync(broken, '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">')
  const priceless = join(files, 'priceless.xml')
  writeFileSync(priceless, readFileSync(names[0] ?? '', 'utf8').replaceAll('SEK', 'XXX'))
  const tried = await keelsonJson<{ file: string; ok: boolean; error?: { code: string } }[]>('try', ...names, priceless, broken, '--tenant', 'gamma', '--data', data)
  expect(tried.map(one => one.file)).toEqual([...names, priceless, broken])
  expect(tried.at(0)).toMatchObject({ ok: true, decisions: { pricing: { outcome: 'priced' } } })
  expect(tried.at(-2)).toMatchObject({
    ok: false, decisions: { pricing: { outcome: 'refused' } }, error: { code: 'KS-ORDER-NO-PRICE', message: expect.stringContaining('unknown-currency (currency XXX)') },
  })
  expect(tried.at(-1)).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^KS-IMPORT-/) } })
  expect(await keelsonJson('orders', '--tenant', 'gamma', '--data', data)).toEqual([])
})

test('a mapping file of one\'s own is taken', async () => {
  const map = join(files, 'map.yaml')
  writeFileSync(map, 'schema: 1\nname: shop\ntitle: Shop\norder: { reference: Nr, account: { code: { value: C1 } }, currency: { value: GBP } }\nline: { item: Item, quantity: Qty, price: Price }\n')
  const file = join(files, 'shop.csv')
  writeFileSync(file, 'Nr,Item,Qty,Price\nS-1,abc,2,1.50\n')
  expect(await keelsonJson('import', file, '--tenant', 'acme', '--map', map, '--data', data)).toMatchObject({ orders: { read: 1, accepted: 1 } })
  writeFileSync(map, 'schema: 1\nname: shop\n')
  expect(await keelsonJson('import', file, '--tenant', 'acme', '--map', map, '--data', data)).toMatchObject({ error: { code: 'KS-IMPORT-MAPPING' } })
})

test('refusals have a code, a sentence and a remedy, in JSON and in words', async () => {
  const args = ['orders', '--tenant', 'nobody', '--data', data]
  expect(await keelsonJson(...args)).toMatchObject({ error: { code: expect.stringMatching(/^KS-/), message: expect.any(String), remedy: expect.any(String) } })
  const human = await keelson(args)
  expect(human).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^Refused \(KS-[A-Z-]+\): .*\nWhat to do: .*\n$/) })
})

test('a user is added with a role, and a role that does not exist is refused', async () => {
  expect(await keelsonJson('users', 'add', 'ines', '--role', 'approver', '--tenant', 'acme', '--data', data)).toMatchObject({ id: expect.any(String), password: expect.any(String) })
  expect(await keelsonJson('users', 'add', 'jo', '--role', 'boss', '--data', data)).toMatchObject({ error: { code: 'KS-ACCESS-ROLE' } })
  expect(await keelsonJson<{ name: string }[]>('users', '--data', data).then(users => users.map(user => user.name))).toContain('ines')
})

test('the data folder is in order', async () => {
  expect(await keelsonJson('doctor', '--data', data)).toMatchObject({ ok: true })
})

test('a folder that holds something else is left alone', async () => {
  const foreign = temporaryFolder()
  writeFileSync(join(foreign, 'letter.txt'), 'Dear Ada')
  expect(await keelsonJson('init', '--demo', '--data', foreign)).toMatchObject({ error: { code: 'KS-DATA-FOREIGN' } })
  expect(await keelsonJson('tenants', '--data', foreign)).toMatchObject({ error: { code: 'KS-CLI-NO-SITE' } })
  expect(existsSync(join(foreign, 'site.db'))).toBe(false)
})

test('an import that was interrupted goes on where it stood, and is not begun twice', async () => {
  const file = join(files, 'many.csv')
  const lines = Array.from({ length: 8_000 }, (_, at) => `${700_000 + at},22633,HAND WARMER,1,2010-12-01 08:28:00,1.85,17850,France`)
  writeFileSync(file, [HEADING, ...lines, ''].join('\n'))
  const args = ['import', file, '--tenant', 'acme', '--map', 'online-retail', '--data', data]
  await keelsonSignalled(args, 'SIGKILL', FOLLOWING)
  await keelsonSignalled(args, 'SIGKILL', FOLLOWING)
  expect(await keelsonJson<Imported>(...args)).toMatchObject({ orders: { read: 8_000, accepted: 8_000, rejected: 0 } })
  expect(await keelsonJson('tenants', '--data', data)).toMatchObject([{ tenant: 'acme', orders: 8_004 }, {}])
  expect(await keelsonJson('log', 'verify', '--tenant', 'acme', '--data', data)).toMatchObject({ ok: true })
}, 120_000)

test('Ctrl-C cancels an import properly: what was taken stays, and the code says so', async () => {
  const file = join(files, 'cancelled.csv')
  const lines = Array.from({ length: 30_000 }, (_, at) => `${800_000 + at},22633,HAND WARMER,1,2010-12-01 08:28:00,1.85,17850,France`)
  writeFileSync(file, [HEADING, ...lines, ''].join('\n'))
  const { code, out } = await keelsonSignalled(['import', file, '--tenant', 'acme', '--map', 'online-retail', '--data', data, '--json'], 'SIGINT', FOLLOWING)
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ state: 'cancelled', error: { code: 'KS-IMPORT-CANCELLED' } })
}, 120_000)

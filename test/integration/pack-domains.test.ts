import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { EngineLog } from '#engine/engine.ts'
import { buildKpack } from '#engine/packs/kpack.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { testEngine, type TestEngine } from '#test/support/test-engine.ts'

const TENANT = { tenant: 'delta' }
const engines: TestEngine[] = []
afterEach(async () => { for (const engine of engines.splice(0)) await engine.end() })

async function delta(log?: EngineLog): Promise<TestEngine> {
  const engine = await testEngine(log)
  engines.push(engine)
  await engine.client.commands['create-tenant']({ ...TENANT, profile: 'delta' })
  return engine
}

/** Puts a pack of texts among those that the product brings, and has the tenant run it. */
async function run(engine: TestEngine, manifest: Partial<PackManifest> & Pick<PackManifest, 'id' | 'implements'>, code: Record<string, string>): Promise<void> {
  const whole = { manifest: 1, version: '1.0.0', publisher: 'test', title: manifest.id, description: manifest.id, engine: '*', ...manifest }
  const files = { 'manifest.json': JSON.stringify(whole), ...code, ...Object.fromEntries(['en', 'de', 'ar'].map(locale => [`locales/${locale}.json`, '{}'])) }
  writeFileSync(join(engine.resources, 'packs', `${manifest.id}-1.0.0.kpack`), buildKpack(new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]))).bytes)
  await engine.restart()
  await engine.client.commands['enable-pack']({ ...TENANT, pack: manifest.id })
}

const reactor = (reads: string[]): PackManifest['implements'][number] => ({ contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: { type: 'object' }, reads })

/** Waits until nothing moves by itself any more: a replay of nothing does just that. */
async function quiet(client: KeelsonClient): Promise<void> {
  await client.commands['replay-dead-letters'](TENANT)
}

/** Drafts and submits an order of one line, and waits for everything that comes of it. */
async function order({ client }: TestEngine, reference: string, price: string, attributes: Record<string, string> = {}) {
  const document = anOrder({ reference, account: { code: 'C-12', name: 'Ada Trading' }, currency: 'GBP', lines: [aLine({ price })], attributes })
  const { orderId } = await client.commands['draft-order']({ ...TENANT, document })
  await client.commands['submit-order']({ ...TENANT, orderId, revision: 1 })
  await quiet(client)
  return await client.queries.order({ ...TENANT, order: orderId })
}

const rows = async ({ client }: TestEngine, pack: string, query: string, parameters: Record<string, string> = {}) =>
  (await client.queries['pack-query']({ ...TENANT, pack, query, parameters })).rows
const give = ({ client }: TestEngine, pack: string, command: string, input: Record<string, unknown>, id?: string) =>
  client.commands['pack-command']({ ...TENANT, pack, command, input, ...(id === undefined ? {} : { invocation: { id } }) })

describe('a loyalty pack beside the orders', () => {
  it('earns points on confirmed orders, lifts the account into a tier, and the next order costs less', async () => {
    const engine = await delta()
    const first = await order(engine, 'PO-1', '600.40')
    expect(first.decisions.pricing?.totals?.payableMinor).toBe(60040)
    expect(await rows(engine, 'loyalty', 'account', { account: 'C-12' })).toMatchObject([{ balance: 600, lifetime: 600, tier: 'silver' }])
    expect(await rows(engine, 'loyalty', 'order', { orderId: first.order.id })).toMatchObject([{ points: 600, taken_back: false }])
    expect((await engine.client.queries.order({ ...TENANT, order: 'PO-1' })).events.map(e => [e.type, e.by.kind, e.by.name])).toContainEqual(['loyalty.points-earned.v1', 'pack', 'loyalty'])

    const second = await order(engine, 'PO-2', '100.00')
    expect(second.decisions.pricing).toMatchObject({ totals: { payableMinor: 9700 }, explanation: [{ code: 'by-attribute', values: { value: 'silver' } }, { code: 'discount' }] })

    await give(engine, 'loyalty', 'spend-points', { account: 'C-12', points: 500, what: 'A mug' })
    expect(await rows(engine, 'loyalty', 'account', { account: 'C-12' })).toMatchObject([{ balance: 197, lifetime: 697, tier: 'silver' }])
    await expect(give(engine, 'loyalty', 'spend-points', { account: 'C-12', points: 198, what: 'A hat' }))
      .rejects.toMatchObject({ code: 'KS-PACK-REFUSED', message: 'C-12 has 197 points, and 198 were asked for.', data: { values: { pack: 'loyalty', code: 'not-enough', balance: 197 } } })

    await engine.client.commands['cancel-order']({ ...TENANT, orderId: second.order.id, revision: 1 })
    await quiet(engine.client)
    expect(await rows(engine, 'loyalty', 'account', { account: 'C-12' })).toMatchObject([{ balance: 100, lifetime: 600 }])
    expect((await engine.client.queries['dead-letters'](TENANT)).total).toBe(0)
    expect(await engine.client.queries['verify-log'](TENANT)).toMatchObject({ ok: true })
  })

  it('lets nobody set what only its reactor sets, nor what no pack declares', async () => {
    const engine = await delta()
    await order(engine, 'PO-1', '10.00')
    const set = (attributes: Record<string, string>) => engine.client.commands['set-attributes']({ ...TENANT, on: 'account', key: 'C-12', attributes })
    await expect(set({ 'loyalty.tier': 'gold' })).rejects.toMatchObject({ code: 'KS-ATTRIBUTE-KEPT' })
    await expect(set({ 'loyalty.colour': 'red' })).rejects.toMatchObject({ code: 'KS-ATTRIBUTE-UNKNOWN' })
    await expect(order(engine, 'PO-2', '10.00', { 'loyalty.tier': 'gold' })).rejects.toMatchObject({ code: 'KS-ATTRIBUTE-UNKNOWN' })
    await expect(give(engine, 'loyalty', 'earn-points', { account: 'C-12', orderId: 'x', reference: 'x', points: 5 })).resolves.toBeDefined()
  })

  it('counts every order of an account that many come for at once', async () => {
    const engine = await delta()
    const { client } = engine
    const drafted = await Promise.all(Array.from({ length: 40 }, (_, i) => client.commands['draft-order']({
      ...TENANT, document: anOrder({ reference: `PO-${i}`, account: { code: i % 4 === 0 ? 'C-1' : 'C-12', name: null }, currency: 'GBP', lines: [aLine({ price: '10.00' })] }),
    })))
    await Promise.all(drafted.map(({ orderId }) => client.commands['submit-order']({ ...TENANT, orderId, revision: 1 })))
    await quiet(client)
    expect(await rows(engine, 'loyalty', 'accounts')).toMatchObject([{ account: 'C-12', balance: 300 }, { account: 'C-1', balance: 100 }])
    const balances = (await rows(engine, 'loyalty', 'movements', { account: 'C-12' })).map(row => Number(row['balance']))
    expect(balances.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => (i + 1) * 10))
  })

  it('spends once of many at the same instant what is there once', async () => {
    const engine = await delta()
    await order(engine, 'PO-1', '100.00')
    const spent = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => give(engine, 'loyalty', 'spend-points', { account: 'C-12', points: 30, what: `Mug ${i}` })))
    expect(spent.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(await rows(engine, 'loyalty', 'account', { account: 'C-12' })).toMatchObject([{ balance: 10 }])
  })
})

describe('contacts of accounts', () => {
  it('are added, listed and changed; what is personal is sealed in the log and in no log line', async () => {
    const lines: string[] = []
    const line = (fields: object, message: string): void => { lines.push(`${message} ${JSON.stringify(fields)}`) }
    const engine = await delta({ info: line, warn: line, error: line })
    await order(engine, 'PO-1', '10.00')
    await give(engine, 'customers', 'add-contact', { account: 'C-12', name: 'Grace Hopper', email: 'grace@example.org' })
    const [contact] = await rows(engine, 'customers', 'contacts', { name: 'hop' })
    expect(contact).toMatchObject({ account: 'C-12', name: 'Grace Hopper', email: 'grace@example.org', notes: 0 })
    await give(engine, 'customers', 'add-note', { contactId: contact?.['contact_id'], words: 'Likes nanoseconds' })
    await give(engine, 'customers', 'change-contact', { contactId: contact?.['contact_id'], name: 'Grace B. Hopper', phone: '+1 555' })
    expect(await rows(engine, 'customers', 'contact', { contactId: String(contact?.['contact_id']) })).toMatchObject([{ name: 'Grace B. Hopper', email: null, phone: '+1 555', notes: 1 }])
    expect(await rows(engine, 'customers', 'notes-of-contact', { contactId: String(contact?.['contact_id']) })).toMatchObject([{ words: 'Likes nanoseconds' }])
    await expect(give(engine, 'customers', 'add-contact', { account: 'C-99', name: 'Nobody' })).rejects.toMatchObject({ code: 'KS-PACK-REFUSED', message: 'There is no account C-99.' })
    await expect(give(engine, 'customers', 'add-contact', { account: 'C-12' })).rejects.toMatchObject({ code: 'KS-PACK-INPUT', data: { values: { field: 'name' } } })

    // Whoever is forgotten stands in no table of the pack either, and nothing new can be said of them.
    const about = { pack: 'customers', id: String(contact?.['contact_id']) }
    await expect(engine.client.commands['forget-person']({ ...TENANT, about: { ...about, id: 'nobody' }, invocation: { reason: 'they ask for it' } })).rejects.toMatchObject({ code: 'KS-PERSON-UNKNOWN' })
    expect(await engine.client.commands['forget-person']({ ...TENANT, about, invocation: { reason: 'they ask for it' } })).toEqual({ changed: true })
    await expect(give(engine, 'customers', 'add-note', { contactId: about.id, words: 'Still here' })).rejects.toMatchObject({ code: 'KS-PACK-FORGOTTEN' })
    expect(await rows(engine, 'customers', 'contact', { contactId: about.id })).toMatchObject([{ name: null, phone: null, notes: 1 }])
    const ext = dataPaths(engine.folder).ext('delta')
    expect(readdirSync(ext).filter(name => readFileSync(join(ext, name)).includes('Hopper'))).toEqual([])
    await engine.stop()
    expect(bytesOf(join(engine.folder, 'tenants', 'delta', 'core.db')).includes('Hopper')).toBe(false)
    expect(lines.some(text => text.includes('pack-command'))).toBe(true)
    expect(lines.filter(text => text.includes('Hopper') || text.includes('nanoseconds'))).toEqual([])
  })

  it('gives the first result for the same invocation, and refuses it for another content', async () => {
    const engine = await delta()
    await order(engine, 'PO-1', '10.00')
    const add = (name: string) => give(engine, 'customers', 'add-contact', { account: 'C-12', name }, '01JD0000000000000000000001')
    const first = await add('Ada')
    expect(await add('Ada')).toEqual(first)
    await expect(add('Grace')).rejects.toMatchObject({ code: 'KS-INVOCATION-REUSED' })
    expect(await rows(engine, 'customers', 'contacts')).toHaveLength(1)
  })

  it('are folded after a restart too, and are only for those whom the profile lets, as far as their part of the organisation goes', async () => {
    const engine = await delta()
    await order(engine, 'PO-1', '10.00')
    await engine.client.commands['draft-order']({ ...TENANT, document: anOrder({ reference: 'PO-2', account: { code: 'S-1', name: null }, orgpath: '/delta/shop' }) })
    await give(engine, 'customers', 'add-contact', { account: 'C-12', name: 'Ada' })
    for (const [user, role] of [['mia', 'auditor'], ['sam', 'operator']] as const) {
      await engine.client.commands['create-user']({ user, password: 'correct horse battery', roles: [role], tenants: ['delta'] })
    }
    await engine.stop()
    const site = openSqlite(dataPaths(engine.folder).site)
    site.prepare('UPDATE users SET grants = ? WHERE name = ?').run(JSON.stringify([{ tenant: 'delta', orgpath: '/delta/shop', roles: ['operator'] }]), 'sam')
    site.close()
    // A pack that looks at nothing before it decides.
    await run(engine, {
      id: 'jotter', permissions: [{ name: 'jotter.jot', roles: ['operator'] }], emits: [{ type: 'jotter.jotted.v1', data: { type: 'object' } }],
      tables: [{ name: 'jots', columns: [{ name: 'account', type: 'text' }], key: ['account'], belongsTo: { account: 'account' } }],
      commands: [{ name: 'jot', permission: 'jotter.jot', input: { type: 'object' } }],
      implements: [{ contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: { type: 'object' } }],
    }, {
      'code/domain-module.js': `exports.needs = () => []; exports.keys = event => [{ table: 'jots', key: [event.data.account] }]
        exports.decide = ({ command }) => ({ events: [{ type: 'jotter.jotted.v1', data: command.input }] }); exports.fold = ({ event }) => [{ account: event.data.account }]`,
    })
    const as = async (user: string) => ({ ...engine, client: engine.as((await engine.client.commands['sign-in']({ user, password: 'correct horse battery' })).token) })
    await give(engine, 'customers', 'add-contact', { account: 'C-12', name: 'Grace' })
    const contacts = await rows(engine, 'customers', 'contacts')
    expect(contacts.map(row => row['name'])).toEqual(['Ada', 'Grace'])
    const mia = await as('mia')
    await expect(give(mia, 'customers', 'add-contact', { account: 'C-12', name: 'Mallory' })).rejects.toMatchObject({ code: 'KS-ACCESS-DENIED' })
    await expect(rows(mia, 'customers', 'contacts')).rejects.toMatchObject({ code: 'KS-ACCESS-DENIED' })

    const sam = await as('sam')
    await give(sam, 'customers', 'add-contact', { account: 'S-1', name: 'Edsger' })
    expect((await rows(sam, 'customers', 'contacts')).map(row => row['name'])).toEqual(['Edsger'])
    const refused = { code: 'KS-ACCESS-DENIED', message: expect.stringContaining('your part of the organisation') as string }
    // By the account that is named, by a row of another, and by what the events would change, though nothing was looked at.
    await expect(give(sam, 'customers', 'add-contact', { account: 'C-12', name: 'Mallory' })).rejects.toMatchObject(refused)
    await expect(give(sam, 'customers', 'remove-contact', { contactId: contacts[0]?.['contact_id'] })).rejects.toMatchObject(refused)
    await expect(give(sam, 'jotter', 'jot', { account: 'C-12' })).rejects.toMatchObject(refused)
    await give(sam, 'jotter', 'jot', { account: 'S-1' })
    expect(await rows(engine, 'customers', 'contacts')).toHaveLength(3)
  })
})

describe('packs that answer each other', () => {
  it('are stopped when they would never end, and leave a dead letter', async () => {
    const engine = await delta()
    const event = (type: string) => ({ type, data: { type: 'object' }, public: true })
    await run(engine, {
      id: 'echo', emits: [event('echo.heard.v1')], issues: ['echo.shout'], permissions: [{ name: 'echo.shout', roles: ['operator'] }],
      commands: [{ name: 'shout', permission: 'echo.shout', input: { type: 'object' } }],
      implements: [{ contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: { type: 'object' } }, reactor(['echo.heard.v1'])],
    }, {
      'code/domain-module.js': `exports.needs = () => []; exports.keys = () => []; exports.fold = () => []
        exports.decide = ({ command }) => ({ events: [{ type: 'echo.heard.v1', data: command.input }] })`,
      'code/reactor.js': `exports.react = ({ event }) => ({ deliveries: [], commands: [{ key: 'again', name: 'echo.shout', input: { times: event.data.times + 1 } }] })`,
    })
    await give(engine, 'echo', 'shout', { times: 0 })
    await quiet(engine.client)
    const { rows: letters } = await engine.client.queries['dead-letters'](TENANT)
    expect(letters).toMatchObject([{ pack: 'echo', code: 'KS-PACK-LOOP', payload: { times: 21 } }])
  })

  it('are decided as if one after the other, also where the events of one change what another looks at', async () => {
    const engine = await delta()
    await run(engine, {
      id: 'chain', emits: [{ type: 'chain.copied.v1', data: { type: 'object' } }], issues: ['chain.copy'], permissions: [{ name: 'chain.copy', roles: [] }],
      commands: [{ name: 'copy', permission: 'chain.copy', input: { type: 'object' } }],
      tables: [{ name: 'cells', columns: [{ name: 'n', type: 'integer' }, { name: 'value', type: 'integer' }], key: ['n'], belongsTo: 'tenant' }],
      queries: [{ name: 'cells', table: 'cells' }],
      implements: [{ contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: { type: 'object' } }, reactor(['keelson.order.drafted.v2'])],
    }, {
      'code/domain-module.js': `exports.needs = ({ input }) => [{ table: 'cells', key: [input.n] }]
        exports.decide = ({ command: { input: { n } }, rows: [row] }) => ({ events: [{ type: 'chain.copied.v1', data: { to: n + 1, value: (row === null ? 0 : row.value) + 1 } }] })
        exports.keys = ({ data }) => [{ table: 'cells', key: [data.to] }]
        exports.fold = ({ event: { data } }) => [{ n: data.to, value: data.value }]`,
      'code/reactor.js': `exports.react = () => ({ deliveries: [], commands: [0, 1, 2, 3, 4, 5, 6, 7].map(n => ({ key: 'copy-' + n, name: 'chain.copy', input: { n } })) })`,
    })
    await order(engine, 'PO-1', '1.00')
    expect(await rows(engine, 'chain', 'cells')).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(n => ({ n, value: n })))
  })

  it('have what they answered in their tables once nothing moves any more, however long that takes', async () => {
    const engine = await delta()
    await run(engine, {
      id: 'slow', emits: [{ type: 'slow.noted.v1', data: { type: 'object' } }], issues: ['slow.note'], permissions: [{ name: 'slow.note', roles: [] }],
      commands: [{ name: 'note', permission: 'slow.note', input: { type: 'object' } }],
      tables: [{ name: 'notes', columns: [{ name: 'n', type: 'integer' }], key: ['n'], belongsTo: 'tenant' }],
      queries: [{ name: 'notes', table: 'notes' }],
      implements: [{ contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: { type: 'object' } }, reactor(['keelson.order.confirmed.v2'])],
    }, {
      'code/domain-module.js': `exports.needs = () => []
        exports.decide = () => ({ events: [{ type: 'slow.noted.v1', data: {} }] })
        exports.keys = () => [{ table: 'notes', key: [1] }]
        exports.fold = () => { for (let i = 0; i < 1e8; i++); return [{ n: 1 }] }`,
      'code/reactor.js': `exports.react = () => ({ deliveries: [], commands: [{ key: 'note', name: 'slow.note', input: {} }] })`,
    })
    await order(engine, 'PO-1', '1.00')
    expect(await rows(engine, 'slow', 'notes')).toEqual([{ n: 1 }])
  })

  it('give again a command that was refused, once it can be', async () => {
    const engine = await delta()
    await run(engine, { id: 'greeter', requires: [{ pack: 'loyalty', version: '*' }], issues: ['loyalty.spend-points'], implements: [reactor(['keelson.order.drafted.v2'])] }, {
      'code/reactor.js': `exports.react = ({ event }) => ({ deliveries: [], commands: [{ key: 'spend', name: 'loyalty.spend-points', input: { account: event.data.document.account.code, points: 5, what: 'A greeting' } }] })`,
    })
    await order(engine, 'PO-1', '100.00')
    const parked = await engine.client.queries['dead-letters'](TENANT)
    expect(parked.rows).toMatchObject([{ pack: 'greeter', code: 'KS-PACK-REFUSED', reference: 'PO-1' }])
    expect(await engine.client.commands['replay-dead-letters'](TENANT)).toEqual({ replayed: 1, resolved: 1, failed: 0 })
    expect(await engine.client.commands['replay-dead-letters'](TENANT)).toEqual({ replayed: 0, resolved: 0, failed: 0 })
    expect(await rows(engine, 'loyalty', 'account', { account: 'C-12' })).toMatchObject([{ balance: 95 }])
    await expect(engine.client.commands['disable-pack']({ ...TENANT, pack: 'loyalty' })).rejects.toMatchObject({ message: expect.stringContaining('greeter') })
    await expect(engine.client.commands['remove-pack']({ ...TENANT, pack: 'loyalty' })).rejects.toMatchObject({ message: expect.stringContaining('greeter') })
  })
})

function bytesOf(file: string): Buffer {
  return Buffer.concat([file, `${file}-wal`].filter(each => statSync(each, { throwIfNoEntry: false }) !== undefined).map(each => readFileSync(each)))
}

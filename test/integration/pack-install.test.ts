import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { reportKpack } from '#engine/testing/folding-tenant.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { DAY_MS, type TestMedia } from '#engine/testing/signed-media.ts'
import { revokePack } from '#engine/packs/media/publish/index.ts'
import { verifyText } from '#engine/sync/keys.ts'
import { mediaWith, pricePack, profileWith } from '#test/support/install-media.ts'
import { amountsPack, amountsProfile } from '#test/support/report-pack.ts'
import { settled, testEngine, type TestEngine } from '#test/support/test-engine.ts'
import { until } from '#test/support/until.ts'

const engines: TestEngine[] = []
afterEach(async () => { for (const engine of engines.splice(0)) await engine.end() })

async function site(): Promise<TestEngine> {
  const engine = await testEngine()
  engines.push(engine)
  return engine
}

async function trust({ client }: TestEngine, { folder }: TestMedia): Promise<void> {
  const media = await client.commands['open-media']({ folder })
  if (!media.trusted) await client.commands['trust-root']({ folder, fingerprint: media.fingerprint })
}

type Start = Parameters<KeelsonClient['commands']['start-install']>[0]

async function install({ client }: TestEngine, { folder }: TestMedia, given: Partial<Start> = {}) {
  const started = await client.commands['start-install']({ folder, ...given })
  return await follow(client, started.install)
}

async function follow(client: KeelsonClient, id: string) {
  for await (const view of await client.streams.install({ install: id })) if (!['queued', 'running', 'activating'].includes(view.state)) return view
  throw new Error('the install did not end')
}

async function baseOf({ client }: TestEngine, tenant: string, reference: string): Promise<number | undefined> {
  const { orderId } = await client.commands['draft-order']({ tenant, document: anOrder({ reference }) })
  await client.commands['submit-order']({ tenant, orderId, revision: 1 })
  await settled(client, tenant)
  return (await client.queries.order({ tenant, order: orderId })).decisions.pricing?.baseMinor
}

const runs = async ({ client }: TestEngine) => (await client.queries.packs({})).filter(each => each.id === 'surcharge').map(each => [each.version, each.state, each.tenants.map(t => t.tenant)])

describe('an install from signed media', () => {
  it('brings a pack that profiles can name, and its record', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack())
    await expect(client.commands['start-install']({ folder: media.folder }).then(({ install: id }) => follow(client, id))).resolves.toMatchObject({ state: 'failed', error: { code: 'KS-TRUST-UNKNOWN-ROOT' } })
    const seen = await client.commands['open-media']({ folder: media.folder })
    expect(seen).toMatchObject({ trusted: false, nameSpace: ['acme-labs/*'], packs: [{ id: 'surcharge', here: 'new' }] })
    await expect(client.commands['trust-root']({ folder: media.folder, fingerprint: '0'.repeat(32) })).rejects.toMatchObject({ code: 'KS-TRUST-FINGERPRINT' })
    await client.commands['trust-root']({ folder: media.folder, fingerprint: seen.fingerprint.replaceAll(' ', '') })

    const plan = await client.queries['install-plan']({ folder: media.folder })
    expect(plan).toMatchObject({ ok: true, packs: [{ pack: 'surcharge', kind: 'new', licence: 'MIT', cases: 1, findings: [] }] })
    const ended = await install(engine, media, { invocation: { reason: 'asked for by sales' } })
    expect(ended).toMatchObject({ state: 'succeeded', packs: [{ pack: 'surcharge', version: '1.0.0' }] })
    expect(ended.checks.map(check => [check.step, check.outcome]).filter(([step]) => step !== 'profile-cases')).toEqual([['verify', 'passed'], ['compatibility', 'passed'], ['own-cases', 'passed']])
    expect(ended.checks.filter(check => check.step === 'profile-cases').length).toBeGreaterThan(3)
    expect(await runs(engine)).toEqual([['1.0.0', 'trusted', []]])

    await client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    expect(await baseOf(engine, 'north', 'A')).toBeGreaterThan(0)
    expect(await runs(engine)).toEqual([['1.0.0', 'trusted', ['north']]])

    const { document, signature, page } = await client.queries['install-record']({ install: ended.id })
    const record = JSON.parse(document) as { site: { publicKey: string }; reason: string; packs: unknown[]; checks: unknown[] }
    expect(verifyText(document, signature, record.site.publicKey)).toBe(true)
    expect(record).toMatchObject({ reason: 'asked for by sales', packs: [{ pack: 'surcharge', signedBy: 'targets' }] })
    expect(page).toContain('asked for by sales')
    // The page speaks the language of whoever asks; what is signed stays as it is.
    const arabic = await client.queries['install-record']({ install: ended.id, locale: 'ar-EG' })
    expect(arabic).toMatchObject({ document, signature, page: expect.stringContaining('<html lang="ar" dir="rtl">') as string })
    expect(arabic.page).toContain('سجل التثبيت')
    expect(arabic.page).not.toMatch(/[{}]\w+\}/)
    const stick = mkdtempSync(join(tmpdir(), 'keelson-stick-'))
    const { files } = await client.commands['export-install-record']({ install: ended.id, folder: stick })
    expect(files.map(file => existsSync(file))).toEqual([true, true])

    await engine.restart()
    expect(await runs(engine)).toEqual([['1.0.0', 'trusted', ['north']]])
  })

  it('is cancelled before it counts, and leaves nothing', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack({ cases: 2000 }))
    await trust(engine, media)
    const { install: id } = await client.commands['start-install']({ folder: media.folder })
    expect(await client.commands['cancel-install']({ install: id })).toEqual({ state: 'cancelled' })
    expect(await client.queries.install({ install: id })).toMatchObject({ state: 'cancelled' })
    await expect(client.queries['install-record']({ install: id })).rejects.toMatchObject({ code: 'KS-INSTALL-NO-RECORD' })
    expect(readdirSync(join(engine.folder, 'packs'))).toEqual([])
    expect(await install(engine, media)).toMatchObject({ state: 'succeeded' })
  })

  it('tells how far its cases are, and ends in the middle of them where somebody stops it', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack({ cases: 1000, slow: true }))
    await trust(engine, media)
    const { install: id } = await client.commands['start-install']({ folder: media.folder })
    for await (const { step, done } of await client.streams.install({ install: id })) if (step === 'own-cases' && done > 0) break
    expect(await client.commands['cancel-install']({ install: id })).toEqual({ state: 'cancelled' })
    const stopped = await follow(client, id)
    expect(stopped).toMatchObject({ state: 'cancelled', step: 'own-cases', total: 1000 })
    expect(stopped.done).toBeLessThan(1000)
  })

  it('takes expired media where two people say so, and nothing of a root that is trusted no longer', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack())
    await trust(engine, media)
    const added = async () => (await client.queries.trust({})).filter(each => each.kind === 'added')
    expect(await added()).toMatchObject([{ nameSpace: ['acme-labs/*'], age: null }])
    await media.add([pricePack({ version: '1.1.0' })])
    // Signed properly, and a day ago its time was over.
    const expires = `${new Date(Date.now() - DAY_MS).toISOString().slice(0, 19)}Z`
    media.forge('metadata/timestamp.json', signed => ({ ...signed, 'x-keelson-signed-at': `${new Date(Date.now() - 2 * DAY_MS).toISOString().slice(0, 19)}Z`, expires }), media.named('timestamp-1'))
    expect(await install(engine, media)).toMatchObject({ state: 'failed', error: { code: 'KS-MEDIA-EXPIRED' } })
    const by: [string, string] = ['Ann', 'Ben']
    const taken = await install(engine, media, { acceptExpired: { by, reason: 'no line to the publisher' } })
    expect(taken).toMatchObject({ state: 'succeeded', packs: [{ version: '1.1.0' }] })
    const { document } = await client.queries['install-record']({ install: taken.id })
    expect(JSON.parse(document)).toMatchObject({ media: { acceptedExpired: { by, reason: 'no line to the publisher' } } })
    expect(await added()).toMatchObject([{ age: { expired: true } }])

    await client.commands['untrust-root']({ repository: (await added())[0]?.repository ?? '' })
    expect(await install(engine, media)).toMatchObject({ state: 'failed', error: { code: 'KS-TRUST-UNKNOWN-ROOT' } })
    expect(await runs(engine)).toEqual([['1.1.0', 'trusted', []]])
  })

  it('takes a new version up for one tenant, beside another that keeps the old one; undo goes back', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack())
    await trust(engine, media)
    await install(engine, media)
    for (const tenant of ['north', 'south']) await client.commands['create-tenant']({ tenant, profile: profileWith(tenant) })
    const before = await baseOf(engine, 'north', 'A') ?? 0
    await media.add([pricePack({ version: '2.0.0', surcharge: 700 })])
    const plan = await client.queries['install-plan']({ folder: media.folder, tenants: ['north'] })
    expect(plan).toMatchObject({ ok: true, packs: [{ kind: 'upgrade', installed: '1.0.0', differences: [] }], tenants: [{ tenant: 'north', packs: [{ from: '1.0.0', to: '2.0.0' }] }] })
    expect(await install(engine, media, { tenants: ['north'] })).toMatchObject({ state: 'succeeded', activations: [{ tenant: 'north', packs: ['surcharge'], error: null }] })
    expect(await runs(engine)).toEqual([['2.0.0', 'trusted', ['north']], ['1.0.0', 'trusted', ['south']]])
    expect([await baseOf(engine, 'north', 'B'), await baseOf(engine, 'south', 'B')]).toEqual([before + 700, before])
    const { source } = await client.queries.profile({ tenant: 'north' })
    expect(source).toContain('# Prices come from a pack of its own.')
    expect(source).toContain('^2.0.0')

    // An order keeps the profile version that it was submitted under.
    expect(await client.queries['replay-decision']({ tenant: 'north', order: 'A' })).toMatchObject({ equal: true })
    expect(await client.commands['undo-pack']({ tenant: 'north', pack: 'surcharge' })).toMatchObject({ version: '1.0.0', profileVersion: 3 })
    expect(await baseOf(engine, 'north', 'C')).toBe(before)
    expect(await client.commands['enable-pack']({ tenant: 'south', pack: 'surcharge', version: '2.0.0' })).toMatchObject({ version: '2.0.0' })
    expect(await baseOf(engine, 'south', 'C')).toBe(before + 700)
    await expect(client.commands['undo-pack']({ tenant: 'north', pack: 'surcharge' })).rejects.toMatchObject({ code: 'KS-PACK-NO-UNDO' })
  })

  it.each([
    ['cases of its own that it does not pass', pricePack({ cases: 'wrong' }), 'KS-PACK-OWN-CASES'],
    ['another engine', pricePack({ manifest: { engine: '>=99.0.0' } }), 'KS-PACK-ENGINE'],
    ['a contract version that nobody knows', pricePack({ manifest: { implements: [{ contract: 'pricing-policy', version: 'v9', entry: 'code/pricing-policy.js', config: {} }] } }), 'KS-PACK-CONTRACT'],
    ['a pack that is not here', pricePack({ manifest: { requires: [{ pack: 'customers', version: '^9.0.0' }] } }), 'KS-PACK-REQUIRES'],
    ['an id of somebody else', pricePack({ id: 'flat-discount' }), 'KS-PACK-ID-TAKEN'],
  ])('refuses %s, and nothing is written', async (_, pack, code) => {
    const engine = await site()
    const media = await mediaWith(pack)
    await trust(engine, media)
    const packsBefore = await engine.client.queries.packs({})
    expect(await install(engine, media)).toMatchObject({ state: 'failed', error: { code } })
    expect(await engine.client.queries.packs({})).toEqual(packsBefore)
    expect(readdirSync(join(engine.folder, 'packs'))).toEqual([])
  })

  it('refuses what would change the cases of a tenant\'s profile, unless a person says that it is meant', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack())
    await trust(engine, media)
    await install(engine, media)
    await client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    const cases = `cases: [{ title: two at five, order: { lines: [{ quantity: '2', price: '5' }] }, expect: { pricing: { baseMinor: 1000 } } }]`
    await expect(client.commands['publish-profile']({ tenant: 'north', document: profileWith('north'), cases: ['cases: 1'] })).rejects.toMatchObject({ code: 'KS-PROFILE-CASES' })
    await client.commands['publish-profile']({ tenant: 'north', document: profileWith('north'), cases: [cases] })
    await media.add([pricePack({ version: '1.0.1', surcharge: 3 })])
    const refused = await install(engine, media, { tenants: ['north'] })
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'KS-PACK-PROFILE-CASES', values: { subject: 'north (north)', differing: 1 } } })
    expect(await runs(engine)).toEqual([['1.0.0', 'trusted', ['north']]])
    const accepted = await install(engine, media, { tenants: ['north'], acceptDifferences: true, invocation: { reason: 'prices went up' } })
    expect(accepted).toMatchObject({ state: 'succeeded', checks: expect.arrayContaining([expect.objectContaining({ code: 'KS-PACK-PROFILE-CASES', outcome: 'warning', details: [expect.stringContaining('1003')] })]) as unknown[] })
    expect(await runs(engine)).toEqual([['1.0.1', 'trusted', ['north']], ['1.0.0', 'trusted', []]])
    // A case that fails already and would fail otherwise is told as well.
    await media.add([pricePack({ version: '1.0.2', surcharge: 7 })])
    expect(await install(engine, media, { tenants: ['north'] })).toMatchObject({ state: 'failed', error: { code: 'KS-PACK-PROFILE-CASES', message: expect.stringContaining('1007') as string } })
  })

  it('lets nobody but the product\'s own root speak for the product\'s packs', async () => {
    const engine = await site()
    const media = await mediaWith(pricePack({ id: 'tiered-pricing', version: '1.0.1', publisher: 'keelson' }))
    const seen = await engine.client.commands['open-media']({ folder: media.folder })
    await expect(engine.client.commands['trust-root']({ folder: media.folder, fingerprint: seen.fingerprint })).rejects.toMatchObject({ code: 'KS-TRUST-NAMESPACE-TAKEN' })
  })
})

describe('the life cycle of a pack', () => {
  it('lets it refuse a config and to be enabled, and say how it feels', async () => {
    const engine = await site()
    const { client } = engine
    const code = `
      exports.onInit = config => config.percent === '200' ? { refused: { code: 'too-much', values: {} } } : { notes: [] }
      exports.onEnable = config => config.percent === '100' ? { refused: { code: 'gives-it-away', values: {} } } : { notes: [{ code: 'ready', values: {} }] }
      exports.onDisable = () => ({ notes: [{ code: 'no-prices-then', values: {} }] })
      exports.onHealthCheck = ({ deadLetters }) => ({ health: 'unwell', notes: [{ code: 'tired', values: { deadLetters } }] })`
    const media = await mediaWith(pricePack({
      cases: 'none', files: new Map(Object.entries({ 'code/life-cycle.js': code, 'locales/de.json': '{ "gives-it-away": "Alles wäre umsonst." }' }).map(([name, text]) => [name, new TextEncoder().encode(text)])), manifest: {
        lifeCycle: 'code/life-cycle.js', implements: [{ contract: 'pricing-policy', version: 'v1', entry: 'code/pricing-policy.js', config: { type: 'object' } }],
      },
    }))
    await trust(engine, media)
    await install(engine, media)
    await client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    const enable = (percent: string) => client.commands['enable-pack']({ tenant: 'north', pack: 'surcharge', config: { percent } })
    await expect(enable('200')).rejects.toMatchObject({ code: 'KS-PACK-REFUSES', message: expect.stringContaining('too-much') as string })
    await expect(enable('100')).rejects.toMatchObject({ code: 'KS-PACK-REFUSES', message: expect.stringContaining('gives-it-away') as string })
    const inGerman = client.commands['create-tenant']({ tenant: 'south', profile: profileWith('south').replace('version: ^1.0.0', "version: ^1.0.0, config: { percent: '100' }"), invocation: { locale: 'de' } })
    await expect(inGerman).rejects.toMatchObject({ code: 'KS-PACK-REFUSES', message: expect.stringContaining('Alles wäre umsonst') as string })
    expect(await enable('5')).toMatchObject({ notes: [{ code: 'ready' }] })
    expect(await client.queries['pack-health']({ tenant: 'north' })).toMatchObject([{ pack: 'surcharge', health: 'unwell', reasons: ['says-so'], notes: [{ code: 'tired', values: { deadLetters: 0 } }] }])
    expect((await client.queries['site-status']({})).packs.find(each => each.pack === 'surcharge')).toMatchObject({ state: 'ready', saysUnwell: true })
    expect(await client.commands['disable-pack']({ tenant: 'north', pack: 'surcharge' })).toMatchObject({ notes: [{ code: 'no-prices-then' }] })
  })
})

describe('a pack that is removed', () => {
  it('stays while another needs it or nobody else would answer; then nothing is left but its record', async () => {
    const engine = await site()
    const { client } = engine
    const code = new TextEncoder().encode('exports.react = () => ({ deliveries: [] })')
    const watcher = pricePack({
      id: 'watcher', cases: 'none', files: new Map([['code/reactor.js', code]]), manifest: {
        requires: [{ pack: 'surcharge', version: '^1.0.0' }],
        implements: [{ contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: {}, reads: ['keelson.order.confirmed.v1'] }],
      },
    })
    const media = await mediaWith(pricePack(), watcher)
    await trust(engine, media)
    await install(engine, media, { packs: [{ pack: 'surcharge' }] })
    await client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    await install(engine, media, { packs: [{ pack: 'watcher' }], tenants: ['north'] })
    await baseOf(engine, 'north', 'A')
    expect((await client.queries.packs({})).find(each => each.id === 'watcher')?.tenants).toMatchObject([{ tenant: 'north', state: 'enabled' }])

    const refusal = (code: string) => expect.objectContaining({ code }) as Error
    await expect(client.commands['disable-pack']({ tenant: 'north', pack: 'surcharge' })).rejects.toMatchObject({ code: 'KS-PACK-NEEDED', message: expect.stringContaining('watcher') as string })
    await expect(client.commands['remove-pack']({ pack: 'surcharge' })).rejects.toEqual(refusal('KS-PACK-NEEDED'))
    const removed = await client.commands['remove-pack']({ pack: 'watcher', invocation: { reason: 'tried' } })
    expect(removed).toMatchObject({ tenants: [{ tenant: 'north', exported: null, dropped: { cursors: ['reactor:watcher'] }, left: { states: 0, cursors: [], parked: 0, files: [] } }], versions: [{ version: '1.0.0' }] })
    await expect(client.commands['remove-pack']({ pack: 'surcharge' })).rejects.toEqual(refusal('KS-PACK-NAMED'))
    await client.commands['publish-profile']({ tenant: 'north', document: profileWith('north', 'stated-totals').replace('version: ^1.0.0', 'version: ^1.0.0, config: { exponent: 2, defaultCurrency: EUR }') })
    await client.commands['remove-pack']({ pack: 'surcharge' })
    expect((await client.queries.packs({})).map(each => each.id)).not.toContain('surcharge')
    await expect(client.commands['remove-pack']({ pack: 'stated-totals' })).rejects.toEqual(refusal('KS-PACK-BUNDLED'))
    await expect(client.commands['publish-profile']({ tenant: 'north', document: profileWith('north') })).rejects.toEqual(refusal('KS-PROFILE-INVALID'))
    // What it decided can still be executed again.
    await engine.restart()
    expect(await engine.client.queries['replay-decision']({ tenant: 'north', order: 'A' })).toMatchObject({ equal: true })
    expect((await examine(engine.folder)).findings).toEqual([])
  })
})

describe('a pack with tables that is removed', () => {
  it('leaves its rows in files, and none of its own; enabled again it has them from the log', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(reportKpack(amountsPack('1.0.0')))
    await trust(engine, media)
    await install(engine, media)
    await client.commands['create-tenant']({ tenant: 'north', profile: amountsProfile('north', '^1.0.0') })
    for (const [i, price] of ['5', '123.45'].entries()) {
      await client.commands['draft-order']({ tenant: 'north', document: anOrder({ reference: `PO-${i}`, lines: [aLine({ price })] }) })
    }
    await folded(client)
    const removed = await client.commands['remove-pack']({ pack: 'amounts', tenant: 'north' })
    expect(removed).toMatchObject({
      versions: [], tenants: [{ exported: { tables: [{ table: 'amounts', rows: 2 }] }, dropped: { files: expect.arrayContaining([expect.stringMatching(/^amounts@.*\.db$/)]) as string[] }, left: { files: [], states: 0, cursors: [], parked: 0 } }],
    })
    const [{ exported } = { exported: null }] = removed.tenants
    expect(readFileSync(join(exported?.folder ?? '', 'amounts.ndjson'), 'utf8').trim().split('\n').map(line => JSON.parse(line) as unknown)).toEqual([
      { reference: 'PO-0', account: expect.any(String) as string, amount: '5.00' }, { reference: 'PO-1', account: expect.any(String) as string, amount: '123.45' },
    ])
    await client.commands['enable-pack']({ tenant: 'north', pack: 'amounts' })
    await folded(client)
    expect((await client.queries['pack-query']({ tenant: 'north', pack: 'amounts', query: 'all' })).rows).toHaveLength(2)
  })

  async function folded(client: KeelsonClient): Promise<void> {
    await until(async () => (await client.queries['pack-tables']({ tenant: 'north' })).some(({ answers, behind }) => answers && behind === 0))
  }
})

describe('packs that may not run', () => {
  it('disabled: what needs it waits, until it is enabled again with a reason', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack())
    await trust(engine, media)
    await install(engine, media)
    await client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    await client.commands['disable-pack']({ tenant: 'north', pack: 'surcharge', invocation: { reason: 'prices look wrong' } })
    expect((await client.queries.packs({})).find(each => each.id === 'surcharge')?.tenants).toMatchObject([{ tenant: 'north', state: 'disabled', reason: 'prices look wrong' }])
    expect(await baseOf(engine, 'north', 'A')).toBeUndefined()
    await engine.restart()
    expect((await engine.client.queries.order({ tenant: 'north', order: 'A' })).order.needsAttention).toMatchObject({ code: 'KS-PACK-DISABLED' })
    await engine.client.commands['enable-pack']({ tenant: 'north', pack: 'surcharge', invocation: { reason: 'they are right' } })
    expect(await engine.client.commands['replay-dead-letters']({ tenant: 'north' })).toMatchObject({ resolved: 1, failed: 0 })
  })

  it('disabled by its incidents: also after a restart, until a person lets it be asked again', async () => {
    const engine = await site()
    const code = (text: string) => new Map([['code/pricing-policy.js', new TextEncoder().encode(text)]])
    const media = await mediaWith(pricePack({ cases: 'none', files: code('const a = []; for (;;) a.push(new Array(1e6).fill(1))') }), pricePack({ version: '1.0.1' }))
    await trust(engine, media)
    await install(engine, media, { packs: [{ pack: 'surcharge', version: '1.0.0' }] })
    await engine.client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    expect(await baseOf(engine, 'north', 'A')).toBeUndefined()
    const health = async () => (await engine.client.queries['pack-health']({ tenant: 'north' }))[0]
    expect(await health()).toMatchObject({ pack: 'surcharge', health: 'disabled', disabled: { code: 'KS-PACK-DISABLED' }, openDeadLetters: 1 })
    await engine.restart()
    expect(await health()).toMatchObject({ health: 'disabled', disabled: { code: 'KS-PACK-DISABLED' } })
    // Another version is not barred by what this one did.
    await install(engine, media, { packs: [{ pack: 'surcharge', version: '1.0.1' }], tenants: ['north'] })
    expect(await baseOf(engine, 'north', 'B')).toBeGreaterThan(0)
    expect(await health()).toMatchObject({ version: '1.0.1', contracts: [{ contract: 'pricing-policy', failed: 0 }] })
    await engine.client.commands['enable-pack']({ tenant: 'north', pack: 'surcharge', version: '1.0.0', invocation: { reason: 'to see it again' } })
    expect((await engine.client.queries.packs({})).find(each => each.version === '1.0.0' && each.id === 'surcharge')?.tenants).toMatchObject([{ state: 'enabled' }])
  })

  it('withdrawn by its publisher: it stops at once, and says so', async () => {
    const engine = await site()
    const { client } = engine
    const media = await mediaWith(pricePack())
    await trust(engine, media)
    await install(engine, media)
    await client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    await media.change(repository => revokePack(repository, 'acme-labs/surcharge@1.0.0', 'it adds wrongly'))
    await client.commands['open-media']({ folder: media.folder })
    expect(await runs(engine)).toEqual([['1.0.0', 'revoked', ['north']]])
    expect(await baseOf(engine, 'north', 'A')).toBeUndefined()
    expect((await client.queries['site-status']({})).packs.find(each => each.pack === 'surcharge')).toMatchObject({ state: 'revoked', reason: expect.stringContaining('it adds wrongly') as string })
    await engine.restart()
    expect(await runs(engine)).toEqual([['1.0.0', 'revoked', ['north']]])
  })

  it('changed on disk: found at the next start, and put right by installing it again', async () => {
    const engine = await site()
    const media = await mediaWith(pricePack())
    await trust(engine, media)
    await install(engine, media)
    await engine.client.commands['create-tenant']({ tenant: 'north', profile: profileWith('north') })
    await engine.stop()
    const file = join(engine.folder, 'packs', readdirSync(join(engine.folder, 'packs'))[0] ?? '')
    const bytes = readFileSync(file)
    writeFileSync(file, Buffer.concat([bytes.subarray(0, 100), Buffer.from([(bytes[100] ?? 0) ^ 1]), bytes.subarray(101)]))
    await engine.restart()
    expect(await runs(engine)).toEqual([['1.0.0', 'modified', ['north']]])
    expect(await engine.client.queries['verify-packs']({})).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'surcharge', state: 'modified' })]))
    await install(engine, media)
    expect(await runs(engine)).toEqual([['1.0.0', 'trusted', ['north']]])
  })
})

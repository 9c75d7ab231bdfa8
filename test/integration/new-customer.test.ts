import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '#engine/start-engine.ts'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { sourceEngine } from '#test/support/source-engine.ts'
import { until } from '#test/support/until.ts'

let folder: string
let engine: Engine
let client: KeelsonClient

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-customer-'))
  ;({ engine, client } = await sourceEngine(folder))
  await client.commands['set-up-site']({ kind: 'new', siteName: 'Quay', tenant: 'first', profile: 'delta', user: 'ann', password: 'a-long-password' })
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const prepare = (input: Parameters<KeelsonClient['queries']['prepare-customer']>[0]) => client.queries['prepare-customer'](input)

/** Enters an order as its first; the state that it comes to. */
async function firstOrder(tenant: string, more: Parameters<typeof anOrder>[0] = {}): Promise<string | null> {
  const document = anOrder({ reference: 'FIRST-1', currency: 'EUR', ...more })
  const drafted = await client.commands['draft-order']({ tenant, document })
  await client.commands['submit-order']({ tenant, orderId: drafted.orderId, revision: drafted.revision })
  let became: string | null = null
  await until(async () => {
    const { order: { state, needsAttention, awaitsApproval } } = await client.queries.order({ tenant, order: drafted.orderId })
    became = needsAttention?.code ?? (awaitsApproval ? 'waits for approval' : null)
    if (state !== 'submitted' && state !== 'validated' && state !== 'priced') became = state
    return became !== null
  })
  return became
}

it('the first tenant of a site is called as the site, whatever it began with', async () => {
  expect((await client.queries.profile({ tenant: 'first' })).title).toBe('Quay')
  expect((await client.queries.organisation({ tenant: 'first' }))[0]).toEqual({ path: '/first', parent: null, name: 'Quay' })
})

describe('a new customer', () => {
  it.each(['plain', 'approvals', 'tiers', 'documents'])('begins with the template %s and takes its first order', async name => {
    const tenant = `quay-${name}`
    const { document, findings, parts } = await prepare({ beginning: { from: 'template', name: `templates/${name}` }, customer: { tenant, title: 'Quay & Sons' } })
    expect(findings).toEqual([])
    expect(parts.map(({ capability }) => capability)).toEqual(['validation', 'pricing', 'approval'])
    await client.commands['create-tenant']({ tenant, profile: document })
    expect((await client.queries.profile({ tenant })).title).toBe('Quay & Sons')
    expect(await client.queries.organisation({ tenant })).toEqual([{ path: `/${tenant}`, parent: null, name: 'Quay & Sons' }])
    expect(await firstOrder(tenant)).toBe('confirmed')
  })

  it('begins with the profile of another, without what belongs to that one', async () => {
    const { document, findings } = await prepare({ beginning: { from: 'tenant', tenant: 'first' }, customer: { tenant: 'second', title: 'Second' } })
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(document).not.toMatch(/delta/i)
    await client.commands['create-tenant']({ tenant: 'second', profile: document })
    expect((await client.queries.organisation({ tenant: 'second' })).map(({ path }) => path)).toEqual(['/second', '/second/online', '/second/shop'])
    expect(await firstOrder('second')).toBe('confirmed')
  })

  it('begins with a short description, whose unknown names are put right by what is offered', async () => {
    const beginning = { from: 'document' as const, document: 'customer: RiverCorp\norder_processing: enabled\npricing_model: tiered_v3\napprovals: custom_plugin_X\nintegrations: [sap_adapter]\nrules: river_rules_v2\nui: river_theme\n' }
    const begun = await prepare({ beginning })
    expect([begun.tenant, begun.title]).toEqual(['river-corp', 'RiverCorp'])
    const edits = []
    for (let rounds = 0; rounds < 20; rounds += 1) {
      const { findings } = await prepare({ beginning, customer: { tenant: 'river', title: 'River' }, edits })
      const [error] = findings.filter(({ severity }) => severity === 'error')
      if (error === undefined) break
      // Of what is offered a person takes the plainest; where nothing is, they write it.
      const fix = error.fixes.find(({ label }) => /product answer|Flat discount/.test(label)) ?? error.fixes[0]
      edits.push(...fix?.edits ?? byHand(error.path))
    }
    const made = await prepare({ beginning, customer: { tenant: 'river', title: 'River' }, edits })
    expect(made.findings.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${path} ${message}`)).toEqual([])
    await client.commands['create-tenant']({ tenant: 'river', profile: made.document })
    expect(await firstOrder('river')).toBe('confirmed')
  })

  it('has the currency that was chosen, limits too, and is told whom its approval lacks until they are there', async () => {
    const beginning = { from: 'template' as const, name: 'templates/approvals' }
    expect((await prepare({ beginning })).currency).toBe('EUR')
    const { document } = await prepare({ beginning, customer: { tenant: 'ward', title: 'Ward', currency: 'KWD' }, edits: [
      { op: 'set', path: ['accounts'], value: [{ code: 'SHIP', attributes: { flag: 'foreign' } }] },
      { op: 'set', path: ['capabilities', 'validation'], value: [{ pack: 'restricted-items', version: '^1.1.0', config: { rules: [{ items: ['ALC-*'], except: { attribute: { name: 'flag', values: ['foreign'] } } }] } }] },
    ] })
    await client.commands['create-tenant']({ tenant: 'ward', profile: document })
    expect(await firstOrder('ward', { currency: null, lines: [aLine({ price: '1000.001' })] })).toBe('waits for approval')
    expect((await client.queries.order({ tenant: 'ward', order: 'FIRST-1' })).decisions.pricing).toMatchObject({ currency: 'KWD', exponent: 3 })
    // What is tried is decided as it would be: with the attributes of its account.
    const tries = await client.queries['try-documents']({ tenant: 'ward', documents: ['SHIP', 'OTHER'].map(code => anOrder({ account: { code, name: null }, lines: [aLine({ item: 'ALC-1' })] })) })
    expect(tries.map(({ ok }) => ok)).toEqual([true, false])
    const lacking = async () => (await client.queries['inspect-profile']({ tenant: 'ward', document })).findings.map(({ code, values }) => `${code} ${values['role']}`)
    expect(await lacking()).toEqual(['stage-without-people approver', 'stage-without-people manager'])
    await client.commands['create-user']({ user: 'pia', password: 'a-long-password', roles: ['approver'], tenants: ['ward'] })
    await client.commands['create-user']({ user: 'mo', password: 'a-long-password', roles: ['manager'], tenants: ['first'] })
    expect(await lacking()).toEqual(['stage-without-people manager'])
  })

  it('is refused where its name is taken, or cannot be one', async () => {
    const begin = { from: 'template' as const, name: 'templates/plain' }
    await expect(prepare({ beginning: begin, customer: { tenant: 'first', title: 'Again' } })).rejects.toMatchObject({ code: 'KS-TENANT-KNOWN' })
    for (const tenant of ['../elsewhere', 'a/b', '.', 'Acme', 'two words', '$site', 'con', 'a'.repeat(41)]) {
      await expect(prepare({ beginning: begin, customer: { tenant, title: 'Device' } })).rejects.toMatchObject({ code: 'KS-TENANT-NAME', message: expect.stringContaining(JSON.stringify(tenant)) as string })
    }
    await expect(client.commands['create-tenant']({ tenant: 'first', profile: 'templates/plain' })).rejects.toMatchObject({ code: 'KS-TENANT-KNOWN' })
    await expect(prepare({ beginning: { from: 'template', name: 'templates/none' } })).rejects.toMatchObject({ code: 'KS-PROFILE-UNKNOWN' })
  })

  it('leaves nothing behind where its profile cannot be published', async () => {
    const { document } = await prepare({ beginning: { from: 'template', name: 'templates/plain' }, customer: { tenant: 'half', title: 'Half' } })
    await expect(client.commands['create-tenant']({ tenant: 'half', profile: document.replace('flat-discount', 'no-such-pack') })).rejects.toMatchObject({ code: 'KS-PROFILE-INVALID' })
    expect((await client.queries.tenants({})).map(({ tenant }) => tenant)).not.toContain('half')
    await client.commands['create-tenant']({ tenant: 'half', profile: document })
    expect(await firstOrder('half')).toBe('confirmed')
  })
})

function byHand(path: string) {
  const set = (at: string[], value: unknown) => [{ op: 'set' as const, path: at, value }]
  if (path.startsWith('capabilities.pricing')) return set(['capabilities', 'pricing'], { pack: 'flat-discount', version: '^1.0.0', config: { percent: '0' } })
  if (path.startsWith('capabilities.approval')) return set(['capabilities', 'approval'], { default: 'always-approve' })
  if (path.startsWith('capabilities.validation')) return set(['capabilities', 'validation'], [{ default: 'accept-all' }])
  return [{ op: 'remove' as const, path: path.split('.').slice(0, 2) }]
}

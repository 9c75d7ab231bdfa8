import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestMedia } from '#engine/testing/signed-media.ts'
import { mediaWith, pricePack, profileWith } from '#test/support/install-media.ts'
import { keelson, keelsonJson, temporaryFolder } from '#test/support/keelson-command.ts'

const data = join(temporaryFolder(), 'site')
let media: TestMedia

interface Listed { readonly id: string; readonly version: string; readonly state: string; readonly tenants: readonly string[] }

const listed = async (): Promise<Listed[]> => (await keelsonJson<Listed[]>('pack', 'list', '--data', data)).filter(each => each.id === 'surcharge')

beforeAll(async () => {
  media = await mediaWith(pricePack())
  expect(await keelson(['init', '--data', data, '--tenant', 'acme', '--profile', 'acme', '--password-stdin'], { input: 'a long password\n' })).toMatchObject({ code: 0 })
}, 60_000)

describe('packs on the command line', () => {
  it('asks for the fingerprint, installs, lists, takes up, goes back, removes', async () => {
    const refused = await keelsonJson<{ error: { code: string; values: { fingerprint: string } } }>('pack', 'install', media.folder, '--data', data)
    expect(refused.error).toMatchObject({ code: 'KS-TRUST-UNKNOWN-ROOT', values: { fingerprint: expect.any(String) } })
    expect(await keelsonJson('pack', 'install', media.folder, '--fingerprint', '0000', '--data', data)).toMatchObject({ error: { code: 'KS-TRUST-FINGERPRINT' } })
    const installed = await keelsonJson('pack', 'install', media.folder, '--fingerprint', refused.error.values.fingerprint, '--reason', 'asked for', '--record', media.folder, '--data', data)
    expect(installed).toMatchObject({ state: 'succeeded', packs: [{ pack: 'surcharge', version: '1.0.0' }], record: [expect.stringMatching(/install-.*\.json$/), expect.stringMatching(/install-.*\.html$/)] })
    expect(await listed()).toMatchObject([{ id: 'surcharge', version: '1.0.0', state: 'trusted', tenants: [] }])

    const profile = join(temporaryFolder(), 'north.yaml')
    writeFileSync(profile, profileWith('north'))
    await keelson(['init', '--data', data, '--tenant', 'north', '--profile', profile])
    await media.add([pricePack({ version: '1.1.0', surcharge: 1 })])
    const plan = await keelson(['pack', 'install', media.folder, '--tenant', 'north', '--plan', '--data', data])
    expect(plan.out).toContain('north: surcharge 1.0.0 → 1.1.0')
    expect(await keelsonJson('pack', 'install', media.folder, '--id', 'surcharge@1.1.0', '--tenant', 'north', '--data', data)).toMatchObject({ state: 'succeeded', activations: [{ tenant: 'north', error: null }] })
    expect(await listed()).toMatchObject([{ version: '1.1.0', tenants: ['north'] }, { version: '1.0.0', tenants: [] }])
    expect(await keelsonJson('pack', 'undo', 'surcharge', '--tenant', 'north', '--data', data)).toMatchObject({ version: '1.0.0' })
    expect(await keelsonJson('pack', 'disable', 'surcharge', '--tenant', 'north', '--reason', 'a look', '--data', data)).toMatchObject({ version: null })
    expect(await keelsonJson('pack', 'enable', 'surcharge', '--tenant', 'north', '--data', data)).toMatchObject({ version: '1.0.0' })
    expect(await keelsonJson('pack', 'verify', '--data', data)).toMatchObject({ ok: true, packs: expect.arrayContaining([expect.objectContaining({ id: 'surcharge', record: 'signed' })]) as unknown[] })
    expect(await keelsonJson('pack', 'remove', 'surcharge', '--data', data)).toMatchObject({ error: { code: 'KS-PACK-NAMED' } })
  })

  it('lists contracts with who uses them', async () => {
    const contracts = await keelsonJson<{ name: string; version: string; default: boolean; usedBy: string[] }[]>('contracts', '--data', data)
    expect(contracts.find(each => each.name === 'pricing-policy' && each.version === 'v1')).toMatchObject({ status: 'current', default: false, usedBy: expect.arrayContaining(['tiered-pricing 1.1.0', expect.stringMatching(/^profile north \d+$/)]) as string[] })
    expect(contracts.find(each => each.name === 'pricing-policy' && each.version === 'v2')).toMatchObject({ default: true })
  })
})

import { describe, expect, it } from 'vitest'
import { effectiveProfile, type SiteValues, withSiteValues } from './layers.ts'
import { readProfile } from './read-profile.ts'

const SOURCE = `schema: 2
id: north
title: North
look: { accent: '#0b7285' }
organisation: [{ path: /north, name: North }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: price, version: ^1.0.0, config: { percent: '7' } }
  approval: { default: always-approve }
  confirmation: automatic
  modules: [{ pack: members, version: ^1.0.0 }]
permissions: { members.edit: [manager] }
integrations:
  outbox: { kind: file, folder: outbox }
`
const config = { type: 'object', properties: { percent: { type: 'string', default: '0' }, rounding: { type: 'string', default: 'half-up' } } }
const pack = (id: string, contract: string, more: object = {}) => ({
  digest: id, manifest: { manifest: 1, id, version: '1.0.0', publisher: 'p', title: id, description: id, engine: '*', implements: [{ contract, version: 'v1', entry: 'x', config }], ...more },
})
const available = { packs: [pack('price', 'pricing-policy'), pack('members', 'domain-module', { permissions: [{ name: 'members.edit', roles: ['operator'] }, { name: 'members.see', roles: ['auditor'] }] })] as never, engineVersion: '0.1.0' }
const read = readProfile(SOURCE)
if (!read.ok) throw new Error(read.refusal.message)
const profile = read.value

function values(site: SiteValues): Record<string, string> {
  const effective = effectiveProfile(profile, site, available)
  if (!effective.ok) throw new Error(effective.refusal.message)
  return Object.fromEntries(effective.value.values.map(({ path, value, from, hides }) => [path, [`${JSON.stringify(value)} ${from}`, ...hides.map(each => `${JSON.stringify(each.value)} ${each.from}`)].join(' over ')]))
}

describe('a value', () => {
  it('says where it comes from, and what it hides', () => {
    expect(values({ 'look.accent': '#000000', 'packs.price.config.percent': '9' })).toMatchObject({
      'look.accent': '"#000000" site over "#0b7285" profile',
      'look.theme': '"auto" product',
      'capabilities.pricing.config.percent': '"9" site over "7" profile over "0" pack',
      'capabilities.pricing.config.rounding': '"half-up" pack',
      'capabilities.confirmation': '"automatic" profile',
      'permissions.members.edit': '["manager"] profile over ["operator"] pack',
      'permissions.members.see': '["auditor"] pack',
      'integrations.outbox.folder': '"outbox" profile',
      'publishing.casesMustPass': 'true product',
    })
  })

  it("of a site counts in what the tenant is composed of; the profile's text stays", () => {
    const effective = withSiteValues(profile, { 'integrations.outbox.folder': 'to/erp', 'packs.members.config.percent': '1' })
    expect(effective).toMatchObject({ ok: true, value: { source: SOURCE, integrations: { outbox: { kind: 'file', folder: 'to/erp' } }, capabilities: { modules: [{ pack: 'members', config: { percent: '1' } }] } } })
    expect(profile.integrations).toEqual({ outbox: { kind: 'file', folder: 'outbox' } })
  })

  it.each<[string, unknown, string]>([
    ['capabilities.confirmation', 'manual', 'A site has no say in capabilities.confirmation.'],
    ['permissions.members.edit', ['operator'], 'A site has no say in permissions.members.edit.'],
    ['integrations.inbox.folder', 'x', 'The profile has no integration inbox.'],
    ['packs.tiers.config.a', 1, 'The profile does not name the pack tiers.'],
    ['look.accent', 'blue', "The site's value for look.accent does not fit the profile."],
    ['look.colour', 'blue', "The site's value for look does not fit the profile."],
    ['integrations.outbox.folder', '../out', "The site's value for integrations.outbox.folder does not fit the profile."],
  ])('of a site for %s: %j is refused', (path, value, message) => {
    expect(withSiteValues(profile, { [path]: value })).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-SITE', message } })
  })
})

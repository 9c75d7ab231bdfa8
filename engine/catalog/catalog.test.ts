import { describe, expect, it } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import { packCatalogSchema, type PackCatalog } from '#engine/packs/pack-catalog.ts'
import { catalogOf } from './catalog.ts'
import { CORE_CAPABILITIES } from './core-capabilities.ts'

const pack = (version: string, catalog?: Partial<PackCatalog>, given: Partial<PackManifest> = {}): KnownPack => ({
  digest: version, ...(catalog === undefined ? {} : { catalog: packCatalogSchema.parse({ catalog: 1, ...catalog }) }),
  manifest: {
    manifest: 1, id: 'points', version, publisher: 'p', title: 'Points', description: 'Counts points.', engine: '*',
    implements: [{ contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: {} }], ...given,
  },
})
const profile = (tenant: string, modules: readonly object[]) => ({ tenant, version: 3, document: { capabilities: { validation: [{ default: 'accept-all' }], pricing: { pack: 'x' }, approval: { default: 'always-approve' }, confirmation: 'manual', modules } } })
const entry = (id: string, packs: readonly KnownPack[], profiles: Parameters<typeof catalogOf>[1] = [], locale = 'en') => catalogOf(packs, profiles, locale).find(each => each.id === id)

describe('the catalog', () => {
  it('has every capability of the product once, in three languages', () => {
    expect(new Set(CORE_CAPABILITIES.map(({ id }) => id)).size).toBe(CORE_CAPABILITIES.length)
    for (const { title, documentation } of CORE_CAPABILITIES) for (const text of [title, documentation]) expect(text).toEqual({ en: expect.any(String), de: expect.any(String), ar: expect.any(String) })
    expect(entry('orders', [], [], 'de')?.title).toBe('Aufträge und ihre Zustände')
  })

  it('says of a pack without a catalog what its manifest says', () => {
    expect(entry('points', [pack('1.0.0')])).toMatchObject({ title: 'Points', documentation: 'Counts points.', zone: 'automation', status: 'variable', stability: 'stable', since: '1.0.0', providers: [{ pack: 'points', version: '1.0.0' }], usedBy: [] })
  })

  it('speaks with the newest version of a pack, and names all of them', () => {
    const found = entry('points', [pack('1.10.0', { title: 'New' }), pack('1.9.0', { title: 'Old' })])
    expect(found).toMatchObject({ title: 'New', providers: [{ version: '1.9.0' }, { version: '1.10.0' }] })
  })

  it('names who uses a pack, a part of it, and what the product has a place for', () => {
    const packs = [pack('1.0.0', { capabilities: [{ id: 'tiers', title: 'Tiers', documentation: 'By points.', usedWhen: [{ path: 'packs.points.config.tiers', present: true }] }] })]
    const profiles = [profile('one', [{ pack: 'points', version: '^1.0.0', config: { tiers: ['gold'] } }]), profile('two', [{ pack: 'points', version: '*' }]), profile('three', [])]
    const users = (id: string) => entry(id, packs, profiles)?.usedBy.map(({ tenant }) => tenant)
    expect(users('points')).toEqual(['one', 'two'])
    expect(users('points.tiers')).toEqual(['one'])
    expect(users('orders')).toEqual(['one', 'two', 'three'])
    expect(users('reports')).toEqual([])
    expect(users('automatic-confirmation')).toEqual([])
    expect(users('workflow-steps')).toEqual([])
    expect(entry('points.tiers', packs, profiles)?.usedBy[0]).toEqual({ tenant: 'one', profileVersion: 3, options: [{ path: 'packs.points.config.tiers', value: 'gold' }] })
  })

  it('names the constraints that speak of a capability', () => {
    const packs = [pack('1.0.0', { constraints: [{ id: 'by-hand', kind: 'discourages', when: [], then: [{ path: 'capabilities.confirmation', is: 'manual' }], because: 'It waits.' }] })]
    expect(entry('points', packs)?.constraints).toEqual(['points/by-hand'])
    expect(entry('manual-confirmation', packs)?.constraints).toEqual(['product/asked-twice', 'points/by-hand'])
  })
})

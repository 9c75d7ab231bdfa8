import { describe, expect, it } from 'vitest'
import type { ContractName } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import { sectionsNaming, withoutPack, withPack } from './edit-profile.ts'
import { readProfile } from './read-profile.ts'

const PROFILE = `schema: 2
id: north
title: North # what people call it
organisation: [{ path: /north, name: North }]
capabilities:
  validation:
    - default: accept-all
    - { pack: limits, version: ^1.0.0 }
  pricing: { pack: price, version: ^1.0.0, config: { percent: '7' } }
  approval: { default: always-approve }
  confirmation: automatic
`

function pack(id: string, version: string, ...contracts: ContractName[]): Pick<KnownPack, 'manifest' | 'catalog'> {
  return { manifest: { manifest: 1, id, version, publisher: 'acme', title: id, description: id, engine: '*', implements: contracts.map(contract => ({ contract, version: 'v1', entry: '', config: {} })) } }
}

function capabilities(text: string): unknown {
  const read = readProfile(text)
  if (!read.ok) throw new Error(read.refusal.message)
  return read.value.capabilities
}

describe('a profile that takes a pack up', () => {
  it('stays as it is, to the byte, where it takes the version already', () => {
    expect(withPack(PROFILE, pack('price', '1.4.0', 'pricing-policy'))).toBe(PROFILE)
  })

  it('takes a later version where it names the pack; config and comments stay', () => {
    const text = withPack(PROFILE, pack('price', '2.0.0', 'pricing-policy'))
    expect(capabilities(text)).toMatchObject({ pricing: { pack: 'price', version: '^2.0.0', config: { percent: '7' } } })
    expect(text).toContain('# what people call it')
  })

  it.each<[ContractName, object]>([
    ['validation-rule', { validation: [{ default: 'accept-all' }, { pack: 'limits' }, { pack: 'new', version: '^1.0.0' }] }],
    ['pricing-policy', { pricing: { pack: 'new', version: '^1.0.0' } }],
    ['approval-policy', { approval: { pack: 'new', version: '^1.0.0' } }],
    ['reactor', { reactions: [{ pack: 'new', version: '^1.0.0' }] }],
  ])('gives a %s its place', (contract, expected) => {
    expect(capabilities(withPack(PROFILE, pack('new', '1.0.0', contract)))).toMatchObject(expected)
  })

  it('counts a pack that brings something of its own among the modules, whatever else it does', () => {
    const text = withPack(PROFILE, pack('new', '1.0.0', 'pricing-policy', 'domain-module', 'reactor'), { points: 2 })
    expect(sectionsNaming(text, 'new')).toEqual(['modules'])
    expect(capabilities(text)).toMatchObject({ modules: [{ pack: 'new', config: { points: 2 } }], pricing: { pack: 'price' } })
  })

  it('gives a pack that it names for the first time what its catalog begins with, unless a config is said', () => {
    const beginning = { ...pack('new', '1.0.0', 'reactor'), catalog: { catalog: 1, start: { points: 1 } } } as const
    expect(capabilities(withPack(PROFILE, beginning))).toMatchObject({ reactions: [{ pack: 'new', config: { points: 1 } }] })
    expect(capabilities(withPack(PROFILE, beginning, { points: 2 }))).toMatchObject({ reactions: [{ pack: 'new', config: { points: 2 } }] })
    const named = withPack(PROFILE, beginning, { points: 3 })
    expect(withPack(named, beginning)).toBe(named)
  })

  it('written as JSON stays JSON', () => {
    const json = JSON.stringify({ schema: 1, id: 'north', title: 'North', organisation: [{ path: '/north', name: 'North' }], capabilities: capabilities(PROFILE) })
    expect(JSON.parse(withPack(json, pack('new', '1.0.0', 'reactor')))).toMatchObject({ capabilities: { reactions: [{ pack: 'new', version: '^1.0.0' }] } })
  })
})

describe('a profile without a pack', () => {
  it('loses its entry, and a section that is empty then', () => {
    const both = withPack(withPack(PROFILE, pack('new', '1.0.0', 'reactor')), pack('limits', '1.0.0', 'validation-rule'))
    const text = withoutPack(both, 'new')
    expect(text.ok && capabilities(text.value)).toEqual(capabilities(PROFILE))
    const fewer = withoutPack(PROFILE, 'limits')
    expect(fewer.ok && capabilities(fewer.value)).toMatchObject({ validation: [{ default: 'accept-all' }] })
  })

  it.each([['price', PROFILE], ['limits', PROFILE.replace('    - default: accept-all\n', '')]])('refuses where nobody else would answer for %s', (id, text) => {
    expect(withoutPack(text, id)).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-NAMED', values: { pack: id } } })
  })
})

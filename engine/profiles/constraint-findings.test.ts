import { expect, it } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { PackCatalog } from '#engine/packs/pack-catalog.ts'
import { inspectProfile } from './inspect-profile.ts'

const part = (contract: string, config: object = { type: 'object', additionalProperties: false }) => ({ contract, version: 'v1', entry: 'x', config })
const known = (id: string, parts: object[], catalog?: Partial<PackCatalog>): KnownPack => ({
  digest: id, ...(catalog === undefined ? {} : { catalog: { catalog: 1, ...catalog } }),
  manifest: { manifest: 1, id, version: '1.0.0', publisher: 'test', title: id, description: id, engine: '*', implements: parts } as unknown as PackManifest,
})
const packs = [
  known('agreed', [part('pricing-policy', { type: 'object', required: ['prices'], properties: { prices: {} } }), part('data-extension')], {
    constraints: [{ id: 'net-prices', kind: 'conflicts', when: [], then: [{ pack: 'points' }], because: { en: 'Agreed prices are net.' } }],
  }),
  known('points', [part('domain-module')]),
]
const found = (more = '') => inspectProfile(`schema: 2
id: sample
title: Sample
organisation: [{ path: /sample, name: Sample }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: agreed, version: ^1.0.0, config: { prices: {} } }
  approval: { default: always-approve }
  confirmation: automatic
  modules: [{ pack: agreed, version: ^1.0.0${more} }, { pack: points, version: ^1.0.0 }]
`, { packs, engineVersion: '0.1.0' }).findings

it('what a pack forbids beside it is taken out by one click, also where the pack is a policy and a module', () => {
  expect(found()).toMatchObject([{ code: 'broken-conflicts', severity: 'error', fixes: [{ code: 'remove-pack', values: { pack: 'points' } }] }])
})

it('a fault elsewhere in the profile hides no way to put it right', () => {
  expect(found(', config: { colour: red }')).toMatchObject([{ code: 'no-keys-here' }, { code: 'broken-conflicts', fixes: [{ code: 'remove-pack', values: { pack: 'points' } }] }])
})

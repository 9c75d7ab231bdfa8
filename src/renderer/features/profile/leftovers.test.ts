import { expect, it } from 'vitest'
import type { PathKey } from '#engine/profiles/finding.ts'
import { withoutLeftovers } from './leftovers.ts'
import type { Schemas } from './schema-at.ts'

const limits = { type: 'object', additionalProperties: { type: 'string' } }
const config = {
  type: 'object', required: ['limits'],
  properties: { limits, stages: { type: 'array', items: { type: 'object', properties: { limits, role: { type: 'string' } } } }, except: { type: 'object', properties: { note: { type: 'string' } } } },
}
const entry = { type: 'object', properties: { pack: { type: 'string' }, config: { type: 'object' } } }
const schemas: Schemas = {
  document: {
    type: 'object',
    properties: {
      capabilities: { type: 'object', required: ['approval'], properties: { approval: entry, modules: { type: 'array', items: entry } } },
      look: { type: 'object', properties: { navigation: { type: 'array', items: { type: 'string' } } } },
    },
  },
  config: () => config,
}
const approval = ['capabilities', 'approval', 'config'] as const
const document = {
  capabilities: { approval: { pack: 'threshold', config: { limits: { EUR: '1' }, stages: [{ role: 'manager', limits: { EUR: '2' } }], except: { note: 'x' } } }, modules: [{ pack: 'report' }] },
  look: { navigation: ['orders'] },
}

it.each<[string, readonly PathKey[], readonly PathKey[]]>([
  ['the last module', ['capabilities', 'modules', 0], ['capabilities', 'modules']],
  ['the last limit of a stage', [...approval, 'stages', 0, 'limits', 'EUR'], [...approval, 'stages', 0, 'limits']],
  ['the last limit where limits have to be said', [...approval, 'limits', 'EUR'], [...approval, 'limits', 'EUR']],
  ['the last entry of the menu, of a look that says nothing else', ['look', 'navigation', 0], ['look']],
  ['a field that was cleared', [...approval, 'except', 'note'], [...approval, 'except', 'note']],
])('%s', (_, path, gone) => {
  expect(withoutLeftovers([{ op: 'remove', path }], document, schemas)).toEqual([{ op: 'remove', path: gone }])
})

it('one of several leaves the others where they are', () => {
  const more = { ...document, capabilities: { ...document.capabilities, modules: [{ pack: 'report' }, { pack: 'customers' }] } }
  expect(withoutLeftovers([{ op: 'remove', path: ['capabilities', 'modules', 1] }], more, schemas)).toEqual([{ op: 'remove', path: ['capabilities', 'modules', 1] }])
})

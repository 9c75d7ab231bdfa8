import { describe, expect, it } from 'vitest'
import type { ValueNode } from '../../app/value-schema.ts'
import { operatorIn, operatorsOf, settingAt, settingsIn, testOf } from './rule-settings.ts'
import type { Schemas } from './schema-at.ts'

const entry = { type: 'object', properties: { pack: { type: 'string' }, config: { type: 'object' } } }
const schemas: Schemas = {
  document: {
    type: 'object',
    properties: { capabilities: { type: 'object', properties: { approval: entry, modules: { type: 'array', items: entry }, confirmation: { type: 'string', enum: ['automatic', 'manual'] } } } },
  },
  config: pack => pack === 'threshold'
    ? { type: 'object', properties: { above: { type: 'string', enum: ['ask', 'reject'] }, limits: { type: 'object', additionalProperties: { type: 'string', pattern: '^\\d+(\\.\\d+)?$' } }, mail: { type: 'object', properties: { to: { type: 'string' } } } } }
    : pack === 'loyalty' ? { type: 'object', properties: { pointsPerUnit: { type: 'integer', minimum: 1 }, tiers: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } } } } : null,
}
const document = { capabilities: { approval: { pack: 'threshold', config: { limits: { EUR: '1000.00' } } }, modules: [{ pack: 'loyalty' }, { pack: 'gone' }], confirmation: 'manual' } }
const settings = settingsIn(document, schemas)

describe('what a rule can look at', () => {
  it('is what the product and the packs of the document can be set to, with the amounts of the currencies that it has', () => {
    expect(settings.map(({ address, node }) => `${address} ${node.kind}`)).toEqual([
      'capabilities.confirmation choice', 'packs.threshold.config.above choice', 'packs.threshold.config.limits.EUR decimal', 'packs.threshold.config.limits map',
      'packs.threshold.config.mail.to text', 'packs.threshold.config.mail group', 'packs.loyalty.config.pointsPerUnit integer', 'packs.loyalty.config.tiers list',
    ])
    expect(settings.at(-1)?.at).toEqual(['capabilities', 'modules', 0, 'config', 'tiers'])
  })

  it('is the same setting by its place and by its pack', () => {
    expect(settingAt('capabilities.approval.config.above', settings)).toBe(settingAt('packs.threshold.config.above', settings))
    expect(settingAt('packs.gone.config.x', settings)).toBe(undefined)
  })
})

describe('what is asked', () => {
  const node = (address: string): ValueNode | null => settingAt(address, settings)?.node ?? null

  it.each<[unknown, string | null]>([
    [{ pack: 'loyalty' }, 'used'], [{ pack: 'loyalty', present: false }, 'unused'], [{ pack: 'loyalty', version: '^1.0.0' }, 'version'], [{ path: 'x', present: true }, 'said'], [{ path: 'x', present: false }, 'unsaid'],
    [{ path: 'x', is: false }, 'is'], [{ path: 'x', in: ['a'] }, 'in'], [{ path: 'x', has: 'a' }, 'has'], [{ path: 'x', atLeast: '5' }, 'atLeast'], [{ path: 'x', same: 'y' }, 'same'], [{ path: 'x' }, null], ['x', null],
  ])('%j', (condition, operator) => expect(operatorIn(condition)).toBe(operator))

  it('fits what the setting is, and is written as conditions are', () => {
    expect(operatorsOf(null)).toEqual(['used', 'unused', 'version'])
    expect(operatorsOf(node('packs.loyalty.config.tiers'))).toEqual(['said', 'unsaid'])
    expect(operatorsOf(node('packs.threshold.config.limits.EUR'))).toContain('atLeast')
    expect(testOf('is', node('packs.threshold.config.above'))).toEqual({ key: 'is', value: 'ask' })
    expect(testOf('in', node('capabilities.confirmation'))).toEqual({ key: 'in', value: ['automatic'] })
    expect(testOf('atLeast', node('packs.loyalty.config.pointsPerUnit'))).toEqual({ key: 'atLeast', value: 1 })
    expect(testOf('unused', null)).toEqual({ key: 'present', value: false })
    expect(testOf('used', null)).toBe(null)
  })
})

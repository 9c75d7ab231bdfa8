import { describe, expect, it } from 'vitest'
import { startingEntry } from './starting-entry.ts'

const config = {
  type: 'object', required: ['compares', 'currency'],
  properties: { compares: { type: 'string', enum: ['base', 'price'] }, currency: { type: 'string', pattern: '^[A-Z]{3}$' }, note: { type: 'string' } },
}
const pack = { pack: 'limits', version: '1.2.0', config, moduleConfig: null, start: null }

describe('what a profile says for a pack that it begins to use', () => {
  it.each([
    ['what the pack says that one begins with', { ...pack, start: { compares: 'price', note: 'x' } }, {}, { compares: 'price', currency: '', note: 'x' }],
    ['else the least that its settings need', pack, {}, { compares: 'base', currency: '' }],
    ['in the currency that the profile uses already', { ...pack, start: { compares: 'price', currency: 'EUR' } }, { capabilities: { pricing: { config: { currency: 'KWD' } } } }, { compares: 'price', currency: 'KWD' }],
  ])('%s', (_, given, document, expected) => {
    expect(startingEntry(given, document, 'approval')).toEqual({ pack: 'limits', version: '^1.2.0', config: expected })
  })

  it('a currency that the pack in its place was told stays', () => {
    const optional = { ...pack, config: { type: 'object', properties: { defaultCurrency: { type: 'string', pattern: '^[A-Z]{3}$' } } } }
    expect(startingEntry(optional, { capabilities: { pricing: { pack: 'other', config: { defaultCurrency: 'CLF' } } } }, 'pricing')).toMatchObject({ config: { defaultCurrency: 'CLF' } })
    expect(startingEntry(optional, { capabilities: { pricing: { pack: 'other' }, approval: { config: { currency: 'CLF' } } } }, 'pricing')).toEqual({ pack: 'limits', version: '^1.2.0' })
  })

  it('among the modules only what it takes there', () => {
    const both = { ...pack, start: { compares: 'price', colour: 'red' }, moduleConfig: { type: 'object', additionalProperties: false, properties: { colour: { type: 'string' } } } }
    expect(startingEntry(both, {}, 'modules')).toEqual({ pack: 'limits', version: '^1.2.0', config: { colour: 'red' } })
    expect(startingEntry({ ...both, start: { compares: 'price' } }, {}, 'modules')).toEqual({ pack: 'limits', version: '^1.2.0' })
  })

  it('no settings where it needs none', () => {
    expect(startingEntry({ ...pack, config: { type: 'object', properties: {} } }, {}, 'approval')).toEqual({ pack: 'limits', version: '^1.2.0' })
  })
})

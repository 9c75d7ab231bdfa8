import { describe, expect, it } from 'vitest'
import { eventView, storedTypes } from './event-versions.ts'
import type { EventEnvelope } from './stored-event.ts'

const about = { revision: 1, reference: 'PO-1', account: 'A-1' }
const v1 = { ...about, price: { currency: 'EUR', exponent: 2, payableMinor: 119 } }
const v2 = { ...about, price: { ...v1.price, taxExclusiveMinor: 100, taxMinor: 19, currencies: ['USD'] } }

function confirmed(version: 'v1' | 'v2', data: unknown): EventEnvelope {
  return {
    specversion: '1.0', id: 'e', type: `keelson.order.confirmed.${version}`, source: '/sites/s/tenants/t', subject: 'o', time: '2026-01-05T08:00:00.000Z',
    epoch: 1, sequence: 1, orgpath: '/t', invocationid: 'i', correlationid: 'i', causationid: null, actor: 'a', reason: null, data,
  }
}

describe('a handler sees an event in the version that it reads', () => {
  const seen = (event: EventEnvelope, read: string) => {
    const { type, data } = eventView(event, [`keelson.order.confirmed.${read}`])
    return { version: type.slice(-2), data }
  }

  it.each([
    ['an older one lifted', confirmed('v1', v1), 'v2', { ...v1, price: { ...v1.price, taxExclusiveMinor: null, taxMinor: null, currencies: ['EUR'] } }],
    ['a newer one lowered', confirmed('v2', v2), 'v1', v1],
    ['its own as it is', confirmed('v2', v2), 'v2', v2],
    ['one without a price', confirmed('v2', { ...about, price: null }), 'v1', { ...about, price: null }],
  ])('%s', (_, event, read, data) => {
    expect(seen(event, read)).toEqual({ version: read, data })
  })

  it('wherever the log holds it', () => {
    expect(storedTypes(['keelson.order.confirmed.v1'])).toEqual(['keelson.order.confirmed.v1', 'keelson.order.confirmed.v2'])
    expect(storedTypes(['keelson.order.confirmed.v2', 'people.added.v1']).toSorted()).toEqual(['keelson.order.confirmed.v1', 'keelson.order.confirmed.v2', 'people.added.v1'])
  })

  it('a profile version that says where it comes from, as before it did', () => {
    const v1 = { version: 2, digest: 'd', source: 's', packs: {} }
    const event = { ...confirmed('v1', v1), type: 'keelson.profile.published.v1' }
    const lifted = eventView(event, ['keelson.profile.published.v2'])
    expect(lifted.data).toEqual({ ...v1, site: {}, base: null, rolledBackTo: null, effectiveAt: null, impactRun: null, differences: [], comments: [], proposal: null })
    expect(eventView({ ...event, type: lifted.type, data: lifted.data }, ['keelson.profile.published.v1']).data).toEqual(v1)
  })

  it('and never one that it does not read', () => {
    expect(() => eventView(confirmed('v2', v2), ['keelson.order.cancelled.v1'])).toThrow(/was shown to a handler/)
  })
})

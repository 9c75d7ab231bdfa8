import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AttributeDeclaration, PackManifest } from '#engine/contracts/v1/index.ts'
import { orderPage } from '#engine/projections/order-page.ts'
import { accountsOfOrders, pendingOrders } from '#engine/projections/pipeline-reads.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { APPROVED, PASSED, person, priced, TestTenant } from '#engine/testing/test-tenant.ts'
import type { Actor } from '#engine/core/invocation.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

const PACK: Actor = { id: 'pack:club', kind: 'pack', method: 'engine', roles: [] }

function enable(...attributes: AttributeDeclaration[]): void {
  tenant.enable({ pack: 'club', manifest: { id: 'club', attributes } as unknown as PackManifest })
}

const view = () => JSON.parse(pendingOrders(tenant.reader(), { after: 0, limit: 1, exposure: false }).orders[0]?.view ?? '{}') as Record<string, unknown>

describe('attributes of an account', () => {
  beforeEach(() => enable({ on: 'account', name: 'tier', schema: { enum: ['silver', 'gold'] }, editable: false }, { on: 'account', name: 'note', schema: { type: 'string' } }))
  const set = (attributes: Record<string, string | null>, actor: Actor = person('ann', 'operator')) => tenant.run('set-attributes', { on: 'account', key: 'A-1', attributes }, { actor })

  it('are set by a person or by the pack, whoever may, and count for orders decided from then on', () => {
    tenant.submitted(anOrder())
    expect(set({ 'club.note': 'calls on Fridays' })).toMatchObject({ ok: true, value: { changed: true } })
    expect(set({ 'club.tier': 'gold' }, PACK)).toMatchObject({ ok: true, value: { changed: true, revision: null } })
    expect(set({ 'club.tier': 'gold' }, PACK)).toMatchObject({ ok: true, value: { changed: false } })
    expect(view()).toMatchObject({ account: { attributes: { 'club.note': 'calls on Fridays', 'club.tier': 'gold' } } })
    expect(set({ 'club.note': null })).toMatchObject({ ok: true })
    expect(view()).toMatchObject({ account: { attributes: { 'club.tier': 'gold' } } })
  })

  it('are what an order that is only tried is decided with, beside the branch and the open orders of its account', () => {
    const { orderNo } = tenant.submitted(anOrder({ reference: 'R-1', orgpath: '/test/north' }))
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])
    set({ 'club.note': 'calls on Fridays' })
    const tried = (reference: string, account = 'A-1', exposure = true) => accountsOfOrders(tenant.reader(), { orders: [{ account, reference }], exposure })
    expect(tried('R-2')).toEqual([{ attributes: { 'club.note': 'calls on Fridays' }, orgpath: '/test/north', exposure: { openMinor: 1000, openOrders: 1 } }])
    // One that is amended does not stand beside itself.
    expect(tried('R-1')).toMatchObject([{ exposure: { openMinor: 0, openOrders: 0 } }])
    expect(tried('R-2', 'A-1', false)).toMatchObject([{ exposure: { openMinor: 0, openOrders: 0 } }])
    expect(tried('R-2', 'NEW')).toEqual([null])
  })

  it.each([
    ['what no pack declares', { 'club.colour': 'red' }, person('ann'), 'KS-ATTRIBUTE-UNKNOWN'],
    ['what is declared for orders only', { 'other.tier': 'gold' }, person('ann'), 'KS-ATTRIBUTE-UNKNOWN'],
    ['a value that the schema does not take', { 'club.tier': 'lead' }, PACK, 'KS-ATTRIBUTE-VALUE'],
    ['what only the pack sets', { 'club.tier': 'gold' }, person('ann'), 'KS-ATTRIBUTE-KEPT'],
    ['what another pack sets', { 'club.tier': 'gold' }, { ...PACK, id: 'pack:rival' }, 'KS-ATTRIBUTE-KEPT'],
  ])('refuses %s', (_what, attributes, actor, code) => {
    tenant.submitted(anOrder())
    expect(set(attributes, actor)).toMatchObject({ ok: false, refusal: { code } })
  })

  it('refuses an account that is not there', () => {
    expect(set({ 'club.note': 'x' })).toMatchObject({ ok: false, refusal: { code: 'KS-ACCOUNT-UNKNOWN' } })
  })
})

describe('attributes of an order', () => {
  const slot: AttributeDeclaration = { on: 'order', name: 'slot', schema: { type: 'integer', minimum: 1 } }

  it('are part of its document: a change is a new revision, to be decided again', () => {
    enable(slot, { on: 'line', name: 'gift', schema: { type: 'boolean' } })
    const contact = { name: 'Ada', email: null, phone: null, address: null }
    const { orderId } = tenant.submitted(anOrder({ contact }))
    expect(tenant.run('set-attributes', { on: 'order', key: orderId, attributes: { 'club.slot': 3 }, revision: 1 })).toMatchObject({ ok: true, value: { changed: true, revision: 2 } })
    expect(tenant.run('set-attributes', { on: 'order', key: orderId, attributes: { 'club.slot': 4 }, revision: 1 })).toMatchObject({ ok: false, refusal: { code: 'KS-ORDER-REVISION' } })
    expect(tenant.run('set-attributes', { on: 'line', key: orderId, line: '1', attributes: { 'club.gift': true } })).toMatchObject({ ok: true, value: { revision: 3 } })
    expect(tenant.run('set-attributes', { on: 'line', key: orderId, line: '9', attributes: { 'club.gift': true } })).toMatchObject({ ok: false, refusal: { code: 'KS-ORDER-LINE-UNKNOWN' } })
    expect(view()).toMatchObject({ attributes: { 'club.slot': 3 }, lines: [{ attributes: { 'club.gift': true } }] })
    const { order } = orderPage(tenant.reader(), { order: orderId, personal: true, person: person('ann') })
    expect(order).toMatchObject({ revision: 3, state: 'submitted', contact, attributes: { 'club.slot': 3 } })
  })

  it('are checked in documents that people and files hand in', () => {
    enable(slot)
    const draft = (attributes: Record<string, string | number>) => tenant.run('draft-order', { document: anOrder({ attributes }) })
    expect(draft({ 'club.slot': 0 })).toMatchObject({ ok: false, refusal: { code: 'KS-ATTRIBUTE-VALUE' } })
    expect(draft({ 'club.other': 1 })).toMatchObject({ ok: false, refusal: { code: 'KS-ATTRIBUTE-UNKNOWN' } })
    expect(draft({ 'club.slot': 2, 'buyer.reference': 'anything' })).toMatchObject({ ok: true })
  })

  it('hold the submit where they are required, and say which', () => {
    enable({ ...slot, required: true }, { on: 'line', name: 'lot', schema: { type: 'string' }, required: true })
    const { orderId } = tenant.must('draft-order', { document: anOrder({ attributes: { 'club.slot': 1 }, lines: [aLine({ attributes: { 'club.lot': 'L' } }), aLine({ id: '2' })] }) })
    expect(tenant.run('submit-order', { orderId, revision: 1 })).toMatchObject({ ok: false, refusal: { code: 'KS-ATTRIBUTE-MISSING', values: { attribute: 'club.lot', line: '2' } } })
    tenant.must('set-attributes', { on: 'line', key: orderId, line: '2', attributes: { 'club.lot': 'M' } })
    expect(tenant.run('submit-order', { orderId, revision: 2 })).toMatchObject({ ok: true })
    expect(tenant.run('amend-order', { orderId, revision: 2, document: anOrder() })).toMatchObject({ ok: false, refusal: { code: 'KS-ATTRIBUTE-MISSING' } })
  })

  it('stop a pack that changes one order again and again', () => {
    enable(slot)
    const { orderId } = tenant.submitted(anOrder())
    const change = (value: number) => tenant.run('set-attributes', { on: 'order', key: orderId, attributes: { 'club.slot': value } }, { actor: PACK })
    for (let value = 1; value <= 20; value++) expect(change(value)).toMatchObject({ ok: true })
    expect(change(21)).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-LOOP' } })
  })
})

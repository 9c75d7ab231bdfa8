import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { orderPage } from '#engine/projections/order-page.ts'
import { countOrders } from '#engine/projections/order-list.ts'
import { listApprovals } from '#engine/projections/work-lists.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { APPROVED, ask, failing, PASSED, person, priced, TestTenant } from '#engine/testing/test-tenant.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

const stateOf = (orderNo: number) => tenant.reader().one<[number], { state: string; revision: number; base_amount: number | null; attention: string | null }>(
  'SELECT state, revision, base_amount, attention FROM orders WHERE order_no = ?', orderNo)
const typesOf = (orderNo: number) => tenant.reader().all<[number], { type: string }>('SELECT type FROM events WHERE order_no = ? ORDER BY position', orderNo)
  .map(e => e.type.replace('keelson.', '').replace(/\.v\d$/, ''))

describe('an order on its way', () => {
  it('goes from draft to confirmed, each step an event', () => {
    const { orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])
    expect(stateOf(orderNo)).toMatchObject({ state: 'confirmed', base_amount: 1000 })
    expect(typesOf(orderNo)).toEqual(['order.drafted', 'order.submitted', 'order.validated', 'order.priced', 'order.approved', 'order.confirmed'])
  })

  it('stays where a step failed, marked, with a dead letter; replay goes on from there and resolves it', () => {
    const { orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, failing('pricing', 'tiers')])
    expect(stateOf(orderNo)).toMatchObject({ state: 'validated' })
    expect(stateOf(orderNo)?.attention).toContain('KS-PACK-THREW')
    const letters = () => tenant.reader().all<[], { pack: string; attempts: number; state: string }>('SELECT pack, attempts, state FROM dead_letters')
    expect(letters()).toEqual([{ pack: 'tiers', attempts: 1, state: 'open' }])

    tenant.must('replay-dead-letters', {})
    tenant.decide(orderNo, 'validated', [failing('pricing', 'tiers')], { attempt: 2 })
    expect(letters()).toEqual([{ pack: 'tiers', attempts: 2, state: 'open' }])

    tenant.must('replay-dead-letters', {})
    tenant.decide(orderNo, 'validated', [priced(1000), APPROVED], { attempt: 3 })
    expect(letters()).toEqual([{ pack: 'tiers', attempts: 2, state: 'resolved' }])
    expect(stateOf(orderNo)).toMatchObject({ state: 'confirmed', attention: null })
  })

  it('takes no price whose totals do not add up, whatever the pack host let through', () => {
    const { orderNo } = tenant.submitted(anOrder())
    const sound = priced(1000)
    if (!sound.ok) throw new Error('a price')
    const wrong = { ...sound, answer: sound.answer.replace('"payableMinor":1000', '"payableMinor":10') }
    expect(tenant.decide(orderNo, 'submitted', [PASSED, wrong, APPROVED])).toMatchObject({ failed: 1 })
    expect(stateOf(orderNo)).toMatchObject({ state: 'validated', attention: expect.stringContaining('totals.payableMinor is 10') })
  })

  it('drops answers for an order that changed while it was decided', () => {
    const { orderId, orderNo } = tenant.submitted(anOrder())
    tenant.must('amend-order', { orderId, revision: 1, document: anOrder({ lines: [aLine({ quantity: '2' })] }) })
    expect(tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])).toEqual({ recorded: 0, stale: 1, failed: 0 })
    expect(stateOf(orderNo)).toMatchObject({ state: 'submitted', revision: 2 })
  })

  it('asks its stages one after the other, each of someone with its role', () => {
    const { orderId, orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), ask({ id: 'desk', role: 'approver' }, { id: 'head', role: 'manager' })])
    const approve = (stage: string, ...roles: string[]) => tenant.run('approve-order', { orderId, revision: 1, stage }, { actor: person('p', ...roles) })
    expect(approve('head', 'manager')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-NOT-OPEN' } })
    expect(approve('desk', 'operator')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-ROLE' } })
    expect(approve('desk', 'approver')).toMatchObject({ ok: true, value: { state: 'priced' } })
    expect(approve('desk', 'approver')).toMatchObject({ ok: false })
    expect(approve('head', 'manager')).toMatchObject({ ok: true, value: { state: 'confirmed' } })
  })

  it('is rejected by whoever decides its open stage, and elsewhere only by who may reject any order', () => {
    const { orderId, orderNo } = tenant.submitted(anOrder())
    const reject = (who: string, ...roles: string[]) => tenant.run('reject-order', { orderId, revision: 1 }, { actor: person(who, ...roles) })
    expect(reject('op', 'operator')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-NOT-ASKED' } })
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), ask({ id: 'ward', role: 'operator', apart: true })])
    expect(reject('aud', 'auditor')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-ROLE' } })
    expect(reject('ann', 'operator')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-APART' } })
    expect(reject('op', 'operator')).toMatchObject({ ok: true, value: { state: 'rejected' } })
    const other = tenant.submitted(anOrder({ reference: 'A-2' }))
    expect(tenant.run('reject-order', { orderId: other.orderId, revision: 1 }, { actor: person('mia', 'manager') })).toMatchObject({ ok: true, value: { state: 'rejected' } })
  })

  it('needs as many different people as a stage says, none of whom came before where it stands apart', () => {
    const { orderId, orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), ask({ id: 'desk', role: 'approver' }, { id: 'board', role: 'manager', quorum: 2, apart: true })])
    const approve = (who: string, stage: string, ...roles: string[]) => tenant.run('approve-order', { orderId, revision: 1, stage }, { actor: person(who, ...roles) })
    const board = () => listApprovals(tenant.reader(), { mine: true, person: person('cem', 'manager'), personal: false, limit: 10 }).rows.map(row => row.missing)
    expect(approve('ben', 'desk', 'approver')).toMatchObject({ ok: true })
    expect(approve('ben', 'board', 'manager')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-APART' } })
    expect(approve('ann', 'board', 'manager')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-APART' } })
    expect(board()).toEqual([2])
    // What waits for others is not told as theirs.
    expect(['cem', 'ann', 'ben'].map(id => countOrders(tenant.reader(), { person: { id, roles: ['manager'] } }).approvals)).toEqual([1, 0, 0])
    expect(approve('cem', 'board', 'manager')).toMatchObject({ ok: true, value: { state: 'priced' } })
    expect(approve('cem', 'board', 'manager')).toMatchObject({ ok: false, refusal: { code: 'KS-APPROVAL-TWICE', values: { missing: 1 } } })
    expect(board()).toEqual([])
    expect(orderPage(tenant.reader(), { order: orderId, personal: false, person: person('dee', 'manager') }).approvals).toMatchObject([
      { id: 'desk', state: 'approved', decided: [{ by: 'ben' }] }, { id: 'board', state: 'open', quorum: 2, decided: [{ by: 'cem' }], mayDecide: true },
    ])
    expect(approve('dee', 'board', 'manager')).toMatchObject({ ok: true, value: { state: 'confirmed' } })
  })

  it('lets one of two approvals and an amendment win, and tells the others', () => {
    const { orderId, orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), ask({ id: 'desk', role: 'approver' })])
    const results = tenant.runTogether([
      { name: 'approve-order', input: { orderId, revision: 1, stage: 'desk' }, invocation: tenant.invocation({ actor: person('ann', 'approver') }) },
      { name: 'approve-order', input: { orderId, revision: 1, stage: 'desk' }, invocation: tenant.invocation({ actor: person('ben', 'approver') }) },
      { name: 'amend-order', input: { orderId, revision: 1, document: anOrder({ lines: [aLine({ quantity: '3' })] }) }, invocation: tenant.invocation() },
    ])
    expect(results.map(r => r.ok)).toEqual([true, false, false])
    expect(typesOf(orderNo).filter(t => t === 'order.approval-given')).toHaveLength(1)
  })
})

describe('commands are idempotent', () => {
  it('gives the first result for the same invocation, and refuses the id for another content', () => {
    const invocation = tenant.invocation()
    const draft = (reference: string) => tenant.runTogether([{ name: 'draft-order', input: { document: anOrder({ reference }) }, invocation }])[0]
    const first = draft('PO-7')
    expect(draft('PO-7')).toEqual(first)
    expect(draft('PO-8')).toMatchObject({ ok: false, refusal: { code: 'KS-INVOCATION-REUSED' } })
    expect(tenant.reader().all('SELECT 1 FROM orders')).toHaveLength(1)
  })

  it('leaves nothing of a refused command behind, beside the others of its group', () => {
    const good = { name: 'draft-order', input: { document: anOrder() }, invocation: tenant.invocation() } as const
    const bad = { name: 'draft-order', input: { document: anOrder({ reference: 'PO-9', orgpath: '/nowhere', account: { code: 'NEW', name: null } }) }, invocation: tenant.invocation() } as const
    const [a, b] = tenant.runTogether([bad, good])
    expect(a).toMatchObject({ ok: false, refusal: { code: 'KS-ORG-UNKNOWN' } })
    expect(b).toMatchObject({ ok: true })
    expect(tenant.reader().all<[], { code: string }>('SELECT code FROM accounts').map(r => r.code)).toEqual(['A-1'])
  })
})

describe('a full disk', () => {
  it('refuses writing with a reason, goes on reading, and resumes by itself', () => {
    tenant.end()
    tenant = new TestTenant()
    tenant.must('draft-order', { document: anOrder() })
    const pages = Number(tenant.reader().db.pragma('page_count', { simple: true }))
    tenant.restart(pages + 4)
    const lines = Array.from({ length: 2000 }, (_, i) => aLine({ id: String(i), item: `ITEM-${i}` }))
    const big = tenant.run('draft-order', { document: anOrder({ reference: 'BIG', lines }) })
    expect(big).toMatchObject({ ok: false, refusal: { code: 'KS-STORE-DISK-FULL' } })
    expect(tenant.mode).toBe('disk-full')
    expect(tenant.run('draft-order', { document: anOrder({ reference: 'PO-2' }) })).toMatchObject({ ok: false, refusal: { code: 'KS-STORE-DISK-FULL' } })
    expect(tenant.reader().all('SELECT 1 FROM orders')).toHaveLength(1)
    tenant.restart()
    tenant.clock.ms += 2000
    expect(tenant.run('draft-order', { document: anOrder({ reference: 'PO-2' }) })).toMatchObject({ ok: true })
  })
})

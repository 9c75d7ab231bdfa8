import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { examine } from '#engine/doctor/index.ts'
import { profileText } from '#test/support/profile-text.ts'
import { testEngine, type TestEngine } from '#test/support/test-engine.ts'

let engine: TestEngine
let ann: KeelsonClient
let bob: KeelsonClient
let tenant = ''
let made = 0

const because = (reason: string) => ({ invocation: { reason } })
const refusal = (code: string, values: object = {}) => expect.objectContaining({ code, data: expect.objectContaining({ values: expect.objectContaining(values) as unknown }) as unknown }) as unknown
const discount = (percent: number, more = '') => profileText(tenant, `{ pack: flat-discount, version: ^1.0.0, config: { percent: '${percent}' } }`, more)
const caseOf = (minor: number) => `cases: [{ title: a hundred, order: { currency: EUR, lines: [{ quantity: '1', price: '100.00' }] }, expect: { pricing: { totals: { payableMinor: ${minor} } } } }]`
const SECOND_PERSON = 'publishing: { secondPerson: true }\n'

async function administrator(user: string): Promise<KeelsonClient> {
  await engine.client.commands['create-user']({ user, password: 'a long password', roles: ['administrator'], tenants: ['*'] })
  return engine.as((await engine.client.commands['sign-in']({ user, password: 'a long password' })).token)
}

const draftOf = async (document: string) => {
  const { draftId } = await ann.commands['begin-profile-draft']({ tenant })
  const { revision } = await ann.commands['save-profile-draft']({ tenant, draftId, revision: 1, document })
  return { id: draftId, revision }
}
const history = async () => (await ann.queries['profile-versions']({ tenant })).rows

beforeAll(async () => {
  engine = await testEngine()
  ann = await administrator('Ann')
  bob = await administrator('Bob')
}, 60_000)
afterAll(() => engine.end())

beforeEach(async () => {
  tenant = `t${++made}`
  await engine.client.commands['create-tenant']({ tenant, profile: discount(10) })
})

describe('a draft that is published', () => {
  it('becomes a version with its reason, its remarks and what it was made from; the draft is gone', async () => {
    const draft = await draftOf(discount(20))
    await bob.commands['comment-on-profile-draft']({ tenant, draftId: draft.id, path: 'capabilities.pricing', text: 'A fifth?' })
    await expect(ann.commands['publish-profile']({ tenant, draft })).rejects.toEqual(refusal('KS-PROFILE-REASON'))
    const { jobId: impactRun } = await ann.commands['start-impact']({ tenant, orders: { last: 10 }, candidate: { document: discount(20) } })
    for await (const job of await ann.streams.job({ tenant, jobId: impactRun })) expect(job.error).toBeNull()
    const once = { tenant, draft, impactRun, invocation: { id: 'publish-once', reason: 'Summer sale' } }
    const published = await ann.commands['publish-profile'](once)
    expect(published).toMatchObject({ state: 'active', version: 2, proposal: null })
    // The answer was lost, and the same is asked for again.
    expect(await ann.commands['publish-profile'](once)).toEqual(published)
    const [version] = await history()
    expect(version).toMatchObject({
      version: 2, state: 'active', by: { name: 'Ann' }, reason: 'Summer sale', base: 1, impactRun, comments: [{ path: 'capabilities.pricing', text: 'A fifth?', by: { name: 'Bob' } }],
    })
    expect((await ann.queries['profile-drafts']({ tenant })).rows).toEqual([])
    expect(await ann.queries['profile-version']({ tenant, version: 2 })).toMatchObject({ source: discount(20), packs: [{ pack: 'flat-discount' }] })
  })

  it('is refused where somebody saved meanwhile, or published another version', async () => {
    const draft = await draftOf(discount(20))
    await bob.commands['save-profile-draft']({ tenant, draftId: draft.id, revision: draft.revision, document: discount(30) })
    await expect(ann.commands['save-profile-draft']({ tenant, draftId: draft.id, revision: draft.revision, document: discount(25) }))
      .rejects.toEqual(refusal('KS-DRAFT-CHANGED', { name: 'Bob', revision: 3 }))
    await expect(ann.commands['publish-profile']({ tenant, draft, ...because('Sale') })).rejects.toEqual(refusal('KS-DRAFT-CHANGED', { name: 'Bob' }))
    await bob.commands['publish-profile']({ tenant, document: discount(15) })
    const now = { id: draft.id, revision: 3 }
    expect(await ann.queries['profile-draft']({ tenant, draftId: draft.id })).toMatchObject({ base: 1, active: 2, outdated: true })
    expect(await ann.queries['check-publication']({ tenant, draftId: draft.id })).toMatchObject({ outdated: true, base: 1, active: 2 })
    await expect(ann.commands['publish-profile']({ tenant, draft: now, ...because('Sale') })).rejects.toEqual(refusal('KS-PROFILE-BASE', { base: 1, active: 2 }))
    const merged = await ann.commands['save-profile-draft']({ tenant, draftId: draft.id, revision: 3, document: discount(35), base: 2 })
    expect(await ann.commands['publish-profile']({ tenant, draft: { id: draft.id, revision: merged.revision }, ...because('Sale') })).toMatchObject({ version: 3 })
  })
})

describe('golden cases', () => {
  beforeEach(() => ann.commands['publish-profile']({ tenant, document: discount(10, '# with cases\n'), cases: [caseOf(9000)] }))

  it('that come out differently stand against a version, until they are accepted with a reason, or say what is wanted', async () => {
    const document = discount(20)
    expect(await ann.queries['check-publication']({ tenant, document })).toMatchObject({ refusal: null, cases: { total: 1, mustPass: true, differing: [{ title: 'a hundred' }] } })
    await expect(ann.commands['publish-profile']({ tenant, document })).rejects.toEqual(refusal('KS-PROFILE-CASES-DIFFER', { cases: 1, title: 'a hundred' }))
    await expect(ann.commands['publish-profile']({ tenant, document, acceptDifferences: true })).rejects.toEqual(refusal('KS-PROFILE-REASON'))
    await ann.commands['publish-profile']({ tenant, document, acceptDifferences: true, ...because('Meant so') })
    expect((await history())[0]).toMatchObject({ version: 3, differences: ['a hundred'] })
    // What differed before is not the next version's doing.
    expect(await ann.commands['publish-profile']({ tenant, document: discount(20, '# and a remark\n') })).toMatchObject({ version: 4 })
    expect(await ann.commands['publish-profile']({ tenant, document: discount(30), cases: [caseOf(7000)] })).toMatchObject({ version: 5 })
    await expect(ann.commands['publish-profile']({ tenant, document: discount(40), cases: [caseOf(7000)] })).rejects.toEqual(refusal('KS-PROFILE-CASES-DIFFER'))
  })
})

describe('a profile that demands a second person', () => {
  beforeEach(() => ann.commands['publish-profile']({ tenant, document: discount(10, SECOND_PERSON) }))

  it('takes what one proposes once another accepts it', async () => {
    const draft = await draftOf(discount(20, SECOND_PERSON))
    const proposed = await ann.commands['publish-profile']({ tenant, draft, ...because('Sale') })
    expect(proposed).toMatchObject({ state: 'proposed', version: null })
    const proposal = proposed.proposal ?? ''
    expect((await ann.queries['profile-proposals']({ tenant })).rows).toMatchObject([{ id: proposal, state: 'open', own: true, by: { name: 'Ann' }, reason: 'Sale', base: 2 }])
    expect((await bob.queries['profile-proposals']({ tenant })).rows).toMatchObject([{ own: false }])
    await expect(ann.commands['accept-profile-proposal']({ tenant, proposal })).rejects.toEqual(refusal('KS-PROPOSAL-OWN'))
    expect(await bob.commands['accept-profile-proposal']({ tenant, proposal, ...because('Checked') })).toMatchObject({ state: 'active', version: 3 })
    expect((await history())[0]).toMatchObject({ by: { name: 'Ann' }, reason: 'Sale', accepted: { by: { name: 'Bob' }, reason: 'Checked' } })
    expect((await ann.queries['profile-drafts']({ tenant })).rows).toEqual([])
  })

  it('also where it is changed from elsewhere: by its packs, or to demand nobody any more', async () => {
    await expect(ann.commands['enable-pack']({ tenant, pack: 'flat-discount', config: { percent: '99' } })).rejects.toEqual(refusal('KS-PROFILE-PROPOSED'))
    expect(await ann.commands['publish-profile']({ tenant, document: discount(10) })).toMatchObject({ state: 'proposed' })
    await expect(ann.commands['roll-back-profile']({ tenant, version: 1, ...because('Back') })).resolves.toMatchObject({ state: 'proposed' })
    expect((await ann.queries.profile({ tenant })).version).toBe(2)
  })

  it('declines with a reason, and leaves the draft to be mended', async () => {
    const draft = await draftOf(discount(20, SECOND_PERSON))
    const proposal = (await ann.commands['publish-profile']({ tenant, draft, ...because('Sale') })).proposal ?? ''
    await expect(bob.commands['decline-profile-proposal']({ tenant, proposal })).rejects.toEqual(refusal('KS-PROFILE-REASON'))
    await bob.commands['decline-profile-proposal']({ tenant, proposal, ...because('Too much') })
    expect((await ann.queries['profile-proposals']({ tenant })).rows).toMatchObject([{ state: 'declined', decided: { by: { name: 'Bob' }, reason: 'Too much' } }])
    await expect(bob.commands['accept-profile-proposal']({ tenant, proposal })).rejects.toEqual(refusal('KS-PROPOSAL-CLOSED', { state: 'declined' }))
    expect((await ann.queries['profile-drafts']({ tenant })).rows).toMatchObject([{ id: draft.id, revision: draft.revision }])
  })
})

describe('taking a version back', () => {
  it('rolls back to what an earlier one was, under a new number; orders keep the one they were submitted under', async () => {
    await ann.commands['publish-profile']({ tenant, document: discount(50) })
    await expect(ann.commands['roll-back-profile']({ tenant, version: 1 })).rejects.toEqual(refusal('KS-PROFILE-REASON'))
    await expect(ann.commands['roll-back-profile']({ tenant, version: 9, ...because('Back') })).rejects.toEqual(refusal('KS-PROFILE-VERSION-UNKNOWN', { version: 9 }))
    expect(await ann.commands['roll-back-profile']({ tenant, version: 1, ...because('Too generous') })).toMatchObject({ state: 'active', version: 3 })
    expect((await history()).map(({ version, state, rolledBackTo, reason }) => [version, state, rolledBackTo, reason])).toEqual([
      [3, 'active', 1, 'Too generous'], [2, 'replaced', null, null], [1, 'replaced', null, null],
    ])
    expect(await ann.queries.profile({ tenant })).toMatchObject({ version: 3, source: discount(10) })
  })

  it('with what the site had put over it', async () => {
    const at = 'packs.flat-discount.config.percent'
    const site = async () => (await ann.queries['effective-profile']({ tenant })).site
    await ann.commands['set-site-values']({ tenant, values: { [at]: '25' }, ...because('Local sale') })
    await ann.commands['set-site-values']({ tenant, values: {}, ...because('Over') })
    expect(await site()).toEqual({})
    expect(await ann.queries['check-publication']({ tenant, version: 2 })).toMatchObject({ refusal: null, unchanged: false })
    expect(await ann.queries['profile-version']({ tenant, version: 2 })).toMatchObject({ site: { [at]: '25' } })
    expect(await ann.commands['roll-back-profile']({ tenant, version: 2, ...because('On again') })).toMatchObject({ state: 'active', version: 4 })
    expect(await site()).toEqual({ [at]: '25' })
  })

  it('withdraws one that waits for its time; a restart leaves it waiting', async () => {
    const draft = await draftOf(discount(20))
    const effectiveAt = '2999-01-01T00:00:00.000Z'
    await expect(ann.commands['publish-profile']({ tenant, draft, effectiveAt: '2001-01-01T00:00:00Z', ...because('Sale') })).rejects.toEqual(refusal('KS-PROFILE-TIME'))
    expect(await ann.commands['publish-profile']({ tenant, draft, effectiveAt, ...because('Sale') })).toMatchObject({ state: 'scheduled', version: 2 })
    await expect(ann.commands['publish-profile']({ tenant, document: discount(30) })).rejects.toEqual(refusal('KS-PROFILE-SCHEDULED', { version: 2 }))
    await engine.restart()
    const again = engine.client
    expect(await again.queries['profile-versions']({ tenant })).toMatchObject({ active: 1, scheduled: 2, rows: [{ version: 2, state: 'scheduled', effectiveAt, activatedAt: null }, { version: 1 }] })
    await again.commands['withdraw-profile-version']({ tenant, version: 2, ...because('No sale') })
    expect((await again.queries['profile-versions']({ tenant })).rows[0]).toMatchObject({ state: 'withdrawn', withdrawn: { reason: 'No sale' } })
    await expect(again.commands['roll-back-profile']({ tenant, version: 2, ...because('Sale after all') })).rejects.toEqual(refusal('KS-PROFILE-NEVER-ACTIVE'))
    expect(await again.commands['publish-profile']({ tenant, document: discount(30) })).toMatchObject({ version: 3, state: 'active' })
    ann = engine.as((await again.commands['sign-in']({ user: 'Ann', password: 'a long password' })).token)
  })
})

it('the data folder is in order after all of it', async () => {
  expect((await examine(engine.folder)).findings).toEqual([])
})

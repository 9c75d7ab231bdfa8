import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { activeProfile } from '#engine/projections/engine-reads.ts'
import { profileDrafts, profileProposals, profileVersions, scheduledProfile } from '#engine/projections/profile-reads.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { NO_EFFECT, person, profileContent, TestTenant } from '#engine/testing/test-tenant.ts'
import type { ProfileContent } from '#engine/log/event-types.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

const ann = { actor: person('ann', 'administrator'), reason: 'because' }
const bob = { actor: person('bob', 'administrator'), reason: 'agreed' }
const HOUR = 3_600_000
const refusedWith = (code: string, values: object = {}) => ({ ok: false, refusal: { code, values } })

const publish = (digest: string, given: Partial<ProfileContent> = {}, by = ann) => tenant.run('publish-profile', { content: profileContent(digest, given), effect: NO_EFFECT }, by)
const inAnHour = () => new Date(tenant.clock.ms + HOUR).toISOString()
const active = () => activeProfile(tenant.reader())?.version
const versions = () => profileVersions(tenant.reader(), {}).map(({ version, digest, origin, withdrawn }) => ({ version, digest, withdrawn: withdrawn !== null, ...JSON.parse(origin) as object }))
const eventTypes = () => tenant.reader().all<[], { type: string }>('SELECT type FROM events ORDER BY position').map(({ type }) => type.replace('keelson.', ''))

describe('a version of the profile', () => {
  it('says who published it, why, and from what', () => {
    expect(publish('d2', { base: 1, impactRun: 'run-1', differences: ['a case'] })).toMatchObject({ ok: true, value: { version: 2, state: 'active' } })
    expect(versions()[0]).toMatchObject({ version: 2, by: 'ann', reason: 'because', base: 1, impactRun: 'run-1', differences: ['a case'], proposal: null })
    expect(active()).toBe(2)
  })

  it('is the same once more where nothing changed, and a new one where an earlier one comes again', () => {
    publish('d2')
    expect(publish('d2')).toMatchObject({ value: { version: 2, state: 'unchanged' } })
    expect(publish('d1', { rolledBackTo: 1 })).toMatchObject({ value: { version: 3, state: 'active' } })
    expect(versions().map(({ version, digest }) => [version, digest])).toEqual([[3, 'd1'], [2, 'd2'], [1, 'd1']])
  })

  it('never changes, whoever asks the database', () => {
    publish('d2')
    const db = openSqlite(tenant.coreFile)
    expect(() => db.prepare(`UPDATE profiles SET source = 'x' WHERE version = 1`).run()).toThrow('a profile version never changes')
    expect(() => db.prepare(`INSERT OR REPLACE INTO profiles (version, digest, source, packs, published_at) VALUES (1, 'x', 'x', '{}', 0)`).run()).toThrow('a profile version never changes')
    expect(() => db.prepare('DELETE FROM profiles WHERE version = 1').run()).toThrow('profile versions are never deleted')
    db.close()
  })

  it('made from one that is not active any more is refused', () => {
    publish('d2')
    expect(publish('d3', { base: 1 })).toMatchObject(refusedWith('KS-PROFILE-BASE', { base: 1, active: 2 }))
  })

  it('takes the draft it was made from with it, and keeps the remarks on it', () => {
    const { draftId } = tenant.must('begin-profile-draft', { source: 'x', base: 1 }, ann)
    tenant.must('comment-on-profile-draft', { draftId, path: 'title', text: 'Why?' }, bob)
    const from = (revision: number) => tenant.run('publish-profile', { content: profileContent('d2', { base: 1 }), effect: NO_EFFECT, draft: { id: draftId, revision } }, ann)
    tenant.must('save-profile-draft', { draftId, revision: 1, document: 'y' }, bob)
    expect(from(1)).toMatchObject(refusedWith('KS-DRAFT-CHANGED', { by: 'bob' }))
    expect(from(2)).toMatchObject({ ok: true })
    expect(profileDrafts(tenant.reader())).toEqual([])
    expect(versions()[0]).toMatchObject({ comments: [{ path: 'title', text: 'Why?', by: 'bob' }] })
  })
})

describe('a version for a later time', () => {
  const activate = (version: number) => tenant.must('activate-profile', { version, effect: NO_EFFECT })

  it('becomes active when its time comes and not before, and orders keep the version of the log', () => {
    const before = tenant.must('draft-order', { document: anOrder({ reference: 'A', lines: [aLine({})] }) })
    expect(publish('d2', { effectiveAt: inAnHour() })).toMatchObject({ value: { version: 2, state: 'scheduled' } })
    expect(activate(2)).toEqual({ activated: false })
    tenant.clock.ms += HOUR
    // The time has come, and nobody has looked at the clock yet: orders follow the log.
    tenant.must('submit-order', { orderId: before.orderId, revision: 1 })
    tenant.restart()
    expect(activate(2)).toEqual({ activated: true })
    expect(activate(2)).toEqual({ activated: false })
    const after = tenant.must('draft-order', { document: anOrder({ reference: 'B', lines: [aLine({})] }) })
    tenant.must('submit-order', { orderId: after.orderId, revision: 1 })
    expect(tenant.reader().all('SELECT reference, profile_version FROM orders ORDER BY order_no')).toEqual([{ reference: 'A', profile_version: 1 }, { reference: 'B', profile_version: 2 }])
    expect(scheduledProfile(tenant.reader())).toBeNull()
  })

  it('brings its organisation and accounts then', () => {
    const effect = { ...NO_EFFECT, organisation: [...NO_EFFECT.organisation, { path: '/test/south', name: 'South' }], accounts: [{ code: 'S', name: null, orgpath: '/test/south', attributes: {} }] }
    tenant.must('publish-profile', { content: profileContent('d2', { effectiveAt: inAnHour() }), effect }, ann)
    const south = () => tenant.reader().all(`SELECT code FROM accounts WHERE code = 'S'`).length
    expect(south()).toBe(0)
    tenant.clock.ms += HOUR
    tenant.must('activate-profile', { version: 2, effect })
    expect(south()).toBe(1)
  })

  it('can be withdrawn before, and only before', () => {
    publish('d2', { effectiveAt: inAnHour() })
    tenant.must('withdraw-profile-version', { version: 2 }, bob)
    tenant.clock.ms += HOUR
    expect(activate(2)).toEqual({ activated: false })
    expect(versions()[0]).toMatchObject({ version: 2, withdrawn: true })
    expect(tenant.run('withdraw-profile-version', { version: 2 })).toMatchObject(refusedWith('KS-PROFILE-NOT-SCHEDULED'))
    expect(tenant.run('withdraw-profile-version', { version: 1 })).toMatchObject(refusedWith('KS-PROFILE-NOT-SCHEDULED'))
  })

  it('keeps others from being published that it would take back', () => {
    publish('d2', { effectiveAt: inAnHour() })
    expect(publish('d3')).toMatchObject(refusedWith('KS-PROFILE-SCHEDULED', { version: 2, at: inAnHour() }))
    tenant.must('withdraw-profile-version', { version: 2 })
    expect(publish('d3')).toMatchObject({ value: { version: 3, state: 'active' } })
  })
})

describe('a proposal', () => {
  const propose = (digest = 'd2', by = ann) => tenant.must('propose-profile', { content: profileContent(digest, { base: 1 }), draft: null }, by).proposal
  const accept = (proposal: string, by = bob) => tenant.run('publish-profile', { content: profileContent('d2', { base: 1 }), effect: NO_EFFECT, proposal }, by)

  it('counts once another person accepts it, under the name and reason of who proposed', () => {
    const proposal = propose()
    expect(active()).toBe(1)
    expect(accept(proposal, ann)).toMatchObject(refusedWith('KS-PROPOSAL-OWN'))
    expect(accept(proposal)).toMatchObject({ value: { version: 2, state: 'active' } })
    expect(versions()[0]).toMatchObject({ by: 'ann', reason: 'because', proposal: { id: proposal, acceptedBy: 'bob', reason: 'agreed' } })
    expect(profileProposals(tenant.reader(), {})).toMatchObject([{ id: proposal, state: 'accepted', version: 2 }])
    expect(accept(proposal)).toMatchObject(refusedWith('KS-PROPOSAL-CLOSED', { state: 'accepted' }))
  })

  it('is declined by another person and withdrawn by its own', () => {
    const [one, two] = [propose('d2'), propose('d3')]
    const close = (proposal: string, how: 'declined' | 'withdrawn', by: typeof ann) => tenant.run('close-profile-proposal', { proposal, how }, by)
    expect(close(one, 'declined', ann)).toMatchObject(refusedWith('KS-PROPOSAL-OWN'))
    expect(close(one, 'withdrawn', bob)).toMatchObject(refusedWith('KS-PROPOSAL-OTHERS'))
    expect(close(one, 'declined', bob)).toMatchObject({ ok: true })
    expect(close(two, 'withdrawn', ann)).toMatchObject({ ok: true })
    expect(accept(one)).toMatchObject(refusedWith('KS-PROPOSAL-CLOSED', { state: 'declined' }))
    expect(active()).toBe(1)
  })

  it('of the same is the same one, and one for a version that was replaced is refused', () => {
    const proposal = propose()
    expect(propose('d2', bob)).toBe(proposal)
    publish('d9')
    expect(accept(proposal)).toMatchObject(refusedWith('KS-PROFILE-BASE', { base: 1, active: 2 }))
  })
})

it('the rows are what the log says, whatever became of the versions', async () => {
  publish('d2', { effectiveAt: inAnHour() })
  tenant.must('withdraw-profile-version', { version: 2 }, bob)
  const proposal = tenant.must('propose-profile', { content: profileContent('d3', { base: 1 }), draft: null }, ann).proposal
  tenant.must('publish-profile', { content: profileContent('d3', { base: 1 }), effect: NO_EFFECT, proposal }, bob)
  const declined = tenant.must('propose-profile', { content: profileContent('d4'), draft: null }, ann).proposal
  tenant.must('close-profile-proposal', { proposal: declined, how: 'declined' }, bob)
  expect(eventTypes().filter(type => type.startsWith('profile.')).slice(2)).toEqual([
    'profile.published.v2', 'profile.withdrawn.v1', 'profile.proposed.v1', 'profile.published.v2', 'profile.activated.v1', 'profile.proposed.v1', 'profile.proposal-closed.v1',
  ])
  expect((await examine(tenant.folder)).findings).toEqual([])
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { profileDraft, profileDrafts } from '#engine/projections/profile-reads.ts'
import { NO_EFFECT, person, profileContent, TestTenant } from '#engine/testing/test-tenant.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

const ann = { actor: person('ann', 'administrator') }
const bob = { actor: person('bob', 'administrator') }
const refusedWith = (code: string, values: object = {}) => ({ ok: false, refusal: { code, values } })

function begin(): string {
  return tenant.must('begin-profile-draft', { source: 'title: one', base: 1 }, ann).draftId
}

describe('a draft that two people work on', () => {
  it('is saved at the revision that it was read at, and says who changed it last', () => {
    const draftId = begin()
    tenant.clock.ms += 1000
    expect(tenant.must('save-profile-draft', { draftId, revision: 1, document: 'title: two' }, bob)).toEqual({ revision: 2, base: 1 })
    const [draft] = profileDrafts(tenant.reader())
    expect(draft).toMatchObject({ id: draftId, source: 'title: two', revision: 2, begun_by: 'ann', changed_by: 'bob', changed_at: tenant.clock.ms, comments: 0 })
  })

  it('tells the second who saved meanwhile, and overwrites nothing', () => {
    const draftId = begin()
    tenant.must('save-profile-draft', { draftId, revision: 1, document: 'title: bob' }, bob)
    expect(tenant.run('save-profile-draft', { draftId, revision: 1, document: 'title: ann' }, ann))
      .toMatchObject(refusedWith('KS-DRAFT-CHANGED', { by: 'bob', revision: 2, yours: 1 }))
    expect(tenant.run('discard-profile-draft', { draftId, revision: 1 }, ann)).toMatchObject(refusedWith('KS-DRAFT-CHANGED'))
    expect(profileDraft(tenant.reader(), { draftId })?.draft.source).toBe('title: bob')
  })

  it('stays at its revision where a save changes nothing', () => {
    const draftId = begin()
    expect(tenant.must('save-profile-draft', { draftId, revision: 1, document: 'title: one' }, bob)).toEqual({ revision: 1, base: 1 })
    expect(profileDraft(tenant.reader(), { draftId })?.draft.changed_by).toBe('ann')
  })

  it('answers a save that came twice as it did at first', () => {
    const draftId = begin()
    const once = { id: 'save-1', ...ann }
    const saved = tenant.must('save-profile-draft', { draftId, revision: 1, document: 'title: two' }, once)
    tenant.must('save-profile-draft', { draftId, revision: 2, document: 'title: three' }, bob)
    expect(tenant.must('save-profile-draft', { draftId, revision: 1, document: 'title: two' }, once)).toEqual(saved)
  })
})

describe('a draft of a version that is not active any more', () => {
  beforeEach(() => void tenant.must('publish-profile', { content: profileContent('d2'), effect: NO_EFFECT }))

  it('takes the active version as its base once it was merged with it, and no other', () => {
    const draftId = begin()
    expect(tenant.run('save-profile-draft', { draftId, revision: 1, document: 'merged', base: 7 })).toMatchObject(refusedWith('KS-PROFILE-BASE', { base: 7, active: 2 }))
    expect(tenant.must('save-profile-draft', { draftId, revision: 1, document: 'merged', base: 2 })).toEqual({ revision: 2, base: 2 })
  })
})

describe('comments on a draft', () => {
  it('are listed in their order, go with the draft, and are taken back by their author only', () => {
    const draftId = begin()
    const { commentId } = tenant.must('comment-on-profile-draft', { draftId, path: 'title', text: 'Why one?' }, bob)
    tenant.must('comment-on-profile-draft', { draftId, path: '', text: 'Fine.' }, ann)
    expect(profileDraft(tenant.reader(), { draftId })?.comments.map(({ path, text, by }) => [path, text, by])).toEqual([['title', 'Why one?', 'bob'], ['', 'Fine.', 'ann']])
    expect(tenant.run('remove-profile-comment', { draftId, commentId }, ann)).toMatchObject(refusedWith('KS-DRAFT-COMMENT', { by: 'bob' }))
    tenant.must('remove-profile-comment', { draftId, commentId }, bob)
    tenant.must('discard-profile-draft', { draftId, revision: 1 })
    expect(profileDrafts(tenant.reader())).toEqual([])
    expect(tenant.run('comment-on-profile-draft', { draftId, path: '', text: 'late' })).toMatchObject(refusedWith('KS-DRAFT-UNKNOWN'))
  })
})

it('nothing of a draft is in the log, and the rows are still what the log says', async () => {
  const events = () => tenant.reader().all<[], { n: number }>('SELECT count(*) AS n FROM events')
  const before = events()
  const draftId = begin()
  tenant.must('save-profile-draft', { draftId, revision: 1, document: 'title: two' })
  tenant.must('comment-on-profile-draft', { draftId, path: '', text: 'x' })
  expect(events()).toEqual(before)
  expect((await examine(tenant.folder)).findings).toEqual([])
})

import { afterEach, beforeEach, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { profileCases } from '#engine/projections/engine-reads.ts'
import { TestTenant } from '#engine/testing/test-tenant.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

const titles = () => (JSON.parse(profileCases(tenant.reader()) ?? '[]') as { title: string }[]).map(({ title }) => title)
const refused = (code: string) => ({ ok: false, refusal: { code } })

it('adds cases to those that the profile came with, each title once, and takes them away again', async () => {
  const base = [{ title: 'given' }]
  expect(tenant.must('add-profile-case', { case: { title: 'mine' }, base })).toEqual({ cases: 2 })
  expect(titles()).toEqual(['given', 'mine'])
  expect(tenant.run('add-profile-case', { case: { title: 'given' }, base })).toMatchObject(refused('KS-CASE-KNOWN'))
  expect(tenant.must('remove-profile-case', { title: 'given', base })).toEqual({ cases: 1 })
  expect(titles()).toEqual(['mine'])
  expect(tenant.run('remove-profile-case', { title: 'given', base })).toMatchObject(refused('KS-CASE-UNKNOWN'))
  // They are a fold of the log like everything else.
  expect((await examine(tenant.folder)).findings).toEqual([])
})

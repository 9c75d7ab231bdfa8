import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import { findingValues } from './fix-words.ts'

const t = ((key: string, { defaultValue }: { defaultValue: string }) => key === 'settings:role.approver' ? 'Freigeber' : defaultValue) as unknown as TFunction

test('a role that a finding names is called as people call it; all else stays', () => {
  expect(findingValues({ values: { role: 'approver', stage: 'first', quorum: 2 } }, t)).toEqual({ role: 'Freigeber', stage: 'first', quorum: 2 })
  expect(findingValues({ values: { role: 'wizard' } }, t)).toEqual({ role: 'wizard' })
  expect(findingValues({ values: { key: 'role' } }, t)).toEqual({ key: 'role' })
})

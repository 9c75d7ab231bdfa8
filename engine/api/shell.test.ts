import { expect, test } from 'vitest'
import type { Profile } from '#engine/profiles/index.ts'
import { compositionOf, packUse } from '#engine/testing/pack-fixtures.ts'
import { shellOf } from './shell.ts'

const byDefault = packUse({ pack: 'keelson', digest: 'none', contract: 'approval-policy', entry: 'default:always-approve', config: {} })
const composition = { ...compositionOf({ pricing: byDefault }), approval: byDefault, modules: [{ pack: 'loyalty', version: '1.0.0', digest: 'd', config: {}, configDigest: 'c', manifest: {} as never }] }
const profile = (look: object): Profile => ({ title: 'Harbour', look } as never)

test('a profile that says nothing leaves the console as usual', () => {
  expect(shellOf(profile({}), composition, 'en')).toMatchObject({ title: 'Harbour', accent: null, theme: null, logo: null, navigation: null, columns: null, modules: ['loyalty'], wording: {} })
})

test('wording comes in the language asked for, and in every one where the profile has one text for all', () => {
  const shell = shellOf(profile({ wording: { 'common:nav.orders': 'Jobs', 'orders:new': { de: 'Neuer Auftrag' } } }), composition, 'de')
  expect(shell.wording).toEqual({ 'common:nav.orders': 'Jobs', 'orders:new': 'Neuer Auftrag' })
  expect(shellOf(profile({ wording: { 'orders:new': { de: 'Neuer Auftrag' } } }), composition, 'ar').wording).toEqual({})
})

test('whom the approval may ask is known to the console', () => {
  expect(shellOf(profile({}), { ...composition, approvers: ['operator', 'manager'] }, 'en').approvers).toEqual(['operator', 'manager'])
})

test('approvals are a part of the console where a pack decides about them', () => {
  const asked = { ...composition, approval: packUse({ pack: 'threshold', digest: 'd', contract: 'approval-policy', entry: 'code/approval-policy.js', config: {} }) }
  expect(shellOf(profile({}), asked, 'en').modules).toEqual(['approvals', 'loyalty'])
})

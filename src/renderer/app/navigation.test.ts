import { expect, test } from 'vitest'
import { composeMenu, entriesFor, NAVIGATION } from './navigation.ts'

const packs = [{ id: 'loyalty.members', pack: 'loyalty', page: 'members', title: 'Members' }, { id: 'customers.contacts', pack: 'customers', page: 'contacts', title: 'Contacts' }]
const menu = (listed: readonly string[] | null) => {
  const { work, site } = composeMenu(NAVIGATION, packs, listed)
  return [work.map(place => ('core' in place ? place.core.id : place.pack.id)), site.map(({ id }) => id)]
}

test('without a list everything is there, what packs add last', () => {
  const [work, site] = menu(null)
  expect(work).toEqual([...NAVIGATION.filter(({ part }) => part === 'work').map(({ id }) => id), 'loyalty.members', 'customers.contacts'])
  expect(site).toEqual(NAVIGATION.filter(({ part }) => part === 'site').map(({ id }) => id))
})

test('a list gives choice and order of the work; what is about the site stays', () => {
  const [work, site] = menu(['loyalty.members', 'packs', 'orders', 'gone.page'])
  expect(work).toEqual(['loyalty.members', 'packs', 'orders'])
  expect(site).toEqual(NAVIGATION.filter(({ id, part }) => part === 'site' && id !== 'packs').map(({ id }) => id))
})

test('approvals are there for whoever may approve, and for whoever holds a role that a stage asks', () => {
  const shows = (roles: readonly string[], permissions: readonly string[], approvers: readonly string[]): boolean =>
    entriesFor({ roles, may: permission => permissions.includes(permission) }, approvers).some(({ id }) => id === 'approvals')
  expect(shows(['manager'], ['orders.read', 'orders.approve'], [])).toBe(true)
  expect(shows(['operator'], ['orders.read'], ['operator', 'manager'])).toBe(true)
  expect(shows(['operator'], ['orders.read'], ['manager'])).toBe(false)
})

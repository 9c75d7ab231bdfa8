import { expect, test } from 'vitest'
import { composeMenu, NAVIGATION } from './navigation.ts'

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

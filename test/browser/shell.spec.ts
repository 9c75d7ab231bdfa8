import { expect, type Page } from '@playwright/test'
import { barriers } from './axe.ts'
import { enterOrder, signIn, test, untilState, type Site } from './site.ts'

// What a person chose is kept for them, and other tests sign in as the same people.
test.afterEach(async ({ site }) => {
  for (const user of ['operator', 'manager']) await site.call('/commands/save-preferences', { locale: 'en', theme: 'auto' }, user)
})

const LOGO = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#a61e4d"/></svg>').toString('base64')}`
const LOOK = `look:
  accent: '#a61e4d'
  theme: dark
  logo: '${LOGO}'
  navigation: [loyalty.points, orders, jobs]
  columns: [reference, loyalty.tier, total, account]
  wording:
    common:nav.orders: { en: Berths, de: Liegeplätze }
    orders:column.account: Skipper
    loyalty:menu.points: { en: Crew }
`
const PROFILE = (id: string, look: string): string => `schema: 2
id: ${id}
title: ${id.toUpperCase()}
${look}organisation: [{ path: /${id}, name: ${id} }]
accounts: [{ code: TEST-1 }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: flat-discount, version: ^1.0.0, config: { percent: '0' } }
  approval: { default: always-approve }
  confirmation: automatic
  modules:
    - { pack: loyalty, version: ^1.0.0, config: { currency: GBP, pointsPerUnit: 1, tiers: [{ name: silver, from: 5 }] } }
`

async function made(site: Site, id: string, look = LOOK): Promise<void> {
  await site.call('/commands/create-tenant', { tenant: id, profile: PROFILE(id, look) }, 'administrator')
}

const navigation = (page: Page) => page.getByRole('navigation', { name: 'Main' }).or(page.locator('nav').first())
const entries = async (page: Page) => await page.locator('nav').first().getByRole('link').allInnerTexts()

test('menu, columns, words, theme, logo and colour are those of the profile, and change with the tenant', async ({ page, site }) => {
  await made(site, 'marina')
  await enterOrder(site, 'marina', 'M-1', [{ item: 'BERTH', quantity: '1', price: '20.00' }])
  await untilState(site, 'marina', 'M-1', ['confirmed'])
  await signIn(page, site, 'operator', '/t/marina/orders')
  await expect(navigation(page).first()).toContainText('Berths')
  const [first, second, third, ...site3] = (await entries(page)).map(each => each.split('\n')[0])
  expect([first, second, third]).toEqual(['Crew', 'Berths', 'Jobs'])
  // What is about the site stays, so that nobody is locked out.
  expect(site3).toContain('Settings')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Berths')
  await expect.poll(() => page.getByRole('columnheader').allInnerTexts()).toEqual(expect.arrayContaining(['Reference', 'Loyalty tier', 'Payable', 'Skipper']))
  await expect(page.getByRole('row').filter({ hasText: 'M-1' })).toContainText(/silver/i)
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect(page.locator('nav img')).toHaveAttribute('src', LOGO)
  expect(await barriers(page, 'composed')).toEqual([])

  // In a language that the profile says nothing in, the console's own words stand.
  await page.getByRole('button', { name: /own menu/ }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Liegeplätze')
  await expect(page.getByRole('columnheader').filter({ hasText: 'Skipper' })).toBeVisible()
  await page.locator('nav button').first().click()
  await page.getByRole('menuitem', { name: 'Beta Supplies' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Aufträge')
  await expect(page.getByRole('columnheader').filter({ hasText: 'Skipper' })).toHaveCount(0)
  await expect(page.locator('nav img')).toHaveCount(0)
})

test('another profile counts without signing in again; a theme that the person chose stays', async ({ page, site }) => {
  await made(site, 'pier', '')
  await signIn(page, site, 'manager', '/t/pier/orders')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Orders')
  await page.getByRole('button', { name: 'Use the dark look' }).click()
  await site.call('/commands/publish-profile', { tenant: 'pier', document: PROFILE('pier', LOOK.replace('theme: dark', 'theme: light')), reason: 'Our words' }, 'administrator')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Berths', { timeout: 20_000 })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test('approvals stand in the menu where a pack asks for them', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/acme/orders')
  await expect(page.locator('nav').first().getByRole('link', { name: /^Approvals/ })).toHaveCount(0)
  await page.goto(`${site.url}/t/beta/orders`)
  await expect(page.locator('nav').first().getByRole('link', { name: /^Approvals/ })).toBeVisible()
})

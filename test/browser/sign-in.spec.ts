import { expect } from '@playwright/test'
import { openSite, test } from './site.ts'

test('a wrong password is refused in words, with a code to read over the phone', async ({ page, site }) => {
  await page.goto(site.url)
  await page.getByLabel('User').fill('operator')
  await page.locator('input[type=password]').fill('not-the-password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('KS-ACCESS-WRONG-PASSWORD')
})

test('an address that was opened before signing in is where one arrives; signing out ends it', async ({ page, site }) => {
  await page.goto(`${site.url}/t/gamma/orders?state=priced`)
  await page.getByRole('button', { name: /as manager/ }).click()
  await expect(page).toHaveURL(/\/t\/gamma\/orders\?state=priced/)
  await expect(page.getByRole('button', { name: /^Priced/ })).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: /own menu/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.goto(`${site.url}/t/gamma/orders`)
  await expect(page).toHaveURL(/\/sign-in/)
})

test('an address never sends a person elsewhere after signing in', async ({ page, site }) => {
  await page.goto(`${site.url}/sign-in?to=//example.org/`)
  await page.getByRole('button', { name: /as operator/ }).click()
  await expect(page).toHaveURL(new RegExp(`^${site.url}/t/`))
})

test('navigation shows what the person may use', async ({ page, site }) => {
  await page.goto(site.url)
  await page.getByRole('button', { name: /as operator/ }).click()
  const navigation = page.getByRole('navigation', { name: 'Main' })
  await expect(navigation.getByRole('link', { name: 'Import' })).toBeVisible()
  await expect(navigation.getByRole('link', { name: /^Approvals/ })).toHaveCount(0)
})

test('a new site is set up from its first page', async ({ page }) => {
  const site = await openSite()
  await page.goto(site.url)
  await expect(page.getByRole('heading', { name: 'Welcome to Keelson' })).toBeVisible()
  await page.getByRole('button', { name: 'Set up a new site' }).click()
  await page.getByLabel('Name of the site').fill('Depot Bremen')
  await page.getByLabel('Short name of the tenant').fill('Depot')
  await page.getByRole('button', { name: 'Make this site' }).click()
  await expect(page.getByText('Begin with a small letter')).toBeVisible()
  await page.getByLabel('Short name of the tenant').fill('depot')
  await page.getByRole('radio', { name: 'Acme Gifts' }).check()
  await page.getByLabel('Your user name').fill('anna')
  await page.getByLabel('Password', { exact: true }).first().fill('a-long-password')
  await page.getByLabel('Password again').fill('a-long-password')
  await page.getByRole('button', { name: 'Make this site' }).click()
  await expect(page.getByRole('heading', { name: 'The site is ready' })).toBeVisible()
  await page.getByRole('link', { name: 'Open the console' }).click()
  // Who has just said who they are need not say it again; the tenant is called as the site.
  await page.waitForURL(/\/t\/depot\/orders/)
  await expect(page.getByRole('button', { name: /Depot Bremen/ })).toBeVisible()
  await site.close()
})

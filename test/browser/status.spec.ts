import { expect } from '@playwright/test'
import { barriersInEveryLook } from './axe.ts'
import { signIn, test } from './site.ts'

test('the site says how every part of it is', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/gamma/site-status')
  await expect(page.getByRole('region', { name: 'Packs' }).getByRole('row', { name: /en16931-totals/ })).toContainText('ready')
  await expect(page.getByRole('region', { name: 'Tenants' }).getByRole('row', { name: /gamma/ })).toBeVisible()
})

test('a central that is not there is told plainly, and the site goes on by itself', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/gamma/site-status')
  await page.getByRole('button', { name: 'Enrol this site' }).click()
  await expect(page.getByText('The code that central gave')).toBeVisible()
  await page.getByLabel('Address of central').fill('http://127.0.0.1:9')
  await page.getByLabel('One-time code').fill('NO-SUCH-CODE')
  await page.getByRole('button', { name: 'Enrol this site' }).click()
  await expect(page.getByRole('alert')).toContainText('KS-', { timeout: 20_000 })
})

test('a user who is added can sign in; the own password is changed', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/gamma/settings')
  await page.getByRole('tab', { name: 'Users' }).click()
  await expect(page).toHaveURL(/tab=users/)
  await page.getByRole('button', { name: 'Add a user' }).click()
  await page.getByRole('button', { name: 'Add this user' }).click()
  await expect(page.getByText('At least one role is needed.')).toBeVisible()
  await page.getByLabel('Name to sign in with').fill('yusuf')
  await page.getByLabel('First password').fill('a-first-password')
  await page.getByRole('checkbox', { name: 'Operator', exact: true }).check()
  await page.getByRole('checkbox', { name: 'Gamma Trading' }).check()
  await page.getByRole('button', { name: 'Add this user' }).click()
  await expect(page.getByRole('row', { name: /yusuf/ })).toContainText('Operator')

  await page.evaluate(() => { localStorage.removeItem('keelson.token') })
  await page.goto(`${site.url}/sign-in?to=/t/gamma/settings`)
  await page.getByLabel('User').fill('yusuf')
  await page.locator('input[type=password]').fill('a-first-password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('tab', { name: 'Users' })).toHaveCount(0)
  await page.getByLabel('Current password').fill('a-first-password')
  await page.getByLabel('New password', { exact: true }).fill('a-second-password')
  await page.getByLabel('New password again').fill('a-second-password')
  await page.getByRole('button', { name: 'Change my password' }).click()
  await expect(page.getByText('Your password is changed.')).toBeVisible()
})

test('the look and the language count at once and are kept', async ({ page, site }) => {
  await signIn(page, site, 'approver', '/t/gamma/settings')
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('Deutsch').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Einstellungen')
  await page.getByRole('radiogroup', { name: 'Darstellung' }).getByText('Dunkel').click()
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Einstellungen')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test('the tabs of the settings have no serious barrier', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/gamma/settings')
  const found = await barriersInEveryLook(page, [{ name: 'users', path: '/t/gamma/settings?tab=users', reach: async () => {
    await expect(page.getByRole('table')).toBeVisible()
    await page.getByRole('tabpanel').getByRole('button').first().click()
    await expect(page.getByRole('checkbox').first()).toBeVisible()
  } }])
  expect(found).toEqual([])
})

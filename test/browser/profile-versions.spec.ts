import { expect, type Browser, type Page } from '@playwright/test'
import { barriersInEveryLook } from './axe.ts'
import { goInside, signIn, test, type Site } from './site.ts'

const PASSWORD = 'eve-demo-password'

interface Profile { readonly source: string; readonly version: number }
const active = (site: Site) => site.call<Profile>('/queries/profile', { tenant: 'beta' }, 'administrator')

/** A draft of the active version with something replaced. */
async function draftOf(site: Site, from: string | RegExp, to: string): Promise<string> {
  const { source } = await active(site)
  const { draftId } = await site.call<{ draftId: string }>('/commands/begin-profile-draft', { tenant: 'beta', document: source.replace(from, to) }, 'administrator')
  return draftId
}

async function publish(site: Site, from: string | RegExp, to: string, reason: string): Promise<void> {
  const { source } = await active(site)
  await site.call('/commands/publish-profile', { tenant: 'beta', document: source.replace(from, to), invocation: { reason } }, 'administrator')
}

async function eveAt(browser: Browser, site: Site, path: string): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
  await page.goto(`${site.url}/sign-in?to=${encodeURIComponent(path)}`)
  await page.getByLabel('User').fill('eve')
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**${path}*`)
  return page
}

test.describe.configure({ mode: 'serial' })
// A second administrator is Eve.
test.beforeAll(async ({ published }) => { await published.call('/commands/create-user', { user: 'eve', password: PASSWORD, roles: ['administrator'], tenants: ['*'] }, 'administrator') })

test('a draft is published by keyboard alone: checked, looked at in words and line by line, with a reason; a later one is withdrawn', async ({ page, published }) => {
  // What an order in pounds may come to without being asked about is also what a golden case of this customer says.
  const draft = await draftOf(published, "GBP: '1000.00'", "GBP: '2500.00'")
  await signIn(page, published, 'administrator', `/t/beta/profile/publish?draft=${draft}`)
  await expect(page.getByText('a price of 1,000.01 is asked about')).toBeVisible()
  await expect(page.getByText('Nothing stands against it.')).toBeVisible()
  await page.getByRole('link', { name: 'Look at what changes' }).press('Enter')
  await expect(page.getByText(/1,000\.00.*→.*2,500\.00.*GBP/)).toBeVisible()
  await page.getByText('Line by line').click()
  await expect(page.getByRole('region', { name: 'Differences line by line' })).toContainText("2500.00")
  await page.getByRole('link', { name: 'Go on: why and when' }).press('Enter')
  await page.getByRole('button', { name: 'Publish this version' }).press('Enter')
  await expect(page.getByText('Needed.')).toBeVisible()
  await page.getByLabel('Reason').fill('Prices rose')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Say that they are meant to')).toBeVisible()
  await page.getByLabel('The cases that come out differently are meant to').press('Space')
  await page.getByLabel('Reason').press('Control+Enter')
  await expect(page.getByText('Version 2 is active.')).toBeVisible()
  await page.getByRole('link', { name: 'Version 2' }).press('Enter')
  await expect(page.getByText('Prices rose')).toBeVisible()
  await expect(page.getByText('Cases accepted as different')).toBeVisible()
  await expect(page.getByText(/1,000\.00.*→.*2,500\.00.*GBP/)).toBeVisible()

  const later = await draftOf(published, "USD: '1000.00'", "USD: '3000.00'")
  await page.goto(`${published.url}/t/beta/profile/publish?draft=${later}&step=publish`)
  await page.getByLabel('Reason').fill('From next century on')
  await page.getByLabel('From a later time on').check()
  await page.getByRole('textbox', { name: 'Day' }).fill('1/1/2099')
  await page.getByRole('textbox', { name: /^Time/ }).fill('08:30')
  await page.getByRole('button', { name: 'Publish this version' }).click()
  await expect(page.getByText('Version 3 is published and waits for its time.')).toBeVisible()
  await page.getByRole('link', { name: 'Version 3' }).click()
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click()
  await page.getByLabel('Reason').fill('Too far off')
  await page.getByRole('button', { name: 'Withdraw version 3' }).click()
  await expect(page.getByText('Version 3 will not become active.')).toBeVisible()
  expect((await active(published)).version).toBe(2)
})

test('an earlier version comes back under a new number', async ({ page, published }) => {
  await signIn(page, published, 'administrator', '/t/beta/profile/versions')
  await page.getByRole('grid').focus()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /Version 1/ })).toBeVisible()
  await page.getByRole('button', { name: 'Roll back to this version' }).click()
  await page.getByLabel('Reason').fill('The old limit after all')
  await page.getByRole('button', { name: 'Publish version 1 again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /Version 4/ })).toBeVisible()
  await expect(page.getByText('The old limit after all')).toBeVisible()
  expect((await active(published)).source).toContain("GBP: '1000.00'")
})

test('two administrators at once: the second is told that another version is active by now, merges, and nothing is lost', async ({ page, browser, published }) => {
  const draft = await draftOf(published, "USD: '1000.00'", "USD: '1500.00'")
  await signIn(page, published, 'administrator', `/t/beta/profile/publish?draft=${draft}&step=publish`)
  const eve = await eveAt(browser, published, `/t/beta/profile/publish?draft=${draft}&step=publish`)
  for (const each of [page, eve]) await each.getByLabel('Reason').fill('Mine')
  await page.getByRole('button', { name: 'Publish this version' }).click()
  await expect(page.getByText('Version 5 is active.')).toBeVisible()
  // Who it was and what for is in sight, whether eve was about to click or not.
  await expect(eve.getByText('There is no such draft: it was published or thrown away.')).toBeVisible()
  await expect(eve.getByText(/The newest version:.*Version 5.*administrator.*Mine/)).toBeVisible()

  const other = await draftOf(published, "USD: '1500.00'", "USD: '1600.00'")
  await publish(published, "EUR: '1000.00'", "EUR: '900.00'", 'Meanwhile')
  await eve.goto(`${published.url}/t/beta/profile/publish?draft=${other}`)
  await expect(eve.getByText('This draft was made from version 5, and version 6 is active by now.')).toBeVisible()
  await eve.getByRole('link', { name: 'Back to the editor' }).first().click()
  await eve.getByRole('button', { name: 'Merge with version 6' }).click()
  await expect(eve.getByText(/can be published once the two are merged/)).toHaveCount(0)
  await expect(eve.getByText('Draft saved')).toBeVisible()
  await eve.getByRole('button', { name: 'Publish…' }).click()
  await eve.getByRole('link', { name: 'Look at what changes' }).click()
  await eve.getByRole('link', { name: 'Go on: why and when' }).click()
  await eve.getByLabel('Reason').fill('Both')
  await eve.getByRole('button', { name: 'Publish this version' }).click()
  await expect(eve.getByText('Version 7 is active.')).toBeVisible()
  const { source } = await active(published)
  expect(source).toContain("EUR: '900.00'")
  expect(source).toContain("USD: '1600.00'")
  await eve.context().close()
})

test('where a second person is demanded one proposes, another declines with a reason or accepts', async ({ page, browser, published }) => {
  await publish(published, /^integrations:/m, 'publishing: { secondPerson: true }\nintegrations:', 'Four eyes')
  const draft = await draftOf(published, "USD: '1600.00'", "USD: '1750.00'")
  await signIn(page, published, 'administrator', `/t/beta/profile/publish?draft=${draft}&step=publish`)
  await page.getByLabel('Reason').fill('A little more')
  await page.getByRole('button', { name: 'Propose this version' }).click()
  await expect(page.getByText('The change is proposed and waits for a second person.')).toBeVisible()
  await page.getByRole('link', { name: 'Proposed change' }).click()
  await expect(page.getByText('You proposed this.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Accept', exact: true })).toHaveCount(0)

  const eve = await eveAt(browser, published, '/t/beta/profile/versions')
  await expect(eve.getByRole('heading', { name: '1 change waits for a second person' })).toBeVisible()
  await expect(eve.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Profile.*1 change waits/ })).toBeVisible()
  await eve.getByRole('link', { name: 'Look and decide' }).click()
  await expect(eve.getByText(/1,600\.00.*→.*1,750\.00.*USD/)).toBeVisible()
  await eve.getByRole('button', { name: 'Decline', exact: true }).click()
  await eve.getByRole('button', { name: 'Decline the change' }).click()
  await expect(eve.getByText('Needed.')).toBeVisible()
  await eve.getByLabel('Reason').fill('Not yet')
  await eve.getByRole('button', { name: 'Decline the change' }).click()
  await expect(page.getByText('Not yet')).toBeVisible()

  await page.goto(`${published.url}/t/beta/profile/publish?draft=${draft}&step=publish`)
  await page.getByLabel('Reason').fill('Now')
  await page.getByRole('button', { name: 'Propose this version' }).click()
  await eve.goto(`${published.url}/t/beta/profile/versions`)
  await eve.getByRole('link', { name: 'Look and decide' }).click()
  await eve.getByRole('button', { name: 'Accept', exact: true }).click()
  await eve.getByRole('button', { name: 'Accept, and have it count' }).click()
  await expect(eve.getByRole('heading', { level: 1, name: /Version 9/ })).toBeVisible()
  await expect(eve.getByText('Accepted by')).toBeVisible()
  await eve.context().close()
})

test('every screen of it is free of barriers, in every language and look', async ({ page, published }) => {
  const draft = await draftOf(published, "USD: '1750.00'", "USD: '1800.00'")
  await published.call('/commands/comment-on-profile-draft', { tenant: 'beta', draftId: draft, path: 'capabilities.approval', text: 'Why?' }, 'administrator')
  const { proposal } = await published.call<{ proposal: string }>('/commands/publish-profile', { tenant: 'beta', draft: { id: draft, revision: 1 }, invocation: { reason: 'More' } }, 'administrator')
  await signIn(page, published, 'administrator', '/t/beta/profile/versions')
  /** Screen, and what stands on it once it is there. */
  const screens: readonly (readonly [string, string])[] = [
    ['/profile/versions', 'main [role=row] time'], ['/profile/versions/9', 'main section ul li'], ['/profile/versions/9?show=lines&with=1', 'main table'], ['/profile/versions/4?show=document', 'main pre'],
    [`/profile/proposals/${proposal}`, 'main section ul li'], [`/profile/publish?draft=${draft}`, 'main section h2'], [`/profile/publish?draft=${draft}&step=changes`, 'main ul li'], [`/profile/publish?draft=${draft}&step=publish`, 'main textarea'],
  ]
  expect(await barriersInEveryLook(page, screens.map(([path, there]) => ({ name: path, path: `/t/beta${path}`, reach: () => expect(page.locator(there).first()).toBeVisible() })))).toEqual([])
  await page.setViewportSize({ width: 683, height: 384 })
  for (const [path, there] of screens) {
    await goInside(page, `/t/beta${path}`)
    await expect(page.locator(there).first()).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBeLessThanOrEqual(0)
  }
})

import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { barriers, barriersInEveryLook } from './axe.ts'
import { signIn, test, type Site } from './site.ts'

const PROFILE = readFileSync(new URL('../../profiles/acme/profile.yaml', import.meta.url), 'utf8')
const OTHER_TIER = PROFILE.replace(`{ from: '48', percent: '2.5' }`, `{ from: '40', percent: '3' }`)

async function compared(site: Site, document: string): Promise<string> {
  const { jobId } = await site.call<{ jobId: string }>('/commands/start-impact', { tenant: 'acme', orders: { last: 500 }, candidate: { document } }, 'administrator')
  for (;;) {
    const { state } = await site.call<{ state: string }>('/queries/job', { tenant: 'acme', jobId }, 'administrator')
    if (state === 'succeeded') return jobId
    if (state === 'failed') throw new Error('the comparison failed')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function startFromFile(page: Page, document: string): Promise<void> {
  await page.getByRole('radio', { name: 'a profile from a file' }).check()
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Profile document' }).click()
  await (await chosen).setFiles({ name: 'profile.yaml', mimeType: 'application/yaml', buffer: Buffer.from(document) })
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
}

test('a changed tier is tried over past orders, and one of them is explained from both sides', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/impact')
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeDisabled()
  await startFromFile(page, OTHER_TIER)
  await expect(page.getByText(/orders would be decided otherwise\./)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('heading', { name: 'How much more or less' })).toBeVisible()
  const changes = page.getByRole('region', { name: 'Orders that would be decided otherwise' })
  const first = changes.getByRole('link').first()
  const reference = await first.textContent()
  await first.click()
  await expect(page.getByRole('heading', { level: 1, name: reference ?? '' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Under what counts now' })).toBeVisible()
  await expect(page.getByText(/From 40 pieces 3\s?% off/).first()).toBeAttached()
  await page.goBack()
  await page.getByLabel('Reference or account begins with').fill(reference ?? '')
  await expect(changes.getByRole('link')).toHaveCount(1)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export as CSV' }).first().click()
  const csv = readFileSync(await (await saved).path(), 'utf8')
  expect(csv).toContain(reference)
  expect(csv.split('\r\n').length).toBeGreaterThan(20)
})

test('a profile compared with itself changes nothing, and the page says so', async ({ page, site }) => {
  const runId = await compared(site, PROFILE)
  await signIn(page, site, 'administrator', `/t/acme/impact/${runId}`)
  await expect(page.getByText(/orders would be decided as they are\./)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'In which way' })).toHaveCount(0)
})

test('a pack that an address names, as the plan of an install does, is tried by keys alone', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/impact?packs=tiered-pricing@1.1.0')
  await expect(page.getByText('tiered-pricing 1.1.0')).toBeVisible()
  await page.getByRole('radio', { name: 'the newest' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('25')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/All 25 orders would be decided as they are\./)).toBeVisible({ timeout: 30_000 })
})

test('what cannot be a profile is refused where it was chosen', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/impact')
  await startFromFile(page, `${PROFILE}\nnonsense: 1\n`)
  await expect(page.getByRole('alert')).toContainText('nonsense')
})

test('an order becomes a golden case of its profile with one click, is run among the others, and removed with a reason', async ({ page, site }) => {
  const { rows } = await site.call<{ rows: { id: string; reference: string }[] }>('/queries/orders', { tenant: 'acme', limit: 1 }, 'administrator')
  await signIn(page, site, 'administrator', `/t/acme/orders/${rows[0]?.id ?? ''}`)
  await page.getByRole('button', { name: 'More to do with this order' }).click()
  await page.getByRole('menuitem', { name: 'Make a golden case' }).click()
  await expect(page.getByText(/is a case of the profile now/)).toBeVisible()
  await page.goto(`${site.url}/t/acme/profile/versions`)
  await page.getByRole('link', { name: 'Golden cases' }).click()
  await expect(page.getByText(/^All \d+ cases come out as expected\.$/)).toBeVisible()
  await page.getByRole('link', { name: rows[0]?.reference ?? '' }).locator('xpath=ancestor::*[@role="row"]').click()
  await page.keyboard.press('Enter')
  const found = await barriers(page, 'cases')
  await page.getByRole('button', { name: 'Remove this case…' }).click()
  // Whoever thinks better of it is where they were.
  await expect(page.getByRole('textbox', { name: 'Reason' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Remove this case…' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove the case' }).click()
  await expect(page.getByText('Needed.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Reason' }).fill('It shows nothing new')
  await page.getByRole('button', { name: 'Remove the case' }).click()
  await expect(page.getByText(/ is removed; \d+ cases stay\./)).toBeVisible()
  await expect(page.getByRole('link', { name: rows[0]?.reference ?? '' })).toHaveCount(0)
  expect(found).toEqual([])
})

test('the pages of a comparison have no barriers in any language and look', async ({ page, site }) => {
  const runId = await compared(site, OTHER_TIER)
  const { rows } = await site.call<{ rows: { orderId: string }[] }>('/queries/impact-changes', { tenant: 'acme', runId, limit: 1 }, 'administrator')
  await signIn(page, site, 'administrator', '/t/acme/impact')
  expect(await barriersInEveryLook(page, [
    { name: 'start', path: '/t/acme/impact', reach: () => expect(page.locator('main form, main fieldset, main section').first()).toBeVisible() },
    { name: 'result', path: `/t/acme/impact/${runId}`, reach: () => expect(page.getByRole('img').first()).toBeVisible() },
    { name: 'order', path: `/t/acme/impact/${runId}/${rows[0]?.orderId ?? ''}`, reach: () => expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible() },
  ])).toEqual([])
})

test('at twice the size nothing needs scrolling sideways', async ({ page, site }) => {
  const runId = await compared(site, OTHER_TIER)
  await page.setViewportSize({ width: 640, height: 400 })
  await signIn(page, site, 'administrator', '/t/acme/impact')
  for (const path of ['/t/acme/impact', `/t/acme/impact/${runId}`]) {
    await page.goto(site.url + path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
  }
})

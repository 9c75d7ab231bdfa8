import { expect } from '@playwright/test'
import { barriers, LOCALES } from './axe.ts'
import { goInside, signIn, test } from './site.ts'

test.use({ reducedMotion: 'reduce' })

test('finds a capability by search and filters that stand in the URL, and opens it by keys', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/beta/orders')
  await expect(page.getByRole('link', { name: 'Catalog' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('k')
  await expect(page).toHaveURL(/\/t\/beta\/catalog/)
  await expect(page.getByRole('grid')).toContainText('Orders and their states')
  await page.keyboard.press('/')
  await page.keyboard.type('notifications reactor')
  await expect(page).toHaveURL(/q=notifications.+reactor/)
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Notifications')
  await expect(page.getByRole('row', { name: /beta/ })).toBeVisible()
  await expect(page.getByText('Whoever is told of orders')).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('searchbox')).toHaveValue('notifications reactor')
})

test('shows the same as a map, with every capability as a link and a table behind it', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/beta/catalog?as=map&zone=rules')
  const map = page.getByRole('region', { name: 'Map of the catalog' })
  await expect(map.getByRole('link', { name: 'Flat discount: Only here' })).toBeVisible()
  await expect(map.getByRole('link', { name: /^Tiered pricing: Only elsewhere/ })).toBeVisible()
  await expect(map.getByRole('link', { name: /^Credit limit: By nobody/ })).toBeVisible()
  const links = await map.getByRole('link').count()
  expect(await page.getByRole('region', { name: 'The map as a table' }).getByRole('rowheader').count()).toBe(links)
  await map.getByRole('link', { name: 'Flat discount: Only here' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Flat discount')
})

test('classifies a request, keeps why, and what came of it', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/beta/catalog-requests/new')
  await page.getByLabel(/What is asked for/).fill('Discount by season')
  await expect(page.getByRole('link', { name: 'Flat discount' })).toBeVisible()
  await expect(page.getByText('This leads to: Extension')).toBeVisible()
  await page.getByLabel('It breaks a contract').check()
  await expect(page.getByText('This leads to: Rejection')).toBeVisible()
  await page.getByLabel('True for every customer').check()
  await expect(page.getByText('This leads to: Contract version')).toBeVisible()
  await page.getByLabel('It breaks a contract').uncheck()
  await page.getByRole('button', { name: 'Keep the request' }).click()
  await expect(page.getByText('Say why: it is kept beside the decision.')).toBeVisible()
  await page.getByLabel(/^Why/).fill('Everybody has seasons')
  await page.getByRole('button', { name: 'Keep the request' }).click()
  const panel = page.getByRole('complementary')
  await expect(panel).toContainText('Everybody has seasons')
  await panel.getByLabel('What came of it').fill('In flat-discount 1.2.0')
  await panel.getByRole('button', { name: 'It is done' }).click()
  await expect(page.getByRole('row', { name: /Discount by season/ })).toContainText('Done')
  const { rows } = await site.call<{ rows: { title: string; outcome: string; reason: string; what: string }[] }>('/queries/capability-requests', {})
  expect(rows[0]).toMatchObject({ title: 'Discount by season', outcome: 'core', reason: 'Everybody has seasons', what: 'In flat-discount 1.2.0' })
})

test('a broken combination is mended with one click where the profile is edited', async ({ page, site }) => {
  const { source } = await site.call<{ source: string }>('/queries/profile', { tenant: 'beta' }, 'administrator')
  const document = source.replace("percent: '10'", "percent: '10'\n      byAttribute: { attribute: loyalty.tier, percents: { gold: '5' } }")
  const { draftId } = await site.call<{ draftId: string }>('/commands/begin-profile-draft', { tenant: 'beta', document }, 'administrator')
  await signIn(page, site, 'administrator', `/t/beta/profile?draft=${draftId}&panel=findings`)
  const finding = page.getByRole('listitem').filter({ hasText: 'only the pack Loyalty sets it' })
  await expect(finding).toBeVisible()
  await finding.getByRole('button', { name: /^Add Loyalty/ }).click()
  await expect(finding).toHaveCount(0)
  await expect.poll(async () => (await site.call<{ source: string }>('/queries/profile-draft', { tenant: 'beta', draftId }, 'administrator')).source).toMatch(/modules:\s+- pack: loyalty/)
})

test('whoever may only read is not asked to classify', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/beta/catalog-requests/new')
  await expect(page.getByText('You may not classify requests')).toBeVisible()
})

for (const locale of LOCALES) {
  test(`no screen of the catalog has a serious barrier, nor scrolls sideways at 200 %: ${locale}`, async ({ page, site }) => {
    await signIn(page, site, 'manager', '/t/beta/catalog', locale)
    const found: string[] = []
    const screens = ['/catalog?peek=flat-discount', '/catalog?as=map', '/catalog?q=nothing-like-this', '/catalog/flat-discount', '/catalog/no-such-thing', '/catalog-requests', '/catalog-requests/new']
    for (const screen of screens) {
      await goInside(page, `/t/beta${screen}`)
      await expect(page.locator('h1,h2').first()).toBeVisible()
      found.push(...await barriers(page, screen))
    }
    expect(found).toEqual([])
    await page.setViewportSize({ width: 683, height: 384 })
    for (const screen of screens) {
      await goInside(page, `/t/beta${screen}`)
      await expect(page.locator('h1,h2').first()).toBeVisible()
      const [wide, room] = await page.locator('main').evaluate(main => [main.scrollWidth, main.clientWidth])
      expect(wide, screen).toBeLessThanOrEqual((room ?? 0) + 1)
    }
  })
}

import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { barriersInEveryLook } from './axe.ts'
import { TestMedia } from '#engine/testing/signed-media.ts'
import { pricePack } from '#test/support/install-media.ts'
import { enterOrder, signIn, test, untilState, type Site } from './site.ts'

const PROFILE = readFileSync(new URL('../../profiles/beta/profile.yaml', import.meta.url), 'utf8').replace('capabilities:\n', `capabilities:
  modules:
    - { pack: customers, version: ^1.0.0 }
    - { pack: loyalty, version: ^1.0.0, config: { currency: GBP, pointsPerUnit: 1, tiers: [{ name: silver, from: 100 }, { name: gold, from: 1000 }] } }
`)

/** The tenant beta runs packs that bring screens of their own. */
test.beforeAll(async ({ withPacks }) => { await withPacks.call('/commands/publish-profile', { tenant: 'beta', document: PROFILE }, 'administrator') })

/** An account that orders of the tenant name. */
async function account(site: Site, reference: string): Promise<string> {
  const { orderId } = await enterOrder(site, 'beta', reference, [{ item: 'A', quantity: '1', price: '500.00' }])
  await untilState(site, 'beta', orderId, ['confirmed'])
  return orderId
}

async function addContact(page: Page, name: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Add a contact' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add a contact' })
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Account').fill('TEST-1')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Add a contact' }).click()
  await expect(dialog).toHaveCount(0)
}

test('a pack brings a menu entry, a list, forms and a page of its own', async ({ page, withPacks: site }) => {
  await account(site, `PAGES-${Date.now()}`)
  await signIn(page, site, 'manager', '/t/beta/orders')
  await page.getByRole('navigation').getByRole('link', { name: 'Contacts' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contacts')

  await page.getByRole('button', { name: 'Add a contact' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill('ada')
  await dialog.getByRole('button', { name: 'Add a contact' }).click()
  await expect(dialog.getByText('Needed.')).toHaveCount(2)
  await expect(dialog.getByLabel('Account')).toBeFocused()
  await dialog.getByLabel('Account').fill('NO-SUCH-ACCOUNT')
  await dialog.getByLabel('Name').fill('Ada Lovelace')
  await dialog.getByLabel('E-mail').fill('ada@example.org')
  await dialog.getByRole('button', { name: 'Add a contact' }).click()
  // What the pack refuses is said in its own words.
  await expect(dialog.getByText('There is no account NO-SUCH-ACCOUNT.')).toBeVisible()
  await dialog.getByLabel('Account').fill('TEST-1')
  await dialog.getByRole('button', { name: 'Add a contact' }).click()

  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace')
  await expect(page.getByRole('link', { name: 'ada@example.org' })).toBeVisible()
  await page.getByRole('button', { name: 'Write a note' }).click()
  await page.getByRole('dialog').getByLabel('Note').fill('Prefers letters.')
  await page.getByRole('dialog').getByRole('button', { name: 'Write a note' }).click()
  await expect(page.getByRole('region', { name: 'Notes' })).toContainText('Prefers letters.')

  // A form to change begins with what is there; what is emptied is taken away.
  await page.getByRole('main').getByRole('button', { name: 'Change', exact: true }).click()
  await expect(page.getByRole('dialog').getByLabel('Name')).toHaveValue('Ada Lovelace')
  await page.getByRole('dialog').getByLabel('E-mail').fill('')
  await page.getByRole('dialog').getByLabel('Role').fill('Analyst')
  await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click()
  await expect(page.getByRole('main')).toContainText('Analyst')
  await expect(page.getByRole('link', { name: 'ada@example.org' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('dialog')).toContainText('stays sealed in the log')
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Back' })).toBeFocused()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('nothing is here any more')).toBeVisible()
})

test('a list of a pack is searched, walked and opened by keys alone', async ({ page, withPacks: site }) => {
  await account(site, `KEYS-${Date.now()}`)
  await signIn(page, site, 'manager', '/t/beta/p/customers/contacts')
  await addContact(page, 'Grace Hopper')
  await addContact(page, 'Gertrude Blanch')
  await page.keyboard.press('/')
  await page.keyboard.type('Gertr')
  await expect(page).toHaveURL(/q=Gertr/)
  await expect(page.getByRole('link', { name: 'Gertrude Blanch' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Grace Hopper' })).toHaveCount(0)
  await page.getByRole('searchbox').blur()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gertrude Blanch')
  await page.goBack()
  await expect(page.getByRole('searchbox')).toHaveValue('Gertr')
})

test('packs stand beside the order, and a command of one changes what is shown', async ({ page, withPacks: site }) => {
  const order = await account(site, `PANEL-${Date.now()}`)
  await signIn(page, site, 'manager', `/t/beta/orders/${order}`)
  const panel = page.getByRole('region', { name: 'Loyalty of the account' })
  await expect(panel).toContainText('Balance')
  await panel.getByRole('button', { name: 'Spend points' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Points').fill('100000000')
  await dialog.locator('[data-field=what]').fill('A mug')
  await dialog.getByRole('button', { name: 'Spend points' }).click()
  await expect(dialog.getByRole('status')).toBeVisible()
  await dialog.getByLabel('Points').fill('7')
  await dialog.getByRole('button', { name: 'Spend points' }).click()
  await expect(dialog).toHaveCount(0)
  await page.goto(`${site.url}/t/beta/p/loyalty/accounts`)
  await page.getByRole('link', { name: 'TEST-1' }).click()
  await expect(page.getByRole('region').getByText('A mug')).toBeVisible()
})

test('who may not see a pack has no menu entry, and is told so by its address', async ({ page, withPacks: site }) => {
  await signIn(page, site, 'approver', '/t/beta/orders')
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Loyalty' })).toBeVisible()
  await page.goto(`${site.url}/t/beta/p/customers/contacts`)
  await expect(page.getByRole('button', { name: 'Add a contact' })).toHaveCount(0)
  await page.goto(`${site.url}/t/beta/p/customers/no-such-page`)
  await expect(page.getByText('There is no page')).toBeVisible()
})

/** Installs a pack that asks for a licence on each order, and has the tenant run it. */
async function askForLicences(site: Site): Promise<void> {
  const texts = new TextEncoder().encode(JSON.stringify({ 'attribute.licence': 'Export licence', 'option.attribute.licence.eu': 'Within the EU', 'option.attribute.licence.world': 'Worldwide', 'attribute.rating': 'Credit rating' }))
  const media = await TestMedia.make({ repository: 'c3'.repeat(16) })
  media.now = Date.now() - 1000
  await media.add([pricePack({
    id: 'export-facts', publisher: 'north-labs', cases: 'none', files: new Map(['en', 'de', 'ar'].map(locale => [`locales/${locale}.json`, texts])),
    manifest: {
      implements: [{ contract: 'data-extension', version: 'v1', entry: '', config: { type: 'object', additionalProperties: false } }],
      attributes: [{ on: 'order', name: 'licence', schema: { enum: ['eu', 'world'] }, required: true }, { on: 'account', name: 'rating', schema: { type: 'string', maxLength: 20 } }],
    },
  })])
  const { folder } = media
  const { fingerprint } = await site.call<{ fingerprint: string }>('/commands/open-media', { folder }, 'administrator')
  await site.call('/commands/trust-root', { folder, fingerprint }, 'administrator')
  const { install } = await site.call<{ install: string }>('/commands/start-install', { folder }, 'administrator')
  await expect.poll(async () => (await site.call<{ state: string }>('/queries/install', { install }, 'administrator')).state, { timeout: 60_000 }).toBe('succeeded')
  await site.call('/commands/enable-pack', { tenant: 'acme', pack: 'export-facts' }, 'administrator')
}

test('an attribute that a pack declares is asked for with the order, shown, and changed', async ({ page, site }) => {
  await askForLicences(site)
  const reference = `ATTRIBUTE-${Date.now()}`
  await signIn(page, site, 'manager', '/t/acme/new-order')
  await page.getByLabel('Reference').fill(reference)
  await page.getByRole('combobox', { name: 'Account' }).or(page.getByLabel('Account', { exact: true })).first().fill('TEST-9')
  await page.keyboard.press('Tab')
  await page.getByLabel('Item').first().fill('A')
  await page.locator('input[data-field=quantity]').fill('1')
  await page.locator('input[data-field=price]').fill('5')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Needed.')).toBeVisible()
  await page.getByRole('region', { name: 'From packs' }).getByRole('combobox').click()
  await page.getByRole('option', { name: 'Within the EU' }).click()
  await page.getByRole('main').getByRole('button', { name: /^Submit/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(reference)
  await page.getByRole('tab', { name: 'Attributes' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Export licence')
  await expect(page.getByRole('tabpanel')).toContainText('Within the EU')
  // What is known of the account stands beside it, and can be set there.
  const ofAccount = page.getByRole('tabpanel').locator('section').filter({ hasText: 'Of the account' })
  await ofAccount.getByRole('button', { name: 'Change' }).click()
  await expect(page.getByRole('dialog')).toContainText('decided from now on')
  await page.getByRole('dialog').getByLabel('Credit rating').fill('AA')
  await page.getByRole('dialog').getByRole('button', { name: 'Save attributes' }).click()
  await expect(ofAccount).toContainText('AA')
})

test('the pages of packs have no serious barrier', async ({ page, withPacks: site }) => {
  const order = await account(site, `AXE-PACK-${Date.now()}`)
  await signIn(page, site, 'manager', '/t/beta/p/customers/contacts')
  await addContact(page, 'Mary Somerville')
  await page.getByRole('link', { name: 'Mary Somerville' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Mary Somerville')
  expect(await barriersInEveryLook(page, [
    { name: 'detail', path: page.url().slice(site.url.length), reach: () => expect(page.locator('main dl').first()).toBeVisible() },
    {
      name: 'chart', path: '/t/beta/p/loyalty/accounts', reach: async () => {
        await expect(page.locator('div[role=img]')).toBeVisible()
        await page.locator('details details summary').click()
      },
    },
    { name: 'panel', path: `/t/beta/orders/${order}`, reach: () => expect(page.locator('section dl').first()).toBeVisible() },
    {
      name: 'list and form', path: '/t/beta/p/customers/contacts', reach: async () => {
        await page.locator('main h1 + div button').last().click()
        await expect(page.getByRole('dialog')).toBeVisible()
      },
    },
  ])).toEqual([])
})

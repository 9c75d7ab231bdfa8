import { expect, type Page } from '@playwright/test'
import { barriers, barriersInEveryLook } from './axe.ts'
import { signIn, tabTo, test, untilState } from './site.ts'

async function called(page: Page, title: string, name: string): Promise<void> {
  await page.getByLabel('Name of the customer').fill(title)
  await expect(page.getByLabel('Short name')).toHaveValue(name)
  await page.getByRole('button', { name: 'Continue' }).click()
}

test('a new customer begins with a template and takes its first order', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/orders')
  await page.getByRole('button', { name: /change tenant/ }).click()
  await page.getByRole('menuitem', { name: 'New customer' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText('Choose one of them.')).toBeVisible()
  await page.getByRole('radio', { name: 'Approvals' }).check()
  const found = await barriers(page, 'begin')
  await page.getByRole('button', { name: 'Continue' }).click()

  // A name that is taken is refused where it is entered.
  await called(page, 'Beta', 'beta')
  await expect(page.getByRole('alert')).toContainText('KS-TENANT-KNOWN')
  found.push(...await barriers(page, 'customer'))
  // The currency of the template, until somebody chooses another: its limits follow.
  await expect(page.getByRole('combobox', { name: 'Currency of its orders' })).toHaveValue('EUR – Euro')
  await page.getByRole('combobox', { name: 'Currency of its orders' }).fill('clf')
  await page.getByRole('option', { name: /^CLF/ }).click()
  await called(page, 'Quay & Söhne', 'quay-sohne')
  await expect(page.getByText(/amounts were in EUR, are in CLF now, and keep their numbers/)).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'The document' })).toBeVisible()
  await expect(page.getByText('Nothing stands against this profile.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'What answers each capability' })).toContainText('threshold-approval')
  found.push(...await barriers(page, 'check'))
  // Going back and loading anew lose nothing.
  await page.getByRole('link', { name: /^.?Customer/ }).click()
  await expect(page.getByLabel('Name of the customer')).toHaveValue('Quay & Söhne')
  await page.reload()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Make Quay & Söhne' }).click()
  await expect(page.getByText('Quay & Söhne is ready for its first order.')).toBeVisible()
  // Who is asked to approve signs in by a name that is given here.
  await page.getByRole('button', { name: 'Add a user' }).click()
  await page.getByLabel('Name to sign in with').fill('Pia')
  await page.getByRole('textbox', { name: 'First password' }).fill('a long password')
  await page.getByRole('checkbox', { name: 'Approver' }).check()
  found.push(...await barriers(page, 'outcome'))
  await page.getByRole('button', { name: 'Add this user' }).click()
  await expect(page.getByRole('row', { name: /Pia.*Approver/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add a user' })).toBeFocused()
  expect(found).toEqual([])

  await page.getByRole('link', { name: 'Enter the first order' }).click()
  await expect(page.getByRole('button', { name: /Quay & Söhne/ })).toBeVisible()
  await page.getByLabel('Reference').fill('FIRST-1')
  await page.getByRole('combobox', { name: 'Account' }).fill('C-1')
  await page.getByRole('combobox', { name: 'Item, line 1' }).fill('ANCHOR')
  await page.getByLabel('Quantity, line 1').fill('2')
  await page.getByLabel('Price, line 1').fill('10.00')
  await page.getByRole('button', { name: /Submit order/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('FIRST-1')
  await untilState(site, 'quay-sohne', 'FIRST-1', ['confirmed'])
})

test('a short description is opened as a profile, and what nobody has is put right by a click or by hand', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/new-customer')
  await page.locator('input[type=file]').setInputFiles({
    name: 'river.yaml', mimeType: 'application/yaml',
    buffer: Buffer.from('customer: RiverCorp\norder_processing: enabled\npricing_model: flat_discont\napprovals: custom_plugin_X\nrules: river_rules_v2\n'),
  })
  await expect(page.getByRole('status').filter({ hasText: 'river.yaml' })).toBeVisible()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByLabel('Name of the customer')).toHaveValue('RiverCorp')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText('The short description was written out as a profile.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Make RiverCorp' })).toBeDisabled()
  const found = await barriers(page, 'findings')
  await page.getByRole('button', { name: 'Write flat-discount' }).click()
  await expect(page.getByText('flat-discont')).toHaveCount(0)
  await page.getByRole('button', { name: 'Take the last fix back' }).click()
  await expect(page.getByRole('button', { name: 'Write flat-discount' })).toBeVisible()
  await page.getByRole('textbox', { name: 'The document' }).fill(`schema: 2
id: river-corp
title: RiverCorp
organisation: [{ path: /river-corp, name: RiverCorp }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: flat-discount, version: ^1.0.0, config: { percent: '5' } }
  approval: { default: always-approve }
  confirmation: automatic
`)
  await page.getByRole('button', { name: 'Use this text' }).click()
  await page.getByRole('button', { name: 'Make RiverCorp' }).click()
  await expect(page.getByText('RiverCorp is ready for its first order.')).toBeVisible()
  expect(found).toEqual([])
})

test('a file that is no text is refused in words', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/new-customer')
  await page.locator('input[type=file]').setInputFiles({ name: 'x.yaml', mimeType: 'application/yaml', buffer: Buffer.from([0xff, 0xfe, 0x00, 0xd8]) })
  await expect(page.getByRole('alert')).toContainText('not text in UTF-8')
})

test('who may not add customers is told so', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/acme/new-customer')
  await expect(page.getByText('You may not add customers')).toBeVisible()
})

test('the first step has no serious barrier in any language', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/new-customer')
  expect(await barriersInEveryLook(page, [{ name: 'new customer', path: '/t/acme/new-customer', reach: () => expect(page.locator('main form')).toBeVisible() }])).toEqual([])
})

test('the whole way is gone by keys alone, and at 200 % zoom nothing scrolls sideways', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/acme/new-customer')
  await page.setViewportSize({ width: 683, height: 384 })
  const fits = async (): Promise<void> => {
    const [wide, room] = await page.locator('main').evaluate(main => [main.scrollWidth, main.clientWidth])
    expect(wide).toBeLessThanOrEqual((room ?? 0) + 1)
  }
  await expect(page.getByRole('radio', { name: 'Plain' })).toBeVisible()
  await fits()
  await tabTo(page, page.getByRole('radio', { name: 'Plain' }))
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Name of the customer')).toBeFocused()
  await page.keyboard.type('Keys & Co')
  await fits()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Nothing stands against this profile.')).toBeVisible()
  await fits()
  await tabTo(page, page.getByRole('button', { name: 'Make Keys & Co' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('Keys & Co is ready for its first order.')).toBeVisible()
  await fits()
})

import { readFileSync } from 'node:fs'
import { expect } from '@playwright/test'
import { document, signIn, test, untilState } from './site.ts'

/** As on the demo site: tiered prices, every order approved, a report; the menu lists it. */
const PROFILE = readFileSync(new URL('../../profiles/acme/profile.yaml', import.meta.url), 'utf8')
  .replaceAll('/acme', '/depot').replace('id: acme', 'id: depot').replace(/^ {2}accent: .*$/m, "$&\n  navigation: [orders, sales-report.turnover, import]")

test('approvals switched on, the report off, and a tax for a region: by forms alone', async ({ page, site }) => {
  await site.call('/commands/create-tenant', { tenant: 'depot', profile: PROFILE }, 'administrator')
  await signIn(page, site, 'administrator', '/t/depot/orders')
  const menu = page.getByRole('navigation')
  await menu.getByRole('link', { name: 'Turnover' }).click()
  await expect(page.getByText('Nothing in “Turnover by month” yet')).toBeVisible()

  await page.goto(`${site.url}/t/depot/profile?draft=none&section=approvals`)
  await page.getByRole('combobox', { name: 'Who decides whether' }).click()
  await page.getByRole('option', { name: 'Threshold approval' }).click()
  // It begins as the pack says that one does.
  await expect(page.getByRole('combobox', { name: 'What is compared with the limits' })).toHaveValue('The total with tax')
  await expect(page.getByRole('combobox', { name: 'Above the limit' })).toHaveValue('Ask people, stage by stage')
  await expect(page.getByRole('textbox', { name: 'Short name' })).toHaveValue('manager')
  const currency = page.getByRole('combobox', { name: 'Currency' }).first()
  await currency.fill('GBP')
  await page.getByRole('option', { name: /^GBP/ }).click()
  await page.getByRole('textbox', { name: 'Limit GBP' }).fill('100.00')
  // Its menu does not lead to what waits for approval: said, and put right with one press.
  const findings = page.getByRole('tabpanel')
  await findings.getByRole('button', { name: 'Add approvals' }).click()
  await expect(page.getByText('Nothing is wrong with this profile.')).toBeVisible()

  await page.getByRole('button', { name: 'Capabilities', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Sales report' }).uncheck()
  // The menu still lists it.
  await expect(findings).toContainText('sales-report.turnover')
  await findings.getByRole('button', { name: /^(Take .* out|Remove)/ }).click()
  await expect(page.getByText('Nothing is wrong with this profile.')).toBeVisible()

  await page.getByRole('button', { name: 'Pricing', exact: true }).click()
  await page.getByRole('button', { name: 'Add to Taxes' }).click()
  await page.getByRole('textbox', { name: 'Name on the order' }).fill('UK VAT')
  await page.getByRole('textbox', { name: 'Rate in percent' }).fill('20')
  await page.getByRole('combobox', { name: 'Only in these branches' }).or(page.getByRole('textbox', { name: 'Only in these branches' })).first().click()
  await page.getByRole('option', { name: /\/depot\/uk/ }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByText('Nothing is wrong with this profile.')).toBeVisible()
  await expect(page.getByText('Draft saved')).toBeVisible()

  await page.getByRole('button', { name: 'Publish…' }).click()
  await page.getByRole('link', { name: 'Look at what changes' }).click()
  await page.getByRole('link', { name: 'Go on: why and when' }).click()
  await page.getByRole('textbox', { name: 'Reason' }).fill('New rules for the year')
  await page.getByRole('button', { name: 'Publish this version' }).click()
  await expect(page.getByText('Version 2 is active.')).toBeVisible()
  await expect(menu.getByRole('link', { name: 'Turnover' })).toHaveCount(0)

  const enter = async (reference: string, orgpath: string): Promise<string> => {
    const drafted = await site.call<{ orderId: string; revision: number }>('/commands/draft-order', { tenant: 'depot', document: { ...document(reference, [{ item: 'A', quantity: '1', price: '90.00' }]), orgpath } }, 'operator')
    await site.call('/commands/submit-order', { tenant: 'depot', ...drafted }, 'operator')
    return drafted.orderId
  }
  // With its tax, 90.00 and a fifth is above the limit; 90.00 is not.
  const [inside, outside] = [await enter('IN-1', '/depot/uk'), await enter('OUT-1', '/depot/overseas')]
  await untilState(site, 'depot', inside, ['priced'])
  await untilState(site, 'depot', outside, ['confirmed'])
  await page.goto(`${site.url}/t/depot/orders/${inside}`)
  await expect(page.getByRole('table', { name: 'Totals' })).toContainText('GBP 18.00')
  await page.getByRole('tab', { name: 'Why this price' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('UK VAT: 20 % (S), since /depot/uk takes the order')
  await page.getByRole('tab', { name: 'Approvals' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Waits for somebody with the role Approver')
  await page.goto(`${site.url}/t/depot/orders/${outside}`)
  await expect(page.getByRole('table', { name: 'Totals' })).toContainText('GBP 90.00')
  await expect(page.getByRole('table', { name: 'Totals' })).not.toContainText('18.00')
})

import { expect, type Page } from '@playwright/test'
import { barriersInEveryLook } from './axe.ts'
import { enterOrder, signIn, test, untilState, type Site } from './site.ts'

/** An order that beta asks about; the only one that waits for its account to be looked at by reference. */
async function waiting(site: Site, reference: string): Promise<{ orderId: string; revision: number }> {
  const entered = await enterOrder(site, 'beta', reference, [{ item: 'A', quantity: '1', price: '5000.00' }])
  await untilState(site, 'beta', entered.orderId, ['priced'])
  return entered
}

async function inbox(page: Page, site: Site, orderId: string): Promise<void> {
  await signIn(page, site, 'manager', '/t/beta/orders')
  await page.goto(`${site.url}/t/beta/approvals?peek=${orderId}`)
  await expect(page.getByRole('complementary')).toBeVisible()
}

test('an order is approved by key, and the next one stands there', async ({ page, site }) => {
  const { orderId } = await waiting(site, 'INBOX-1')
  await inbox(page, site, orderId)
  const panel = page.getByRole('complementary')
  await expect(panel).toContainText('INBOX-1')
  await expect(panel).toContainText('GBP 4,500.00')
  // Beside the panel the columns that stand there at first have room, also on a small screen.
  const [wide, room] = await page.getByRole('grid').evaluate(grid => [grid.scrollWidth, grid.clientWidth])
  expect(wide).toBeLessThanOrEqual(room ?? 0)
  await page.keyboard.press('a')
  await expect(page.getByText('INBOX-1 is approved.')).toBeVisible()
  await expect(panel).not.toContainText('INBOX-1')
  await untilState(site, 'beta', orderId, ['confirmed'])
})

test('a rejection asks why, by keys alone', async ({ page, site }) => {
  const { orderId } = await waiting(site, 'INBOX-2')
  await inbox(page, site, orderId)
  await expect(page.getByRole('button', { name: 'Approve INBOX-2' })).toBeVisible()
  await page.keyboard.press('r')
  await expect(page.getByLabel(/Why is it rejected/)).toBeFocused()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('A rejection needs a reason.')).toBeVisible()
  await page.keyboard.type('Over the yearly budget')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('INBOX-2 is rejected.')).toBeVisible()
  await untilState(site, 'beta', orderId, ['rejected'])
})

test('who comes late is told which order, and nothing is decided twice', async ({ page, site }) => {
  const { orderId, revision } = await waiting(site, 'INBOX-3')
  // A window whose line is bad hears of no changes and shows what it saw last.
  await page.route('**/rpc/streams/**', route => route.abort())
  await inbox(page, site, orderId)
  const approve = page.getByRole('button', { name: 'Approve INBOX-3' })
  await expect(approve).toBeEnabled()
  await site.call('/commands/reject-order', { tenant: 'beta', orderId, revision, invocation: { reason: 'Decided elsewhere' } })
  await approve.click()
  await expect(page.getByRole('alert').filter({ hasText: 'INBOX-3:' })).toContainText('KS-')
  await untilState(site, 'beta', orderId, ['rejected'])
})

test('several are approved at once, each told', async ({ page, site }) => {
  const first = await waiting(site, 'INBOX-4')
  const second = await waiting(site, 'INBOX-5')
  await signIn(page, site, 'manager', '/t/beta/orders')
  await page.goto(`${site.url}/t/beta/approvals?sel=${first.orderId},${second.orderId}`)
  await page.getByRole('button', { name: 'Approve 2 orders' }).click()
  await expect(page.getByText('2 orders are approved.')).toBeVisible()
  await untilState(site, 'beta', first.orderId, ['confirmed'])
  await untilState(site, 'beta', second.orderId, ['confirmed'])
})

test('the inbox with its panel and the reason has no serious barrier', async ({ page, site }) => {
  const { orderId } = await waiting(site, 'INBOX-6')
  await inbox(page, site, orderId)
  const found = await barriersInEveryLook(page, [{ name: 'approvals', path: `/t/beta/approvals?peek=${orderId}&sel=${orderId}`, reach: async () => {
    await expect(page.getByRole('complementary').getByRole('table')).toBeVisible()
    await page.keyboard.press('r')
    await expect(page.getByRole('complementary').getByRole('textbox')).toBeVisible()
  } }])
  expect(found).toEqual([])
})

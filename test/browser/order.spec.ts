import { expect } from '@playwright/test'
import { document, enterOrder, signIn, test, untilState } from './site.ts'

test('the order page explains its price, tells its story and proves it', async ({ page, site }) => {
  const { orderId } = await enterOrder(site, 'beta', 'PROOF-1', [{ item: 'A', quantity: '4', price: '50.00' }])
  await untilState(site, 'beta', orderId, ['confirmed'])
  await signIn(page, site, 'manager', `/t/beta/orders/${orderId}`)
  await expect(page.getByRole('table', { name: 'Totals' })).toContainText('GBP 180.00')
  await page.keyboard.press('1')
  await expect(page.getByRole('table', { name: 'From price to payable' })).toContainText('10 % off GBP 200.00')
  await page.keyboard.press('2')
  await expect(page.getByRole('list', { name: 'Timeline' })).toContainText('Confirmed at GBP 180.00')
  await page.getByText(/in the log/).first().click()
  await expect(page.getByText('keelson.order.drafted').first()).toBeVisible()
  await page.keyboard.press('5')
  await page.getByRole('button', { name: 'Run again' }).click()
  await expect(page.getByText('The same packs, settings and input gave the same decisions again')).toBeVisible()
})

test('an approver reads why, decides, and the order moves on', async ({ page, site }) => {
  const { orderId } = await enterOrder(site, 'beta', 'APPROVE-1', [{ item: 'A', quantity: '1', price: '5000.00' }])
  await untilState(site, 'beta', orderId, ['priced'])
  await signIn(page, site, 'manager', `/t/beta/orders/${orderId}`)
  await expect(page.getByText('above the limit of')).toBeVisible()
  await page.getByRole('button', { name: 'Reject order' }).click()
  await expect(page.getByText('Say why, so that the customer can be told.')).toBeVisible()
  await page.getByLabel(/^Reason/).fill('Agreed by telephone')
  await page.getByRole('button', { name: /Approve stage/ }).click()
  await expect(page.getByRole('list', { name: 'The way of this order' }).locator('[aria-current]')).toContainText('Confirmed')
  // What one has just done stays before one's eyes.
  await expect(page.getByText('Agreed by telephone', { exact: true })).toBeVisible()
})

test('two windows: who decides on a revision that is no longer there is told, and nothing is approved unseen', async ({ page, context, site }) => {
  const { orderId, revision } = await enterOrder(site, 'beta', 'RACE-1', [{ item: 'A', quantity: '1', price: '5000.00' }])
  await untilState(site, 'beta', orderId, ['priced'])
  await signIn(page, site, 'manager', `/t/beta/orders/${orderId}`)
  // A window whose line is bad hears of no changes and shows what it saw last.
  const late = await context.newPage()
  await late.route('**/rpc/streams/**', route => route.abort())
  await late.goto(`${site.url}/t/beta/orders/${orderId}`)
  await expect(late.getByRole('button', { name: /Approve stage/ })).toBeEnabled()
  await site.call('/commands/amend-order', { tenant: 'beta', orderId, revision, document: document('RACE-1', [{ item: 'A', quantity: '2', price: '5000.00' }]) }, 'operator')
  await expect(page.getByText(/revision 1 became revision 2/)).toBeVisible()
  await late.getByRole('button', { name: /Approve stage/ }).click()
  await expect(late.getByText('KS-ORDER-REVISION')).toBeVisible()
  await expect(late.getByText(/revision 1 became revision 2/)).toBeVisible()
  await untilState(site, 'beta', orderId, ['priced'])
  await page.getByRole('link', { name: 'Show what changed' }).click()
  await expect(page.getByRole('row', { name: 'Line 1 Quantity 1 2' })).toContainText('2')
})

test('an order that does not exist says so and offers a way on', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/beta/orders/NO-SUCH-ORDER')
  await expect(page.getByRole('heading', { name: 'There is no order NO-SUCH-ORDER' })).toBeVisible()
})

test('an order is cancelled with a reason, after reading what is lost', async ({ page, site }) => {
  const { orderId } = await enterOrder(site, 'beta', 'CANCEL-1', [{ item: 'A', quantity: '1', price: '5000.00' }])
  await untilState(site, 'beta', orderId, ['priced'])
  await signIn(page, site, 'operator', `/t/beta/orders/${orderId}`)
  await page.getByRole('button', { name: 'More to do with this order' }).click()
  await page.getByRole('menuitem', { name: 'Cancel order' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('cannot be opened again')
  await dialog.getByLabel(/Reason/).fill('Ordered twice')
  await dialog.getByRole('button', { name: 'Cancel order' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Cancelled')
  // Keys belong to the dialog until it is gone.
  await expect(dialog).toBeHidden()
  await page.keyboard.press('2')
  await expect(page.getByText('Ordered twice', { exact: true })).toBeVisible()
})

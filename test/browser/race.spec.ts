import { expect, type Browser, type Page } from '@playwright/test'
import { enterOrder, signIn, test, untilState, type Site } from './site.ts'

/** Time for every window to have its alarm set before it rings. */
const HEAD_START_MS = 150

interface OrderAnswer {
  readonly order: { readonly state: string; readonly revision: number }
  readonly approvals: readonly { readonly decided: readonly { readonly by: { readonly name: string | null } }[] }[]
  readonly events: readonly { readonly type: string }[]
}

/** A window of its own person: nothing is shared with the other windows but the engine. */
async function windowOf(browser: Browser, site: Site, user: string, path: string): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
  await signIn(page, site, user, path)
  return page
}

/** Clicks in every window in the same instant, by its own clock. */
async function atOnce(buttons: readonly { readonly page: Page; readonly name: RegExp }[]): Promise<void> {
  const handles = await Promise.all(buttons.map(async ({ page, name }) => await page.getByRole('button', { name }).elementHandle()))
  const at = Date.now() + HEAD_START_MS
  await Promise.all(handles.map(async handle => {
    await handle?.evaluate((button, when) => new Promise<void>(resolve => {
      setTimeout(() => { (button as HTMLButtonElement).click(); resolve() }, when - Date.now())
    }), at)
  }))
}

test('three windows at once: two approve, one amends; one wins, and the others are told so', async ({ browser, site }, { repeatEachIndex }) => {
  const reference = `THREE-${repeatEachIndex}`
  const { orderId } = await enterOrder(site, 'beta', reference, [{ item: 'A', quantity: '1', price: '5000.00' }])
  await untilState(site, 'beta', orderId, ['priced'])
  const path = `/t/beta/orders/${orderId}?tab=approvals`
  const [manager, approver, operator] = await Promise.all([
    windowOf(browser, site, 'manager', path), windowOf(browser, site, 'approver', path), windowOf(browser, site, 'operator', `/t/beta/new-order?amend=${orderId}`),
  ])
  await operator.getByLabel('Quantity, line 1').fill('2')
  for (const page of [manager, approver]) await expect(page.getByRole('button', { name: /Approve stage/ })).toBeEnabled()
  await expect(operator.getByRole('button', { name: /Submit the change/ })).toBeEnabled()

  await atOnce([{ page: manager, name: /Approve stage/ }, { page: approver, name: /Approve stage/ }, { page: operator, name: /Submit the change/ }])

  const told = (page: Page): ReturnType<Page['getByText']> => page.getByText(/^KS-(ORDER-REVISION|ORDER-STATE|APPROVAL-NOT-OPEN)/)
  const done = { manager: manager.getByText(/: stage \S+ approved\./), approver: approver.getByText(/: stage \S+ approved\./), operator: operator.getByText(`Order ${reference} changed.`) }
  await Promise.all([expect(told(manager).or(done.manager).first()).toBeVisible(), expect(told(approver).or(done.approver).first()).toBeVisible(), expect(told(operator).or(done.operator).first()).toBeVisible()])

  const { order, approvals, events } = await site.call<OrderAnswer>('/queries/order', { tenant: 'beta', order: orderId })
  const winner = order.revision === 2 ? 'operator' : approvals[0]?.decided[0]?.by.name
  const windows = { manager, approver, operator }
  expect(Object.keys(windows)).toContain(winner)
  for (const [user, page] of Object.entries(windows)) {
    if (user === winner) await expect(told(page)).toHaveCount(0)
    else await expect(told(page).first()).toBeVisible()
  }
  // What nobody saw was not approved, and nothing was decided twice.
  const decided = events.filter(event => /approval-given|order\.amended/.test(event.type))
  expect(decided).toHaveLength(1)
  if (winner === 'operator') await untilState(site, 'beta', orderId, ['priced'])
  else await untilState(site, 'beta', orderId, ['confirmed'])
  await Promise.all(Object.values(windows).map(async page => { await page.context().close() }))
})

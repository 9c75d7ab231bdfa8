import { expect, type Page } from '@playwright/test'
import { enterOrder, signIn, tabTo, test, untilState } from './site.ts'

/** Tabs to a button or link, whose focus can be seen there. */
async function tabToShown(page: Page, name: RegExp): Promise<void> {
  const to = page.getByRole('button', { name }).or(page.getByRole('link', { name })).first()
  await tabTo(page, to)
  expect(await to.evaluate(at => getComputedStyle(at).outlineStyle), `the focus on ${name} can be seen`).not.toBe('none')
}

test('a file is imported without a mouse', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/acme/orders')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await tabToShown(page, /^Choose files/)
  // The dialog of the operating system is not ours: that it is asked for is what counts.
  const input = page.locator('input[type=file]')
  await input.evaluate(one => { one.addEventListener('click', event => { event.preventDefault(); one.dataset['asked'] = 'yes' }) })
  await page.keyboard.press('Enter')
  await expect(input).toHaveAttribute('data-asked', 'yes')
  const rows = ['Belegnr;Kunde;Datum;Artikelnummer;Bezeichnung;Menge;Einzelpreis', 'BYKEY-1;K-100;01.03.2026;A-1;Schraube M6;100;0,12']
  await input.setInputFiles({ name: 'by-key.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })
  await expect(page).toHaveURL(/step=recognised/)
  await tabToShown(page, /dry run$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Import 1 order' })).toBeEnabled()
  await tabToShown(page, /^Import 1 order/)
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 order is in.')).toBeVisible({ timeout: 20_000 })
  await tabToShown(page, /^Show its order/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'BYKEY-1' })).toBeVisible()
})

test('what opened a dialog or a menu has the focus again when it is closed', async ({ page, site }) => {
  const { orderId } = await enterOrder(site, 'beta', 'FOCUS-1', [{ item: 'A', quantity: '1', price: '5000.00' }])
  await untilState(site, 'beta', orderId, ['priced'])
  await signIn(page, site, 'manager', `/t/beta/orders/${orderId}`)
  const more = page.getByRole('button', { name: 'More to do with this order' })
  await more.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(page.getByPlaceholder('Reference, account, page or command')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(more).toBeFocused()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(more).toBeFocused()
})

test('a date is typed in the order of the person, moved by the arrows, and wrong ones are said to be', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/beta/new-order', 'de')
  const date = page.getByLabel('Bestellt am', { exact: true })
  await date.fill('31.12.2026')
  await date.press('ArrowUp')
  await expect(date).toHaveValue('01.01.2027')
  await date.fill('31.2.2027')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Ein Datum, etwa 31.12.2026.')).toBeVisible()
})

test('nothing on the page jumps while keys move through the list', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/acme/orders')
  await expect(page.getByRole('row').nth(5)).toBeVisible()
  await page.evaluate(() => {
    const shifts: number[] = []
    Reflect.set(globalThis, 'shifts', shifts)
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) shifts.push(Reflect.get(entry, 'value') as number)
    }).observe({ type: 'layout-shift', buffered: false })
  })
  for (const key of ['j', 'j', 'k', 'j', 'x', 'j', 'x', 'k', 'j', 'j', 'k']) await page.keyboard.press(key)
  await expect(page.getByRole('row').getByRole('checkbox', { checked: true })).toHaveCount(2)
  const shifts = await page.evaluate(() => Reflect.get(globalThis, 'shifts') as number[])
  expect(shifts.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.02)
})

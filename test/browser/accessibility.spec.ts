import { expect, type Page } from '@playwright/test'
import { barriers, LOCALES, speak } from './axe.ts'
import { document, enterOrder, goInside, openSite, signIn, test, untilState, type Site } from './site.ts'

/** Orders that the screens are looked at with. */
interface Orders { readonly waiting: string; readonly stuck: string; readonly amended: string; readonly job: string }

/** Screens of a tenant, below `/t/beta`. Those of the catalog and of packs are looked at in their own specs. */
const SCREENS = (orders: Orders): readonly string[] => [
  `/orders?state=priced&peek=${orders.waiting}&sel=${orders.waiting}`, '/orders?q=nothing-like-this', `/orders/${orders.stuck}?tab=price`, `/orders/${orders.waiting}?tab=price`,
  `/orders/${orders.waiting}?tab=timeline`, `/orders/${orders.waiting}?tab=approvals`, `/orders/${orders.waiting}?tab=attributes`, `/orders/${orders.waiting}?tab=evidence`,
  `/orders/${orders.amended}?tab=compare`, '/orders/NO-SUCH-ORDER', '/new-order', `/new-order?amend=${orders.amended}`, '/import', '/approvals', '/failures', '/jobs', `/jobs/${orders.job}`, '/installs', '/site-status', '/settings',
]
/** Screens whose barriers another spec looks for, but not their width. */
const WIDE_SCREENS = ['/packs', '/packs/flat-discount']

/** What opens upon a page: where, and the keys or clicks that open it. Nothing here depends on the language. */
const OPENED: readonly { readonly name: string; readonly at: (orders: Orders) => string; readonly open: (page: Page) => Promise<void>; readonly inPlace?: boolean }[] = [
  { name: 'palette', at: () => '/orders', open: async page => { await page.keyboard.press('Control+k'); await page.keyboard.type('5'); await expect(page.getByRole('dialog')).toBeVisible() } },
  { name: 'keys', at: () => '/orders', open: async page => { await page.keyboard.press('?'); await expect(page.getByRole('dialog')).toBeVisible() } },
  { name: 'tenants', at: () => '/orders', open: async page => { await page.locator('nav button[aria-haspopup=menu]').click(); await expect(page.getByRole('menu')).toBeVisible() } },
  { name: 'person', at: () => '/orders', open: async page => { await page.locator('header button[aria-haspopup=menu]').click(); await expect(page.getByRole('menu')).toBeVisible() } },
  { name: 'columns', at: () => '/orders', open: async page => { await page.locator('main button[aria-haspopup=menu]').nth(1).click(); await expect(page.getByRole('menu')).toBeVisible() } },
  {
    name: 'save view', at: () => '/orders?state=priced', open: async page => {
      await page.locator('main button[aria-haspopup=menu]').first().click()
      await page.getByRole('menuitem').last().click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'cancel selected', at: ({ waiting }) => `/orders?sel=${waiting}&state=priced`, open: async page => {
      await page.getByRole('region').locator('button').nth(1).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'cancel order', at: ({ waiting }) => `/orders/${waiting}`, open: async page => {
      await page.locator('main button[aria-haspopup=menu]').click()
      await page.getByRole('menuitem').nth(1).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'wrong order', at: () => '/new-order', inPlace: true, open: async page => {
      await page.locator('input[data-field=item]').fill('WIDGET')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'leave order', at: () => '/new-order', open: async page => {
      await page.locator('main input').first().fill('LEFT-1')
      await page.locator('nav a').first().click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
]

async function settled(page: Page): Promise<void> {
  // Reduced motion is set: nothing is half transparent any more.
  await expect(page.locator('h1,h2').first()).toBeVisible()
}

async function orders(site: Site): Promise<Orders> {
  const name = `AXE-${Date.now()}`
  const waiting = await enterOrder(site, 'beta', `${name}-WAITS`, [{ item: 'A', quantity: '1', price: '5000.00' }])
  const amended = await enterOrder(site, 'beta', `${name}-AMENDED`, [{ item: 'A', quantity: '1', price: '5000.00' }])
  const stuck = await enterOrder(site, 'beta', `${name}-STUCK`, [{ item: 'A', quantity: '1', price: null }])
  const { rows: [job] } = await site.call<{ rows: { id: string }[] }>('/queries/jobs', { tenant: 'beta', limit: 1 })
  await untilState(site, 'beta', waiting.orderId, ['priced'])
  await untilState(site, 'beta', amended.orderId, ['priced'])
  await site.call('/commands/amend-order', { tenant: 'beta', orderId: amended.orderId, revision: amended.revision, document: document(`${name}-AMENDED`, [{ item: 'B', quantity: '2', price: '5000.00' }]) }, 'operator')
  return { waiting: waiting.orderId, stuck: stuck.orderId, amended: amended.orderId, job: job?.id ?? '' }
}

for (const locale of LOCALES) {
  test(`no screen, and nothing that opens upon one, has a serious barrier: ${locale}`, async ({ page, site }) => {
    test.setTimeout(180_000)
    const made = await orders(site)
    await signIn(page, site, 'manager', '/t/beta/settings', locale)
    await settled(page)
    const found: string[] = []
    for (const screen of SCREENS(made)) {
      await goInside(page, `/t/beta${screen}`)
      await settled(page)
      await expect(page.locator('html')).toHaveAttribute('dir', locale === 'ar' ? 'rtl' : 'ltr')
      found.push(...await barriers(page, screen))
    }
    let stands = ''
    for (const { name, at, open, inPlace = false } of OPENED) {
      // An order half entered would not let one go.
      if (at(made) === '/new-order') await page.goto(`${site.url}/t/beta/new-order`)
      else {
        await page.keyboard.press('Escape')
        await expect(page.locator('[role=dialog], [role=menu]')).toHaveCount(0)
        if (at(made) !== stands) {
          await goInside(page, '/t/beta/settings')
          await goInside(page, `/t/beta${at(made)}`)
        }
      }
      stands = at(made)
      await settled(page)
      await open(page)
      found.push(...await barriers(page, name, inPlace ? undefined : '[role=dialog], [role=menu]'))
    }
    expect(found).toEqual([])
  })
}

test('no serious barrier before one is signed in, or where there is nothing', async ({ page, site }) => {
  const fresh = await openSite()
  const found: string[] = []
  for (const url of [`${site.url}/sign-in`, `${site.url}/nowhere`, `${fresh.url}/first-start`]) {
    await page.goto(url)
    for (const locale of LOCALES) {
      await speak(page, locale)
      await page.goto(url)
      await settled(page)
      found.push(...await barriers(page, `${new URL(url).pathname} ${locale}`))
    }
  }
  await fresh.close()
  expect(found).toEqual([])
})

test('at 200 % zoom the page does not scroll sideways', async ({ page, site }) => {
  const made = await orders(site)
  await signIn(page, site, 'manager', '/t/beta/orders')
  // Twice the zoom is half the room.
  await page.setViewportSize({ width: 683, height: 384 })
  for (const screen of [...SCREENS(made), ...WIDE_SCREENS]) {
    await goInside(page, `/t/beta${screen}`)
    await settled(page)
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
    const [wide, room] = await page.locator('main').evaluate(main => [main.scrollWidth, main.clientWidth])
    expect(wide, screen).toBeLessThanOrEqual((room ?? 0) + 1)
  }
})

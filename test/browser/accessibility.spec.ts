import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { openSite, signIn, test, type Site } from './site.ts'

const LOCALES = ['en', 'de', 'ar'] as const
const THEMES = ['light', 'dark'] as const

/** Screens of a tenant, below `/t/beta`; `{order}` is an order that waits for approval. */
const SCREENS = [
  '/orders?state=priced&peek={order}&sel={order}', '/orders/{order}?tab=price', '/orders/{order}?tab=timeline', '/orders/{order}?tab=approvals', '/orders/{order}?tab=evidence',
  '/new-order', '/import', '/approvals', '/failures', '/jobs', '/site-status', '/settings',
]

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).options({ resultTypes: ['violations'] }).analyze()
  return found.filter(each => each.impact === 'serious' || each.impact === 'critical').map(each => `${each.id}: ${each.nodes.slice(0, 3).map(node => `${node.target.join(' ')} (${node.failureSummary?.split('\n').at(1)?.trim() ?? ''})`).join(' | ')}`)
}

async function show(page: Page, locale: string, theme: string): Promise<void> {
  await page.evaluate(([kept, look]) => {
    localStorage.setItem('keelson.locale', kept)
    localStorage.setItem('keelson.theme', look)
  }, [locale, theme] as const)
}

async function settled(page: Page): Promise<void> {
  await expect(page.locator('h1').first()).toBeVisible()
  await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
  // Reduced motion is set: nothing is half transparent any more.
}

async function waitingOrder(site: Site): Promise<string> {
  const { rows } = await site.call<{ rows: { id: string }[] }>('/queries/orders', { tenant: 'beta', states: ['priced'], limit: 1 })
  const [order] = rows
  if (order === undefined) throw new Error('the demo has no order that waits')
  return order.id
}

test.use({ reducedMotion: 'reduce' })

for (const locale of LOCALES) {
  test(`no screen has a serious barrier, light or dark: ${locale}`, async ({ page, site }) => {
    test.setTimeout(120_000)
    const order = await waitingOrder(site)
    await signIn(page, site, 'administrator', '/t/beta/orders')
    await show(page, locale, 'light')
    const found: string[] = []
    for (const screen of SCREENS) {
      await page.goto(`${site.url}/t/beta${screen.replaceAll('{order}', order)}`)
      await settled(page)
      await expect(page.locator('html')).toHaveAttribute('dir', locale === 'ar' ? 'rtl' : 'ltr')
      for (const theme of THEMES) {
        await page.locator('html').evaluate((html, look) => { html.dataset['mantineColorScheme'] = look }, theme)
        found.push(...(await violations(page)).map(each => `${screen} ${theme} ${each}`))
      }
    }
    expect(found).toEqual([])
  })
}

test('no serious barrier before one is signed in', async ({ page, site }) => {
  const fresh = await openSite({ demo: false })
  const found: string[] = []
  for (const url of [`${site.url}/sign-in`, `${fresh.url}/first-start`]) {
    await page.goto(url)
    for (const locale of LOCALES) {
      for (const theme of THEMES) {
        await show(page, locale, theme)
        await page.goto(url)
        await settled(page)
        found.push(...(await violations(page)).map(each => `${new URL(url).pathname} ${locale} ${theme} ${each}`))
      }
    }
  }
  await fresh.close()
  expect(found).toEqual([])
})

test('at 200 % zoom the page does not scroll sideways', async ({ page, site }) => {
  const order = await waitingOrder(site)
  await signIn(page, site, 'administrator', '/t/beta/orders')
  // Twice the zoom is half the room.
  await page.setViewportSize({ width: 683, height: 384 })
  for (const screen of SCREENS) {
    await page.goto(`${site.url}/t/beta${screen.replaceAll('{order}', order)}`)
    await settled(page)
    const [wide, room] = await page.locator('main').evaluate(main => [main.scrollWidth, main.clientWidth])
    expect(wide, screen).toBeLessThanOrEqual((room ?? 0) + 1)
  }
})

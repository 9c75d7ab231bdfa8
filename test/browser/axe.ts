import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

export const LOCALES = ['en', 'de', 'ar'] as const
export type Locale = (typeof LOCALES)[number]

/**
 * Serious barriers of what stands on the page now, in both looks. A look changes colours and nothing else: all rules are
 * asked once, contrast in the other look as well. `part` is the only thing on the page that was not looked at before.
 */
export async function barriers(page: Page, name: string, part?: string): Promise<string[]> {
  await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
  const html = page.locator('html')
  const before = await html.getAttribute('data-mantine-color-scheme') ?? 'light'
  // No frames here: one run in the page itself is enough, and twice as fast.
  const axe = (): AxeBuilder => {
    const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
    return part === undefined ? builder : builder.include(part)
  }
  const found = [...await told(axe().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']), `${name} ${before}`)]
  const other = before === 'dark' ? 'light' : 'dark'
  await html.evaluate((root, look) => { root.dataset['mantineColorScheme'] = look }, other)
  found.push(...await told(axe().withRules(['color-contrast']), `${name} ${other}`))
  await html.evaluate((root, look) => { root.dataset['mantineColorScheme'] = look }, before)
  return found
}

async function told(axe: AxeBuilder, name: string): Promise<string[]> {
  const { violations } = await axe.analyze()
  return violations.filter(each => each.impact === 'serious' || each.impact === 'critical')
    .map(each => `${name} ${each.id}: ${each.nodes.slice(0, 3).map(node => `${node.target.join(' ')} (${node.failureSummary?.split('\n').at(1)?.trim() ?? ''})`).join(' | ')}`)
}

/** From the next page on, the console speaks this language. */
export async function speak(page: Page, locale: Locale): Promise<void> {
  await page.evaluate(kept => { localStorage.setItem('keelson.locale', kept) }, locale)
}

/** Serious barriers of a page in every language and look; `reach` brings the page to the state that is meant. */
export async function barriersInEveryLook(page: Page, name: string, url: string, reach: () => Promise<void>): Promise<string[]> {
  // Three languages of a page on a busy machine.
  test.info().setTimeout(150_000)
  const found: string[] = []
  for (const locale of LOCALES) {
    await speak(page, locale)
    await page.goto(url)
    await expect(page.locator('h1').first()).toBeVisible()
    await reach()
    found.push(...await barriers(page, `${name} ${locale}`))
  }
  return found
}

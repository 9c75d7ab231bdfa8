import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

const LOOKS = [['en', 'light'], ['en', 'dark'], ['de', 'light'], ['de', 'dark'], ['ar', 'light'], ['ar', 'dark']] as const

/** Serious barriers of a page in every language and look; `reach` brings the page to the state that is meant. */
export async function barriersInEveryLook(page: Page, name: string, url: string, reach: () => Promise<void>): Promise<string[]> {
  // Six looks of a page on a busy machine.
  test.info().setTimeout(150_000)
  const found: string[] = []
  for (const [locale, theme] of LOOKS) {
    await page.evaluate(([kept, look]) => {
      localStorage.setItem('keelson.locale', kept)
      localStorage.setItem('keelson.theme', look)
    }, [locale, theme] as const)
    await page.goto(url)
    await expect(page.locator('h1').first()).toBeVisible()
    await reach()
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
    // No frames here: one run in the page itself is enough, and twice as fast.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    for (const each of violations) {
      if (each.impact !== 'serious' && each.impact !== 'critical') continue
      found.push(`${name} ${locale} ${theme} ${each.id}: ${each.nodes.slice(0, 3).map(node => `${node.target.join(' ')} (${node.failureSummary?.split('\n').at(1)?.trim() ?? ''})`).join(' | ')}`)
    }
  }
  return found
}

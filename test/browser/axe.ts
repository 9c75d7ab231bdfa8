import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, type Page } from '@playwright/test'
import type { AxeResults, RunOptions } from 'axe-core'
import { THOROUGH } from '#engine/testing/thorough.ts'
import { goInside, type Locale } from './site.ts'

/** As text: it belongs into the page, and ends a process of Node that loads it. */
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** German reads as English does; Arabic has the page mirrored. */
export const LOCALES: readonly Locale[] = THOROUGH ? ['en', 'de', 'ar'] : ['en', 'ar']

type Axe = { run(context: { include: string } | Document, options: RunOptions): Promise<AxeResults> }

/**
 * Serious barriers of what stands on the page now, in both looks. A look changes colours and nothing else: all rules are
 * asked once, contrast in the other look as well. A mirrored page has the same colours: unless all is asked for, contrast is not
 * measured again there. `part` is the only thing on the page that was not looked at before.
 * Windows of tests reduce motion: no colour is measured on its way from one look to the other.
 * axe runs in the page itself, both looks in one call: handing its source over for each costs more than its rules.
 */
export async function barriers(page: Page, name: string, part?: string): Promise<string[]> {
  await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axeSource)
  const looks = await page.evaluate(async ({ include, thorough }) => {
    const { axe } = globalThis as unknown as { axe: Axe }
    const { dataset } = document.documentElement
    const serious = async (options: RunOptions) => (await axe.run(include === undefined ? document : { include }, { ...options, resultTypes: ['violations'] })).violations
      .filter(each => each.impact === 'serious' || each.impact === 'critical')
      .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(node => ({ at: node.target.join(' '), summary: node.failureSummary ?? '' })) }))
    const before = dataset['mantineColorScheme'] ?? 'light'
    const other = before === 'dark' ? 'light' : 'dark'
    const tags: RunOptions = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } }
    if (!thorough && document.documentElement.dir === 'rtl') return [{ look: before, found: await serious({ ...tags, rules: { 'color-contrast': { enabled: false } } }) }]
    const first = await serious(tags)
    dataset['mantineColorScheme'] = other
    const second = await serious({ runOnly: { type: 'rule', values: ['color-contrast'] } })
    dataset['mantineColorScheme'] = before
    return [{ look: before, found: first }, { look: other, found: second }]
  }, { include: part, thorough: THOROUGH })
  return looks.flatMap(({ look, found }) => found.map(({ id, nodes }) =>
    `${name} ${look} ${id}: ${nodes.map(({ at, summary }) => `${at} (${summary.split('\n').at(1)?.trim() ?? ''})`).join(' | ')}`))
}

/** From the next page on, the console speaks this language; says whether it spoke another. */
export async function speak(page: Page, locale: Locale): Promise<boolean> {
  return await page.evaluate(wanted => {
    // The windows of tests are those of an English machine.
    const before = localStorage.getItem('keelson.locale') ?? 'en'
    localStorage.setItem('keelson.locale', wanted)
    return before !== wanted
  }, locale)
}

/** A screen, and what brings it to the state that is meant. */
interface Screen { readonly name: string; readonly path: string; reach(): Promise<void> }

/** Serious barriers of some screens in every language and look. The page is loaded anew for another language, then gone through as a person does. */
export async function barriersInEveryLook(page: Page, screens: readonly Screen[]): Promise<string[]> {
  // On a busy machine.
  test.info().setTimeout(60_000 + 60_000 * screens.length)
  const found: string[] = []
  for (const locale of LOCALES) {
    if (await speak(page, locale)) await page.reload()
    for (const { name, path, reach } of screens) {
      await goInside(page, path)
      await expect(page.locator('h1').first()).toBeVisible()
      await reach()
      found.push(...await barriers(page, `${name} ${locale}`))
    }
  }
  return found
}

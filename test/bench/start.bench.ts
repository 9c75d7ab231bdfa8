import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import type { ElectronApplication, Page } from '@playwright/test'
import { killEngine, openDesktop } from '#test/support/desktop-app.ts'
import { median, type BenchResult } from './bench-result.ts'

const ROUNDS = 3
const MOST_MS = 3000
const MOST_KEY_MS = 100
const MOST_BACK_MS = 2000

/** From the start of the application to a window that takes the sign-in, on a site with orders; how soon a key is answered there, and an engine that is killed is back; and what its processes hold. */
export async function run(): Promise<BenchResult[]> {
  const display = await ownDisplay()
  try {
    const first = await openDesktop({ demo: true })
    await first.page.locator('input[type=password]').waitFor({ timeout: 60_000 })
    await first.quit()
    const took: number[] = []
    const back: number[] = []
    let held = 0
    let key = 0
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now()
      const desktop = await openDesktop({ demo: false, dataFolder: first.dataFolder })
      const { app, page, quit } = desktop
      await page.locator('input[type=password]').waitFor({ timeout: 60_000 })
      took.push(performance.now() - startedAt)
      await wait(1000)
      held = await heldBy(app)
      const seen = await killEngine(desktop)
      back.push((seen.at(-1)?.at ?? Number.NaN) - (seen[0]?.at ?? Number.NaN))
      // Whoever signed in stays so: after the last start.
      if (round === ROUNDS - 1) key = await keyAnsweredMs(page)
      await quit()
    }
    return [
      { name: 'start: cold, to an interactive window', value: Math.round(median(took)), unit: 'ms', ratio: null, floor: MOST_MS },
      { name: 'list: from a key to the next picture', value: Math.round(key), unit: 'ms', ratio: null, floor: MOST_KEY_MS },
      { name: 'start: an engine that was killed runs again', value: Math.round(median(back)), unit: 'ms', ratio: null, floor: MOST_BACK_MS },
      { name: 'memory: all processes of the window, idle', value: Math.round(held / 1024), unit: 'MB', ratio: null, floor: null },
    ]
  } finally {
    display()
  }
}

/** The median of keys that move through the list of orders and select in it. */
async function keyAnsweredMs(page: Page): Promise<number> {
  await page.locator('input[autocomplete=username]').fill('manager')
  await page.locator('input[type=password]').fill('manager-demo')
  await page.keyboard.press('Enter')
  await page.getByRole('row').nth(5).waitFor()
  return median(await page.evaluate(async () => {
    const took: number[] = []
    for (const key of ['j', 'j', 'k', 'j', 'x', 'j', 'x', 'k', 'j', 'j', 'k']) {
      const start = performance.now()
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      await new Promise(resolve => { requestAnimationFrame(() => { setTimeout(resolve) }) })
      took.push(performance.now() - start)
    }
    return took
  }))
}

/** Kilobytes in the working sets of all processes of the application. */
async function heldBy(app: ElectronApplication): Promise<number> {
  return await app.evaluate(({ app: shell }) => shell.getAppMetrics().reduce((sum, one) => sum + one.memory.workingSetSize, 0))
}

/** A virtual display where the machine has none; gives what ends it. */
async function ownDisplay(): Promise<() => void> {
  if (process.platform !== 'linux' || process.env['DISPLAY'] !== undefined) return () => undefined
  const name = `:${90 + (process.pid % 100)}`
  const server = spawn('Xvfb', [name, '-screen', '0', '1600x1000x24'], { stdio: 'ignore' })
  process.env['DISPLAY'] = name
  await wait(1000)
  return () => {
    server.kill()
    delete process.env['DISPLAY']
  }
}

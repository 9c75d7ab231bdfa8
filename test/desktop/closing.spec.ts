import { expect, test, type Page } from '@playwright/test'
import { openDesktop, type DesktopApp } from '#test/support/desktop-app.ts'

let desktop: DesktopApp

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  desktop = await openDesktop({ demo: true })
  // Nobody sits here: what would be asked is kept, and answered as the test says.
  await desktop.app.evaluate(({ dialog }) => {
    const asked: string[] = []
    Reflect.set(globalThis, 'asked', asked)
    Reflect.set(globalThis, 'answer', 0)
    dialog.showMessageBoxSync = (...given: unknown[]) => {
      asked.push((given.at(-1) as { message: string }).message)
      return Reflect.get(globalThis, 'answer') as number
    }
  })
  await desktop.page.getByRole('button', { name: /Sign in as operator/ }).click({ timeout: 60_000 })
  await expect(desktop.page.getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 })
})
test.afterAll(async () => {
  await answer(1)
  await desktop.close()
})

/** What was asked since the last time. */
async function asked(): Promise<string[]> {
  return await desktop.app.evaluate(() => (Reflect.get(globalThis, 'asked') as string[]).splice(0))
}

async function answer(button: number): Promise<void> {
  await desktop.app.evaluate((_electron, chosen) => { Reflect.set(globalThis, 'answer', chosen) }, button)
}

/** Closes the window of a page, as a click on its cross does. */
async function close(page: Page): Promise<void> {
  const url = page.url()
  await desktop.app.evaluate(({ BrowserWindow }, shown) => { BrowserWindow.getAllWindows().find(window => window.webContents.getURL() === shown)?.close() }, url)
}

test('what one typed is not lost to a closed window or a page loaded anew without being asked', async () => {
  const { page } = desktop
  await page.keyboard.press('n')
  await page.getByLabel('Reference').fill('TYPED-1')
  await close(page)
  await expect.poll(asked).toEqual(['The order in this window is not stored yet.'])
  // The page runs again once it has heard the answer: what is asked of it before that shares that answer.
  await page.evaluate(() => document.title)
  await desktop.app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]?.webContents.reload() })
  await expect.poll(asked).toEqual(['The order in this window is not stored yet.'])
  await expect(page.getByLabel('Reference')).toHaveValue('TYPED-1')
  await page.getByRole('link', { name: 'Orders' }).first().click()
  await page.getByRole('button', { name: 'Discard what I entered' }).click()
  await expect(page.getByRole('heading', { name: 'Orders', exact: true })).toBeVisible()
})

test('while an import runs, only what would stop it is asked about, once, and a person who stays keeps the engine', async () => {
  const { page, app } = desktop
  const rows = Array.from({ length: 80_000 }, (_, order) => [1, 2, 3].map(line => `C${order};K-${order % 50};01.03.2026;A-${line};Schraube;${line};0,12`)).flat()
  await page.getByRole('link', { name: 'Import' }).click()
  await page.locator('input[type=file]').setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(['Belegnr;Kunde;Datum;Artikelnummer;Bezeichnung;Menge;Einzelpreis', ...rows].join('\n')) })
  await page.getByRole('button', { name: /dry run/ }).click()
  await page.getByRole('button', { name: /^Import [\d,]+ orders$/ }).click({ timeout: 30_000 })
  await expect(page.getByRole('button', { name: 'Stop the import' })).toBeVisible()

  const opened = app.waitForEvent('window')
  await page.evaluate(() => { window.open('app://keelson/t/acme/jobs') })
  const second = await opened
  await expect(second.getByRole('progressbar').first()).toBeVisible()
  const gone = second.waitForEvent('close')
  await close(second)
  await gone
  expect(await asked()).toEqual([])

  const pid = await desktop.enginePid()
  await app.evaluate(({ app: shell }) => { shell.quit() })
  await expect.poll(asked).toEqual(['A job that you started is still running.'])
  expect(app.windows()).toHaveLength(1)
  expect(await desktop.enginePid()).toBe(pid)
  await expect(page.getByRole('button', { name: 'Stop the import' })).toBeVisible()
  await answer(1)
})

import { expect, test } from '@playwright/test'
import { openDesktop, type DesktopApp } from '#test/support/desktop-app.ts'

let desktop: DesktopApp

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => { desktop = await openDesktop({ demo: true }) })
test.afterAll(async () => { await desktop.close() })

test('the demo site opens on its sign-in, and a signed-in person sees orders', async () => {
  const { page } = desktop
  await page.getByRole('button', { name: /Sign in as operator/ }).click()
  await expect(page.getByRole('heading', { name: 'Orders', exact: true })).toBeVisible()
  await expect(page.getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 })
})

test('an engine that is killed is back within a second; the window says so and recovers by itself', async () => {
  const { page } = desktop
  const pid = await desktop.enginePid()
  if (pid === null) throw new Error('no engine runs')
  await page.evaluate(() => {
    const seen: { state: string; at: number }[] = []
    Reflect.set(globalThis, 'engineStates', seen)
    window.keelson?.onEngineState(({ state }) => { seen.push({ state, at: performance.now() }) })
  })
  process.kill(pid, 'SIGKILL')
  await expect(page.getByText(/restarting/i).first()).toBeVisible()
  await expect.poll(() => page.evaluate(() => window.keelson?.engineState().state), { intervals: [50] }).toBe('running')
  const seen = await page.evaluate(() => Reflect.get(globalThis, 'engineStates') as { state: string; at: number }[])
  const ended = seen.find(({ state }) => state === 'restarting')?.at ?? Number.NaN
  const back = seen.find(({ state }) => state === 'running')?.at ?? Number.NaN
  expect(back - ended).toBeLessThan(2000)
  expect(await desktop.enginePid()).not.toBe(pid)
  await expect(page.getByText(/restarting/i)).toHaveCount(0)
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})

test('a second window shows its own page of the same site', async () => {
  const { app, page } = desktop
  const opened = app.waitForEvent('window')
  await page.evaluate(() => { window.open(location.href) })
  const second = await opened
  await expect(second.getByRole('heading', { name: 'Orders', exact: true })).toBeVisible()
  await expect(second.getByRole('row').nth(1)).toBeVisible()
  await second.close()
})

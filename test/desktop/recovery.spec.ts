import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { killEngine, openDesktop, type DesktopApp } from '#test/support/desktop-app.ts'

const command = fileURLToPath(new URL('../../out/cli/keelson.js', import.meta.url))
const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))

let desktop: DesktopApp

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => { desktop = await openDesktop({ demo: true }) })
test.afterAll(async () => { await desktop.close() })

test('the demo site opens on its sign-in, and a signed-in person sees orders', async () => {
  const { page } = desktop
  await page.getByRole('button', { name: /Sign in as operator/ }).click({ timeout: 60_000 })
  await expect(page.getByRole('heading', { name: 'Orders', exact: true })).toBeVisible()
  await expect(page.getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 })
})

test('an engine that is killed comes back; the window says so and recovers by itself', async () => {
  const { page } = desktop
  const pid = await desktop.enginePid()
  const said = expect(page.getByText(/restarting/i).first()).toBeVisible()
  const seen = await killEngine(desktop)
  await said
  expect(seen.map(({ state }) => state)).toEqual(['restarting', 'running'])
  expect(await desktop.enginePid()).not.toBe(pid)
  await expect(page.getByText(/restarting/i)).toHaveCount(0)
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})

test('a pack host that is killed is replaced by the next work, and costs nothing', async () => {
  const { dataFolder } = desktop
  expect(await importOrders(dataFolder, 'FIRST')).toMatchObject({ orders: { read: 2, accepted: 2 } })
  const pids = await desktop.packHostPids()
  expect(pids.length).toBeGreaterThan(0)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  expect(await importOrders(dataFolder, 'SECOND')).toMatchObject({ orders: { read: 2, accepted: 2 } })
  const after = await desktop.packHostPids()
  expect(after.length).toBeGreaterThan(0)
  expect(after.filter(pid => pids.includes(pid))).toEqual([])
  const orders = await keelson<{ reference: string; state: string }[]>('orders', '--tenant', 'acme', '--limit', '4', '--data', dataFolder)
  const imported = orders.filter(({ reference }) => /^(FIRST|SECOND)/.test(reference))
  expect(imported.map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'confirmed', 'confirmed'])
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

/** The keelson command on the data of the window: it finds the engine through its local socket. */
async function keelson<T>(...args: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(existsSync(node) ? node : process.execPath, [command, ...args, '--json'])
  return JSON.parse(stdout) as T
}

async function importOrders(dataFolder: string, prefix: string): Promise<unknown> {
  const file = join(dataFolder, '..', `${prefix}.csv`)
  const order = (number: number): string => `${prefix}-${number},85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01T08:26:00Z,2.55,17850,United Kingdom`
  writeFileSync(file, ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country', order(1), order(2)].join('\n'))
  return await keelson('import', file, '--tenant', 'acme', '--map', 'online-retail', '--data', dataFolder)
}

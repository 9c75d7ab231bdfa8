import { expect, test } from '@playwright/test'
import { openDesktop, type DesktopApp } from '#test/support/desktop-app.ts'

let desktop: DesktopApp

test.beforeAll(async () => {
  desktop = await openDesktop({ demo: false })
  // A site with nothing in it is set up first; until it leads there the console is still on its way.
  await desktop.page.waitForURL('app://keelson/first-start')
})
test.afterAll(async () => { await desktop.close() })

test('a window opens with the console, in its own origin', async () => {
  await expect(desktop.page).toHaveTitle(/Keelson/)
  expect(await desktop.page.evaluate(() => location.origin)).toBe('app://keelson')
})

test('the page has no Node, no Electron and only the bridge', async () => {
  const seen = await desktop.page.evaluate(() => ({
    node: typeof Reflect.get(globalThis, 'process') !== 'undefined' || typeof Reflect.get(globalThis, 'require') !== 'undefined',
    bridge: Object.keys(window.keelson ?? {}).toSorted(),
  }))
  expect(seen).toEqual({ node: false, bridge: ['engineState', 'holdOpen', 'onEngineState', 'platform', 'versions'] })
})

test('the page cannot leave its origin, open a foreign window or load foreign code', async () => {
  const before = desktop.page.url()
  const tried = await desktop.page.evaluate(async () => {
    const foreign = window.open('https://example.com/')
    window.location.href = 'file:///etc/passwd'
    const fetched = await fetch('https://example.com/').then(() => 'fetched', () => 'refused')
    const script = document.createElement('script')
    script.textContent = 'globalThis.foreignCodeRan = true'
    document.head.append(script)
    const camera = await navigator.permissions.query({ name: 'geolocation' }).then(answer => answer.state)
    return { foreign: foreign === null, fetched, ran: Reflect.has(globalThis, 'foreignCodeRan'), camera }
  })
  expect(tried).toEqual({ foreign: true, fetched: 'refused', ran: false, camera: 'denied' })
  expect(desktop.page.url()).toBe(before)
  expect(desktop.app.windows()).toHaveLength(1)
})

test('each window is sandboxed and isolated', async () => {
  const preferences = await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(window => {
    // Electron keeps this getter out of its types; it is what the window really runs with.
    const { sandbox, contextIsolation, nodeIntegration, webSecurity } = Reflect.apply(Reflect.get(window.webContents, 'getLastWebPreferences') as () => Record<string, unknown>, window.webContents, [])
    return { sandbox, contextIsolation, nodeIntegration, webSecurity }
  }))
  expect(preferences).toEqual([{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true }])
})

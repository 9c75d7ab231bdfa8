import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test as base, type BrowserContext, type Dialog, type Locator, type Page } from '@playwright/test'

const command = fileURLToPath(new URL('../../out/cli/keelson.js', import.meta.url))
const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const READY_WITHIN_MS = 60_000

/** A real server on a data folder of its own. */
export interface Site {
  readonly url: string
  /** One call of the API, as a program makes it. */
  call<T>(path: string, input: unknown, user?: string): Promise<T>
  /** Kills the engine process, as a crash would; the supervisor starts another. */
  killEngine(): void
  close(): Promise<void>
}

/** Opens a new site, or one with a copy of the data in `from`. */
export async function openSite(from?: string): Promise<Site> {
  const home = mkdtempSync(join(tmpdir(), 'keelson-browser-'))
  if (from !== undefined) cpSync(from, join(home, 'data'), { recursive: true })
  const server = spawn(node, [command, 'serve', '--data', join(home, 'data'), '--port', '0', '--management-port', '0', '--json', '--log-file', join(home, 'log')], { stdio: ['ignore', 'pipe', 'pipe'] })
  const { url } = await noticeOf(server)
  const tokens = new Map<string, string>()
  const post = async <T>(path: string, input: unknown, token?: string): Promise<T> => {
    const answer = await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }, body: JSON.stringify(input) })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return await answer.json() as T
  }
  return {
    url,
    async call(path, input, user = 'manager') {
      const token = tokens.get(user) ?? (await post<{ token: string }>('/commands/sign-in', { user, password: `${user}-demo` })).token
      tokens.set(user, token)
      return await post(path, input, token)
    },
    killEngine() {
      const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(/\s+/).filter(id => id !== '').map(Number)
      for (const child of children) process.kill(child, 'SIGKILL')
    },
    async close() {
      const ended = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function noticeOf(server: ChildProcess): Promise<{ url: string }> {
  return await new Promise((resolve, reject) => {
    const errors: string[] = []
    const { stdout, stderr } = server
    if (stdout === null || stderr === null) throw new Error('the server was started without pipes')
    const late = setTimeout(() => { reject(new Error(`no server after ${READY_WITHIN_MS / 1000} s: ${errors.join('\n')}`)) }, READY_WITHIN_MS)
    createInterface({ input: stderr }).on('line', line => { errors.push(line) })
    createInterface({ input: stdout }).on('line', line => {
      errors.push(line)
      if (!line.startsWith('{"') || !line.includes('"url"') || line.includes('"level"')) return
      clearTimeout(late)
      resolve(JSON.parse(line) as { url: string })
    })
    server.once('exit', code => { reject(new Error(`the server ended with ${code}: ${errors.join('\n')}`)) })
  })
}

/**
 * What tests share in one worker: the data of a demo site, which is made once, a site with it, and one window. A new window for each
 * would cost more than most tests. `published` and `withPacks` are demo sites for the specs that change what others would find; they
 * stand here, since a spec with a fixture of its own has a worker of its own, with a browser and another demo site.
 */
interface Shared { demoData: string; site: Site; published: Site; withPacks: Site; keptContext: BrowserContext; keptPage: Page }

async function demoSite({ demoData }: Shared, use: (site: Site) => Promise<void>): Promise<void> {
  const site = await openSite(demoData)
  await use(site)
  await site.close()
}

/** Each test makes what it changes, and begins with nobody signed in and nothing kept in the window. */
export const test = base.extend<object, Shared>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures from the pattern
  demoData: [async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'keelson-demo-'))
    await promisify(execFile)(node, [command, 'init', '--demo', '--data', folder])
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  }, { scope: 'worker', timeout: READY_WITHIN_MS }],
  site: [demoSite, { scope: 'worker', timeout: READY_WITHIN_MS + 30_000 }],
  published: [demoSite, { scope: 'worker', timeout: READY_WITHIN_MS + 30_000 }],
  withPacks: [demoSite, { scope: 'worker', timeout: READY_WITHIN_MS + 30_000 }],
  keptContext: [async ({ browser }, use) => {
    const context = await browser.newContext({ reducedMotion: 'reduce', viewport: VIEWPORT })
    await use(context)
    await context.close()
  }, { scope: 'worker' }],
  keptPage: [async ({ keptContext }, use) => { await use(await keptContext.newPage()) }, { scope: 'worker' }],
  context: async ({ keptContext }, use) => { await use(keptContext) },
  page: async ({ keptContext, keptPage, site }, use) => {
    await use(keptPage)
    await clear(keptContext, keptPage, site)
  },
})

const VIEWPORT = { width: 1366, height: 768 }

/** As if the window had just been opened. */
async function clear(context: BrowserContext, page: Page, { url }: Site): Promise<void> {
  const origins = new Set([url, new URL(page.url()).origin])
  if (origins.size > 1) await page.evaluate(() => { sessionStorage.clear() })
  for (const other of context.pages()) if (other !== page) await other.close()
  await context.unrouteAll()
  await page.unrouteAll()
  // A page with something unsaved asks before it goes.
  const leave = (dialog: Dialog): void => { void dialog.accept() }
  page.on('dialog', leave)
  // Of the same address, so that it stays the same process.
  await page.goto(`${url}/healthz`)
  page.off('dialog', leave)
  const devtools = await context.newCDPSession(page)
  for (const origin of origins) await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'local_storage,session_storage,indexeddb' })
  await devtools.detach()
  await page.evaluate(() => { sessionStorage.clear() })
  await context.clearCookies()
  await page.setViewportSize(VIEWPORT)
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: null, media: null, forcedColors: null })
}

/** A language of the console. */
export type Locale = 'en' | 'de' | 'ar'

/** Signs in as the page of signing in does, which has a test of its own, and opens `path`: in the language of the machine, or in `locale`. */
export async function signIn(page: Page, site: Site, user: string, path: string, locale: Locale | null = null): Promise<void> {
  if (!page.url().startsWith(site.url)) await page.goto(`${site.url}/healthz`)
  await page.evaluate(async ({ name, language }) => {
    const answer = await fetch('/commands/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user: name, password: `${name}-demo` }) })
    if (!answer.ok) throw new Error(await answer.text())
    localStorage.setItem('keelson.token', (await answer.json() as { token: string }).token)
    if (language !== null) localStorage.setItem('keelson.locale', language)
  }, { name: user, language: locale })
  await page.goto(site.url + path)
}

/** Goes where a link inside of the console leads: the page is not loaded anew. */
export async function goInside(page: Page, path: string): Promise<void> {
  await page.evaluate(async href => {
    // oxlint-disable-next-line no-underscore-dangle -- where the router can be found on a page
    await (globalThis as unknown as { __TSR_ROUTER__: { navigate(to: { href: string }): Promise<void> } }).__TSR_ROUTER__.navigate({ href })
  }, path)
}

/** Presses Tab until the focus is on what one looks for, once that is there; a person would not press it for ever. */
export async function tabTo(page: Page, to: Locator): Promise<void> {
  await expect(to).toBeVisible()
  for (let presses = 0; presses < 60; presses += 1) {
    if (await to.evaluate(element => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way by Tab to ${to.toString()}`)
}

interface Entered { readonly orderId: string; readonly reference: string; readonly revision: number }

/** Enters and submits an order by the API. */
export async function enterOrder(site: Site, tenant: string, reference: string, lines: readonly { item: string; quantity: string; price: string | null }[], submit = true): Promise<Entered> {
  const drafted = await site.call<Entered>('/commands/draft-order', { tenant, document: document(reference, lines) }, 'operator')
  if (!submit) return drafted
  return await site.call<Entered>('/commands/submit-order', { tenant, orderId: drafted.orderId, revision: drafted.revision }, 'operator')
}

export function document(reference: string, lines: readonly { item: string; quantity: string; price: string | null }[]): object {
  return {
    reference, kind: 'order', account: { code: 'TEST-1', name: 'Test Account' }, orgpath: null, currency: 'GBP', placedOn: '2026-03-01', allowances: [],
    prepaidAmount: null, roundingAmount: null, taxAmount: null, contact: null, attributes: {},
    lines: lines.map((line, index) => ({
      id: String(index + 1), item: line.item, description: null, quantity: line.quantity, unit: null, return: false, price: line.price, baseQuantity: null,
      allowances: [], tax: null, statedNet: null, attributes: {},
    })),
  }
}

/** Waits until the pipeline has brought the order to a state; the test's own time limit ends it. */
export async function untilState(site: Site, tenant: string, order: string, states: readonly string[]): Promise<void> {
  const stateOf = async (): Promise<string> => (await site.call<{ order: { state: string } }>('/queries/order', { tenant, order })).order.state
  while (!states.includes(await stateOf())) await new Promise(resolve => setTimeout(resolve, 50))
}

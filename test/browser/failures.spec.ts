import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '@playwright/test'
import { barriersInEveryLook, speak } from './axe.ts'
import { enterOrder, signIn, test, type Site } from './site.ts'

/** A receiver of webhooks that wants no more until it is mended. */
interface Receiver { readonly server: Server; readonly url: string; mended: boolean }

async function receiver(): Promise<Receiver> {
  const state: { mended: boolean } = { mended: false }
  const server = createServer((request, response) => { request.resume(); response.statusCode = state.mended ? 204 : 410; response.end() })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, get mended() { return state.mended }, set mended(value) { state.mended = value } }
}

/** Lets acme tell a webhook instead of a folder; gives back what puts it right again. */
async function notifyBy(site: Site, url: string): Promise<() => Promise<void>> {
  const { source } = await site.call<{ source: string }>('/queries/profile', { tenant: 'acme' })
  const document = source.replace(/target: outbox, kind: file/, 'target: hook, kind: webhook').replace(/^integrations:\n/m, `integrations:\n  hook: { kind: webhook, url: "${url}", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }\n`)
  expect(document).not.toBe(source)
  await site.call('/commands/publish-profile', { tenant: 'acme', document }, 'administrator')
  return async () => { await site.call('/commands/publish-profile', { tenant: 'acme', document: source }, 'administrator') }
}

async function failures(site: Site): Promise<number> {
  return (await site.call<{ total: number }>('/queries/dead-letters', { tenant: 'acme' })).total
}

test('parked work says why, is tried again one by one and together, and given up only with a reason', async ({ page, site }) => {
  const hook = await receiver()
  const restore = await notifyBy(site, hook.url)
  for (const reference of ['HOOK-1', 'HOOK-2', 'HOOK-3', 'HOOK-4']) await enterOrder(site, 'acme', reference, [{ item: 'A', quantity: '1', price: '10.00' }])
  await expect.poll(() => failures(site), { timeout: 20_000 }).toBe(4)

  await signIn(page, site, 'manager', '/t/acme/failures')
  await page.getByRole('link', { name: /^notify 4/ }).click()
  await expect(page.getByRole('button', { name: 'Try all 4 of notify again…' })).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  const panel = page.getByRole('complementary')
  await expect(panel).toContainText('KS-DELIVERY-WEBHOOK')
  await page.keyboard.press('t')
  await expect(page.getByText('1 was tried again: none is settled, 1 failed again.')).toBeVisible()

  const found = await barriersInEveryLook(page, [{ name: 'failures', path: page.url().slice(site.url.length), reach: async () => {
    await expect(panel).toBeVisible()
    await panel.getByRole('button').last().click()
    await expect(panel.getByRole('textbox')).toBeVisible()
  } }])
  await speak(page, 'en')
  await page.reload()
  expect(found).toEqual([])

  await panel.getByRole('button', { name: 'Give up…' }).click()
  await panel.getByRole('button', { name: 'Give up this work' }).click()
  await expect(page.getByText('Giving up needs a reason.')).toBeVisible()
  await panel.getByLabel(/Why is it given up/).fill('The receiver knows already')
  await panel.getByRole('button', { name: 'Give up this work' }).click()
  await expect.poll(() => failures(site)).toBe(3)

  hook.mended = true
  await page.goto(`${site.url}/t/acme/failures`)
  await page.getByRole('button', { name: 'Try all 3 again…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('row', { name: /^notify .*KS-DELIVERY-WEBHOOK 3$/ })).toBeVisible()
  await dialog.getByRole('button', { name: 'Try 3 again' }).click()
  await expect(page.getByText('3 were tried again: 3 are settled, none failed again.')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('heading', { name: 'No failures' })).toBeVisible()
  await restore()
  hook.server.close()
})

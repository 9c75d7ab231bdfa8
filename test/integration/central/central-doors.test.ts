import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { startCentral, type CentralOptions, type RunningCentral } from '#src/central/start-central.ts'
import { FakeTime } from '#engine/testing/fake-time.ts'
import { makeSite, quiet } from '#test/support/sync-site.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-doors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let time: FakeTime
let central: RunningCentral
let url: string

const start = async (options: Partial<CentralOptions> = {}): Promise<void> => {
  central = await startCentral({
    port: 0, host: '127.0.0.1', managementPort: 0, version: '1.2.3', databaseUrl: null, dataFolder: mkdtempSync(path.join(folder, 'central-')), log: quiet, clock: time, ...options,
  })
  url = `http://127.0.0.1:${central.port}`
}
beforeEach(() => { time = new FakeTime() })
afterEach(async () => await central.close())

/** A `fetch` through a proxy that adds what it knows. */
const through = (headers: Record<string, string>): typeof fetch => async (input, init) => await fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } })

test('what came to the proxy without TLS is refused before anything is said; with TLS, or where plain http is allowed, it is taken', async () => {
  await start()
  const plain = makeSite('s1', { fetch: through({ 'x-forwarded-proto': 'http' }) })
  const code = await central.makeEnrolCode()
  expect(await plain.pusher.enrol({ central: url, code })).toMatchObject({
    ok: false, refusal: { code: 'KS-SYNC-PLAIN-HTTP', remedy: expect.stringContaining('--allow-plain-http') as string },
  })
  expect((await fetch(`${url}/sites`, { headers: { 'x-forwarded-proto': 'http', 'authorization': `Bearer ${central.adminToken}` } })).status).toBe(403)
  expect(await makeSite('s1', { fetch: through({ 'x-forwarded-proto': 'https' }) }).pusher.enrol({ central: url, code })).toMatchObject({ ok: true })
  await central.close()
  await start({ allowPlainHttp: true })
  expect(await makeSite('s1', { fetch: through({ 'x-forwarded-proto': 'http' }) }).pusher.enrol({ central: url, code: await central.makeEnrolCode() })).toMatchObject({ ok: true })
})

test('another machine is refused without TLS', async () => {
  const here = Object.values(os.networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal)?.address
  await start({ host: '0.0.0.0' })
  // The peer of a connection to an own address is that address; a machine without one has no others to refuse.
  if (here === undefined) return
  const answer = await fetch(`http://${here}:${central.port}/sync/v1/hello`)
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({ error: { code: 'KS-SYNC-PLAIN-HTTP' } })
})

test('whoever tries codes is made to wait, and only he; a right code after the pause is taken', async () => {
  await start({ behindProxy: true })
  const from = (address: string) => makeSite('s1', { clock: time, timers: time, fetch: through({ 'x-forwarded-proto': 'https', 'x-forwarded-for': `10.9.9.9, ${address}` }) }).pusher
  const wrong = { central: url, code: '0000-1111-2222-3333-4444' }
  for (let n = 0; n < 10; n += 1) expect(await from('203.0.113.7').enrol(wrong)).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-CODE' } })
  const right = { central: url, code: await central.makeEnrolCode() }
  expect(await from('203.0.113.7').enrol(right)).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-TOO-MANY-TRIES', message: expect.stringContaining('10 minutes') as string } })
  expect(await from('203.0.113.8').enrol({ central: url, code: await central.makeEnrolCode() })).toMatchObject({ ok: true })
  time.advance(10 * 60_000)
  expect(await makeSite('s2', { clock: time, timers: time, fetch: through({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' }) }).pusher.enrol(right)).toMatchObject({ ok: true })
})

test('health, readiness and figures of every site are on the management port', async () => {
  await start()
  const watch = `http://127.0.0.1:${central.managementPort}`
  const site = makeSite('s1', { clock: time, timers: time })
  await site.pusher.enrol({ central: url, code: await central.makeEnrolCode() })
  site.log.append('acme', 5)
  await site.pusher.pushNow()
  const clone = makeSite('s1', { log: site.log.copy(), privateKey: site.privateKey, clock: { now: () => time.now() + 1_000 }, timers: time })
  clone.state.saved = site.state.saved
  site.log.append('acme', 1, 'left')
  await site.pusher.pushNow()
  clone.log.append('acme', 1, 'right')
  await clone.pusher.pushNow()
  await Promise.all([site.pusher.close(), clone.pusher.close()])
  time.advance(90_000)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${watch}/healthz`)).status).toBe(200)
  expect(await (await fetch(`${watch}/readyz`)).json()).toMatchObject({ status: 'ready' })
  const figures = await (await fetch(`${watch}/metrics`)).text()
  for (const line of [
    'keelson_build_info{version="1.2.3"', 'keelson_central_sites 1', 'keelson_central_site_silent_seconds{site="s1"} 90',
    `keelson_central_site_last_seen_seconds{site="s1"} ${(time.now() - 90_000) / 1_000}`,
    'keelson_central_stream_behind_events{site="s1",tenant="acme",epoch="1"} 0', 'keelson_central_stream_quarantined{site="s1",tenant="acme",epoch="1"} 1',
    'keelson_central_batches_total 2', 'keelson_central_events_total 6', 'keelson_central_refused_total{code="KS-SYNC-FORK"} 1',
  ]) expect(figures).toContain(line)
})

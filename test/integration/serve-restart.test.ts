import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keelson, keelsonJson, serveSite, temporaryFolder, type ServedSite } from '#test/support/keelson-command.ts'
import { until } from '#test/support/until.ts'

test('an engine process that is killed comes back on the same address, and the command line finds it', async () => {
  const data = temporaryFolder()
  await keelson(['init', '--data', data, '--tenant', 'acme', '--profile', 'acme'])
  const site = await serveSite(data)
  try {
    const [engine = 0] = enginesOf(site)
    expect(await keelsonJson('tenants', '--data', data)).toMatchObject([{ tenant: 'acme' }])
    process.kill(engine, 'SIGKILL')
    await until(async () => enginesOf(site).length === 2 && (await fetch(`${site.url}/healthz`).catch(() => null))?.ok === true)
    expect(await keelsonJson('tenants', '--data', data)).toMatchObject([{ tenant: 'acme' }])
  } finally {
    expect((await site.stop()).code).toBe(0)
  }
  // Nothing holds the folder any more: the command starts an engine of its own.
  expect(await keelsonJson('tenants', '--data', data)).toMatchObject([{ tenant: 'acme' }])
})

test('who is signed in stays so when the engine process comes back, also on a port that the system chose', async () => {
  const data = temporaryFolder()
  await keelson(['init', '--data', data, '--tenant', 'acme', '--profile', 'acme', '--user', 'ann', '--password-stdin'], { input: 'correct horse\n' })
  const site = await serveSite(data)
  try {
    const page = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', 'origin': site.url }
    const signedIn = await fetch(`${site.url}/commands/sign-in`, { method: 'POST', headers: page, body: JSON.stringify({ user: 'ann', password: 'correct horse' }) })
    const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';')
    const name = async (): Promise<unknown> => {
      const answer = await fetch(`${site.url}/queries/session`, { method: 'POST', headers: { ...page, cookie, authorization: 'Bearer cookie' }, body: '{}' })
      return (await answer.json() as { user: { name: string } | null }).user?.name
    }
    expect(await name()).toBe('ann')
    process.kill(enginesOf(site)[0] ?? 0, 'SIGKILL')
    await until(async () => enginesOf(site).length === 2 && (await fetch(`${site.url}/healthz`).catch(() => null))?.ok === true)
    expect(await name()).toBe('ann')
  } finally {
    await site.stop()
  }
})

test('an import goes on when the engine process is killed under it', async () => {
  const data = temporaryFolder()
  await keelson(['init', '--data', data, '--tenant', 'acme', '--profile', 'acme'])
  const site = await serveSite(data)
  try {
    const file = join(data, 'orders.csv')
    const lines = Array.from({ length: 4_000 }, (_, at) => `${at + 1},22633,HAND WARMER,1,2010-12-01 08:28:00,1.85,17850,France`)
    writeFileSync(file, ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country', ...lines, ''].join('\n'))
    const imported = keelsonJson('import', file, '--tenant', 'acme', '--map', 'online-retail', '--data', data)
    await until(() => Promise.resolve(site.log().includes('"streams/job"')))
    process.kill(enginesOf(site)[0] ?? 0, 'SIGKILL')
    expect(await imported).toMatchObject({ state: 'succeeded', orders: { read: 4_000, accepted: 4_000, rejected: 0, unchanged: 0 } })
    expect(await keelsonJson('log', 'verify', '--tenant', 'acme', '--data', data)).toMatchObject({ ok: true })
  } finally {
    await site.stop()
  }
})

test('when its supervisor is killed, the engine process ends too and gives the folder free', async () => {
  const data = temporaryFolder()
  const site = await serveSite(data)
  site.supervisor.kill('SIGKILL')
  await until(async () => (await fetch(`${site.url}/healthz`).catch(() => null)) === null)
  expect(await keelsonJson('init', '--data', data, '--tenant', 'acme', '--profile', 'acme')).toMatchObject({ tenants: ['acme'] })
})

test.skipIf(process.platform === 'win32')('only its owner can open the local socket', async () => {
  const data = temporaryFolder()
  const site = await serveSite(data)
  const socket = join(data, 'engine.sock')
  expect(existsSync(socket)).toBe(true)
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  await site.stop()
})

test('a data folder that another engine holds is refused at once', async () => {
  const data = temporaryFolder()
  const site = await serveSite(data)
  expect(await keelson(['serve', '--data', data, '--port', '0'])).toMatchObject({ code: 1, err: expect.stringContaining('KS-DATA-LOCKED') })
  await site.stop()
})

test('a port that is taken is refused with what to do', async () => {
  const site = await serveSite(temporaryFolder())
  const port = new URL(site.url).port
  const second = await keelson(['serve', '--data', temporaryFolder(), '--port', port])
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining('KS-SERVE-PORT') })
  await site.stop()
})

/** Process ids of the engine processes that came to serve, from the log. */
function enginesOf(site: ServedSite): number[] {
  const lines = site.log().split('\n').filter(line => line.endsWith('}')).map(line => JSON.parse(line) as { msg: string; pid: number })
  return lines.filter(line => line.msg === 'serving').map(line => line.pid)
}

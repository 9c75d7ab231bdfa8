import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { serveSite, temporaryFolder, type ServedSite } from '#test/support/keelson-command.ts'

let site: ServedSite
const tokens: Record<string, string> = {}

beforeAll(async () => {
  site = await serveSite(temporaryFolder(), '--demo')
  for (const { user, password } of site.signIn ?? []) {
    const { body } = await post('/commands/sign-in', { user, password })
    tokens[user] = (body as { token: string }).token
  }
}, 120_000)

afterAll(async () => {
  expect((await site.stop()).code).toBe(0)
})

test('nobody reads orders: 401 with a code and what to do', async () => {
  expect(await post('/queries/orders', { tenant: 'acme' })).toMatchObject({ status: 401, body: { error: { code: 'KS-ACCESS-SIGN-IN', remedy: expect.stringContaining('Sign in') } } })
})

test('a made-up token is nobody', async () => {
  expect((await post('/queries/orders', { tenant: 'acme' }, 'x'.repeat(43))).status).toBe(401)
})

test('a wrong password is refused as a wrong name is', async () => {
  const wrong = await post('/commands/sign-in', { user: 'operator', password: 'wrong' })
  expect(wrong).toMatchObject({ status: 401, body: { error: { code: 'KS-ACCESS-WRONG-PASSWORD' } } })
  expect(await post('/commands/sign-in', { user: 'nobody-here', password: 'wrong' })).toEqual(wrong)
})

test('an operator may not add users: 403', async () => {
  const answer = await post('/commands/create-user', { user: 'eve', password: 'long enough', roles: ['operator'], tenants: ['*'] }, tokens['operator'])
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'KS-ACCESS-DENIED', values: { permission: 'users.manage' } } } })
})

test('orders of the demo are there, priced', async () => {
  const { status, body } = await post('/queries/orders', { tenant: 'acme', limit: 5 }, tokens['operator'])
  expect(status).toBe(200)
  expect((body as { rows: unknown[] }).rows).toHaveLength(5)
})

test('a command answers the same when it is sent twice, and refuses another payload under its id', async () => {
  const invocation = { id: '01JTEST0000000000000000001' }
  const draft = { tenant: 'acme', document: orderDocument('HTTP-1'), invocation }
  const first = await post('/commands/draft-order', draft, tokens['operator'])
  expect(first.status).toBe(200)
  expect(await post('/commands/draft-order', draft, tokens['operator'])).toEqual(first)
  const other = await post('/commands/draft-order', { ...draft, document: orderDocument('HTTP-2') }, tokens['operator'])
  expect(other.status).toBeGreaterThanOrEqual(400)
  expect((other.body as { error: { code: string } }).error.code).toMatch(/^KS-/)
})

test('in bulk every item answers for itself', async () => {
  const draft = (reference: string) => ({ name: 'draft-order', input: { tenant: 'acme', document: orderDocument(reference) } })
  const { status, body } = await post('/commands', [draft('BULK-1'), { name: 'create-user', input: { user: 'e', password: 'long enough', roles: [], tenants: [] } }, draft('BULK-2')], tokens['operator'])
  expect(status).toBe(200)
  expect(body).toMatchObject([{ ok: true, value: { reference: 'BULK-1' } }, { ok: false, error: { code: 'KS-ACCESS-DENIED' } }, { ok: true, value: { reference: 'BULK-2' } }])
})

test('a change is told as a server-sent event', async () => {
  const stop = new AbortController()
  const answer = await fetch(`${site.url}/streams/changes`, {
    method: 'POST', body: JSON.stringify({ tenant: 'acme' }), signal: stop.signal,
    headers: { 'content-type': 'application/json', 'authorization': `Bearer ${tokens['operator']}` },
  })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const heard = firstEvent(answer)
  await post('/commands/draft-order', { tenant: 'acme', document: orderDocument('STREAM-1') }, tokens['operator'])
  expect(await heard).toMatchObject({ tenant: 'acme', sequence: expect.any(Number) })
  stop.abort()
})

test('the description is OpenAPI 3.1', async () => {
  const description = await (await fetch(`${site.url}/openapi.json`)).json() as { openapi: string; paths: object }
  expect(description.openapi).toMatch(/^3\.1\./)
  expect(Object.keys(description.paths)).toContain('/commands/submit-order')
})

test('health is on both ports, readiness and metrics on the management port only', async () => {
  for (const base of [site.url, site.managementUrl]) expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'ok' })
  expect(await (await fetch(`${site.managementUrl}/readyz`)).json()).toMatchObject({ status: 'ready' })
  const metrics = await (await fetch(`${site.managementUrl}/metrics`)).text()
  expect(metrics).toMatch(/^process_resident_memory_bytes \d+$/m)
  expect(metrics.split('\n').filter(line => line !== '' && !line.startsWith('#')).every(line => /^[a-z_:][a-z0-9_:]*(\{[^}]*\})? -?[\d.e+]+$/i.test(line))).toBe(true)
  expect((await fetch(`${site.url}/metrics`)).headers.get('content-type')).not.toContain('version=0.0.4')
})

test('a page of another site is turned away, and one under another name', async () => {
  const foreign = await fetch(`${site.url}/queries/session`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'origin': 'https://evil.example' } })
  expect([foreign.status, await foreign.json()]).toMatchObject([403, { error: { code: 'KS-HTTP-ORIGIN' } }])
})

test('signing out ends the session', async () => {
  const { user = '', password = '' } = site.signIn?.find(one => one.user === 'approver') ?? {}
  const { body } = await post('/commands/sign-in', { user, password })
  const { token } = body as { token: string }
  expect((await post('/queries/orders', { tenant: 'acme' }, token)).status).toBe(200)
  await post('/commands/sign-out', {}, token)
  expect((await post('/queries/orders', { tenant: 'acme' }, token)).status).toBe(401)
})

test('five wrong passwords slow the name down: 429', async () => {
  const guess = () => post('/commands/sign-in', { user: 'someone', password: 'guess' })
  for (let i = 0; i < 5; i++) await guess()
  expect(await guess()).toMatchObject({ status: 429, body: { error: { code: 'KS-ACCESS-SLOW-DOWN' } } })
})

test('what a person wrote into an order is in no log line, not even when it is refused', async () => {
  const contact = { name: 'Zacharias Quux', email: 'zq@example.org', phone: '+49 30 5550123', address: 'Unter den Linden 999' }
  const order = { ...orderDocument('PERSONAL-1'), contact, account: { code: '17850', name: 'Quux Handels GmbH' } }
  expect((await post('/commands/draft-order', { tenant: 'acme', document: order }, tokens['operator'])).status).toBe(200)
  expect((await post('/commands/draft-order', { tenant: 'acme', document: { ...order, lines: [] } }, tokens['operator'])).status).toBe(400)
  expect((await post('/commands/draft-order', { tenant: 'acme', document: { ...order, currency: 'EUR' } }, tokens['operator'])).status).toBeGreaterThanOrEqual(400)
  expect(site.log()).not.toMatch(/Quux|zq@|5550123|Linden/)
})

test('the log has every decision of who may, as JSON lines, and no password or token', () => {
  const lines = site.log().trim().split('\n').map(line => JSON.parse(line) as { msg: string; procedure?: string })
  expect(lines.some(line => line.msg === 'authorised' && line.procedure === 'queries/orders')).toBe(true)
  for (const { password } of site.signIn ?? []) expect(site.log()).not.toContain(password)
  for (const token of Object.values(tokens)) expect(site.log()).not.toContain(token)
})

async function post(path: string, body: unknown, token?: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${site.url}${path}`, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  })
  return { status: answer.status, body: await answer.json() }
}

async function firstEvent(answer: Response): Promise<unknown> {
  let text = ''
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const data = /^data: (\{.*\})$/m.exec(text)
    if (data?.[1] !== undefined) return JSON.parse(data[1]) as unknown
  }
  throw new Error(`the stream ended: ${text}`)
}

function orderDocument(reference: string): OrderDocument {
  return {
    reference, kind: 'order', account: { code: '17850', name: null }, orgpath: null, currency: 'GBP', placedOn: '2026-01-05', allowances: [],
    prepaidAmount: null, roundingAmount: null, taxAmount: null, contact: null, attributes: {},
    lines: [{
      id: '1', item: '85123A', description: 'White hanging heart', quantity: '6', unit: null, return: false, price: '2.55', baseQuantity: null,
      allowances: [], tax: null, statedNet: null, attributes: {},
    }],
  }
}

import { implement, ORPCError, type Router } from '@orpc/server'
import { beforeAll, expect, test } from 'vitest'
import { contract } from '#engine/api/contract/index.ts'
import type { RequestContext } from '#engine/api/request-context.ts'
import { createApp } from './app.ts'
import { LOOPBACK_NAMES } from './origin-guard.ts'

// The transport alone: procedures that say what reached them. The engine behind it is tested in test/integration.
const os = implement(contract).$context<RequestContext>()
const answers: Record<string, (input: never, context: RequestContext) => unknown> = {
  'commands/sign-in': () => ({ token: 'a-real-token', expiresAt: '2026-01-05T20:00:00.000Z' }),
  'commands/sign-out': () => ({}),
  'queries/tenants': (_input, context) => [{ tenant: context.authorization ?? 'nobody', title: context.local?.osUser ?? '', orders: 1 }],
  'commands/submit-order': (input: { orderId: string }) => {
    if (input.orderId === 'late') throw new ORPCError('KS-ORDER-REVISION', { status: 409, message: 'Too late.', data: { remedy: 'Look again.', values: { revision: 2 } } })
    if (input.orderId === 'bug') throw new Error('secret detail')
    return { orderId: input.orderId, reference: 'R', state: 'submitted', revision: 1 }
  },
  'streams/changes': async function* () {
    yield { tenant: 'acme', sequence: 1, topics: ['orders'] }
    yield { tenant: 'acme', sequence: 2, topics: ['jobs'] }
  },
}
const logged: unknown[] = []
let app: ReturnType<typeof createApp>

beforeAll(() => {
  const router = Object.fromEntries(Object.entries(os).map(([group, procedures]) => [group, Object.fromEntries(
    Object.entries(procedures as Record<string, { handler(run: (call: { input: never; context: RequestContext }) => unknown): unknown }>).map(([name, procedure]) =>
      [name, procedure.handler(({ input, context }) => answers[`${group}/${name}`]?.(input, context))]),
  )])) as unknown as Router<typeof contract, RequestContext>
  const keep = (fields: unknown) => { logged.push(fields) }
  app = createApp({
    engine: { site: 'SITE', router, health: () => ({ ready: true, mode: 'running', reason: null }), metrics: async () => '' }, version: '1.2.3', log: { info: keep, warn: keep, error: keep },
    local: null, origin: { hostNames: new Set(LOOPBACK_NAMES) }, cookie: { name: 'keelson-site', secure: false },
    page: request => new URL(request.url).pathname === '/orders' ? new Response('<html>') : null,
  })
})

test('a command answers its value, and passes the bearer token on', async () => {
  const answer = await post('/queries/tenants', {}, { authorization: 'Bearer abc' })
  expect([answer.status, await answer.json()]).toEqual([200, [{ tenant: 'Bearer abc', title: '', orders: 1 }]])
})

test('a refusal is one error object with code, message, remedy and values', async () => {
  const answer = await post('/commands/submit-order', { tenant: 'acme', orderId: 'late', revision: 1 })
  expect([answer.status, await answer.json()]).toEqual([409, { error: { code: 'KS-ORDER-REVISION', message: 'Too late.', remedy: 'Look again.', values: { revision: 2 } } }])
})

test('a bug says nothing about itself to the client and everything to the log', async () => {
  const answer = await post('/commands/submit-order', { tenant: 'acme', orderId: 'bug', revision: 1 })
  const text = await answer.text()
  expect(answer.status).toBe(500)
  expect(text).toContain('KS-BUG')
  expect(text).not.toContain('secret detail')
  expect(String((logged.at(-1) as { error: Error }).error)).toContain('secret detail')
})

test('input that does not fit is refused with the place', async () => {
  const answer = await post('/commands/submit-order', { tenant: 'acme', orderId: 'x', revision: 0 })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { code: 'KS-HTTP-INPUT', message: expect.stringContaining('revision') } })
})

test.each([['/commands/no-such', {}], ['/commands', { name: 'x' }], ['/rpc/commands/no-such', {}]])('%s with nonsense is an error in the same shape', async (path, body) => {
  const answer = await post(path, body)
  expect([400, 404]).toContain(answer.status)
  expect((await answer.json() as { error: { code: string } }).error.code).toMatch(/^KS-HTTP-/)
})

test('in bulk each item answers for itself, in the order given', async () => {
  const submit = (orderId: string) => ({ name: 'submit-order', input: { tenant: 'acme', orderId, revision: 1 } })
  const answer = await post('/commands', [submit('one'), submit('late'), { name: 'constructor' }, submit('bug'), submit('two')])
  expect(await answer.json()).toMatchObject([
    { ok: true, value: { orderId: 'one' } }, { ok: false, error: { code: 'KS-ORDER-REVISION' } }, { ok: false, error: { code: 'KS-HTTP-NOT-FOUND' } },
    { ok: false, error: { code: 'KS-BUG' } }, { ok: true, value: { orderId: 'two' } },
  ])
})

test('a thousand items are taken at once, one more is refused', async () => {
  const items = Array.from({ length: 1001 }, () => ({ name: 'tenants' }))
  expect((await post('/queries', items)).status).toBe(400)
  expect(await (await post('/queries', items.slice(1))).json()).toHaveLength(1000)
})

test('a query that is asked for with GET is told how', async () => {
  const answer = await get('/queries/orders')
  expect([answer.status, await answer.json()]).toMatchObject([405, { error: { code: 'KS-HTTP-METHOD' } }])
})

test('a body that is too large is refused before it is read', async () => {
  const answer = await post('/commands/draft-order', {}, { 'content-length': String(33 * 1024 * 1024) })
  expect([answer.status, await answer.json()]).toMatchObject([413, { error: { code: 'KS-HTTP-TOO-LARGE' } }])
})

test('a stream is sent as server-sent events', async () => {
  const answer = await post('/streams/changes', { tenant: 'acme' })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const events = (await answer.text()).split('\n').filter(line => line.startsWith('data: {')).map(line => JSON.parse(line.slice(6)) as unknown)
  expect(events).toMatchObject([{ sequence: 1 }, { sequence: 2 }])
})

test('the description covers every procedure, both bulks and the error', async () => {
  const document = await (await get('/openapi.json')).json() as { openapi: string; paths: Record<string, { post: { responses: object } }>; components: { schemas: object } }
  expect(document.openapi).toMatch(/^3\.1/)
  const names = Object.entries(contract).flatMap(([group, procedures]) => Object.keys(procedures).map(name => `/${group}/${name}`))
  expect(Object.keys(document.paths).toSorted()).toEqual([...names, '/commands', '/queries'].toSorted())
  expect(Object.values(document.paths).every(path => 'default' in path.post.responses)).toBe(true)
  expect(Object.keys(document.components.schemas)).toContain('Refusal')
})

test.each([
  ['a name that leads here by rebinding', { host: 'evil.example:7117' }, 421],
  ['a page of another site', { origin: 'https://evil.example' }, 403],
  ['a page of another port', { origin: 'http://127.0.0.1:9999' }, 403],
  ['a sandboxed page', { origin: 'null' }, 403],
  ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['the console itself', { origin: 'http://127.0.0.1:7117', 'sec-fetch-site': 'same-origin' }, 200],
])('%s', async (_title, headers, status) => {
  expect((await post('/queries/tenants', {}, headers)).status).toBe(status)
})

test('a page that signs in never sees its token: it goes into a cookie, and "cookie" stands for it', async () => {
  const page = { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:7117' }
  for (const path of ['/rpc/commands/sign-in', '/commands/sign-in']) {
    const input = { user: 'a', password: 'b' }
    const answer = await post(path, path.startsWith('/rpc') ? { json: input } : input, page)
    expect(await answer.text()).not.toContain('a-real-token')
    expect(answer.headers.get('set-cookie')).toBe('keelson-site=a-real-token; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800')
  }
  const asked = await post('/queries/tenants', {}, { ...page, cookie: 'other=1; keelson-site=a-real-token', authorization: 'Bearer cookie' })
  expect(await asked.json()).toMatchObject([{ tenant: 'Bearer a-real-token' }])
  const left = await post('/commands/sign-out', {}, page)
  expect(left.headers.get('set-cookie')).toContain('keelson-site=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0')
})

test('the cookie alone is no permission: a forged form cannot send the header', async () => {
  const answer = await post('/queries/tenants', {}, { cookie: 'keelson-site=a-real-token' })
  expect(await answer.json()).toMatchObject([{ tenant: 'nobody' }])
})

test('an API client gets its token', async () => {
  expect(await (await post('/commands/sign-in', { user: 'a', password: 'b' })).json()).toMatchObject({ token: 'a-real-token' })
})

test('the console and the health are served on the same port', async () => {
  expect(await (await get('/orders')).text()).toBe('<html>')
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
  expect((await get('/nothing.js')).status).toBe(404)
})

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return app.request(`http://127.0.0.1:7117${path}`, {
    method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'host': '127.0.0.1:7117', ...headers },
  })
}

function get(path: string) {
  return app.request(`http://127.0.0.1:7117${path}`, { headers: { host: '127.0.0.1:7117' } })
}

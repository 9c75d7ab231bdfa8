import { userInfo } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { settled, testEngine, type TestEngine } from '#test/support/test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
  await engine.client.commands['create-tenant']({ tenant: 'beta', profile: 'beta' })
})
afterAll(() => engine.end())

async function signedIn(user: string, ...roles: string[]) {
  const { id } = await engine.client.commands['create-user']({ user, password: 'a long password', roles, tenants: ['*'] })
  const { token } = await engine.client.commands['sign-in']({ user, password: 'a long password' })
  return { id, client: engine.as(token) }
}

it('names who did what: a colleague, a pack with its version, the engine, the command line, and somebody who has gone', async () => {
  const cara = await signedIn('Cara', 'operator')
  const bob = await signedIn('Bob', 'approver')
  const document = anOrder({ account: { code: '12346', name: null }, currency: 'GBP', lines: [aLine({ quantity: '100000', price: '99' })] })
  const { orderId } = await cara.client.commands['draft-order']({ tenant: 'beta', document })
  await cara.client.commands['submit-order']({ tenant: 'beta', orderId, revision: 1 })
  await settled(engine.client, 'beta')
  const asked = await bob.client.queries.order({ tenant: 'beta', order: orderId })
  const [stage] = asked.approvals
  await bob.client.commands['approve-order']({ tenant: 'beta', orderId, revision: 1, stage: stage?.id ?? '' })

  const page = async () => await engine.client.queries.order({ tenant: 'beta', order: orderId })
  const by = Object.fromEntries((await page()).events.map(event => [event.type.replace('keelson.order.', ''), event.by]))
  expect(by).toMatchObject({
    'drafted.v2': { kind: 'user', id: cara.id, name: 'Cara' },
    'priced.v1': { kind: 'pack', name: expect.stringMatching(/^[a-z-]+ \d+\.\d+\.\d+$/) },
    'validated.v1': { kind: 'engine', id: 'system:pipeline', name: 'pipeline' },
    'approval-given.v1': { kind: 'user', name: 'Bob' },
  })
  expect((await page()).approvals).toMatchObject([{ decided: [{ by: { kind: 'user', id: bob.id, name: 'Bob' } }] }])

  const { uploadId } = await cara.client.commands['begin-upload']({ tenant: 'beta', name: 'one.csv', bytes: 0 })
  await expect(cara.client.commands['start-import']({ tenant: 'beta', uploadId, map: 'ubl' })).resolves.toBeDefined()
  expect((await engine.client.queries.jobs({ tenant: 'beta' })).rows).toMatchObject([{ startedBy: { kind: 'user', name: 'Cara' } }])
  await engine.client.commands['cancel-order']({ tenant: 'beta', orderId, revision: 1 })
  expect((await page()).events.at(-1)?.by).toEqual({ kind: 'cli', id: `cli:${userInfo().username}`, name: userInfo().username })

  const site = new Database(join(engine.folder, 'site.db'))
  site.prepare('DELETE FROM sessions').run()
  site.prepare('DELETE FROM users WHERE id = ?').run(cara.id)
  site.close()
  expect((await page()).events[0]?.by).toEqual({ kind: 'user', id: cara.id, name: null })
})

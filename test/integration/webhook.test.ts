import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterEach, expect, it } from 'vitest'
import { anOrder } from '#engine/testing/order-builder.ts'
import { testEngine, type TestEngine } from '#test/support/test-engine.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
let engine: TestEngine | null = null
afterEach(async () => { await engine?.end() })

it('sends a signed webhook for a confirmed order, once by its key, and keeps the secret out of the log', async () => {
  const received: { headers: Record<string, string>; body: string }[] = []
  const arrived = new Promise<void>(resolve => {
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => { body += part.toString() })
      request.on('end', () => {
        received.push({ headers: request.headers as Record<string, string>, body })
        response.writeHead(204).end()
        server.close()
        resolve()
      })
    }).listen(0, '127.0.0.1', () => { void start((server.address() as AddressInfo).port) })
  })
  async function start(port: number): Promise<void> {
    engine = await testEngine()
    const { client } = engine
    const profile = `
schema: 2
id: hooks
title: Hooks
organisation: [{ path: /hooks, name: Hooks }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: flat-discount, version: ^1.0.0, config: { percent: '0' } }
  approval: { default: always-approve }
  confirmation: automatic
  reactions: [{ pack: notify, version: ^1.0.0, config: { target: erp, kind: webhook, on: [confirmed] } }]
integrations:
  erp: { kind: webhook, url: 'http://127.0.0.1:${port}/orders', secret: '${SECRET}' }
`
    await client.commands['create-tenant']({ tenant: 'hooks', profile })
    const { orderId } = await client.commands['draft-order']({ tenant: 'hooks', document: anOrder() })
    await client.commands['submit-order']({ tenant: 'hooks', orderId, revision: 1 })
  }
  await arrived
  const [message] = received
  expect(message?.headers['webhook-id']).toMatch(/^msg_/)
  expect(new Webhook(SECRET).verify(message?.body ?? '', message?.headers ?? {})).toMatchObject({ data: { details: { reference: 'PO-1' } } })
  await engine?.stop()
  expect(readFileSync(join(engine?.folder ?? '', 'tenants', 'hooks', 'core.db')).toString('latin1')).not.toContain(SECRET.slice(6))
  expect(readFileSync(join(engine?.folder ?? '', 'site.db')).toString('latin1')).not.toContain(SECRET.slice(6))
})

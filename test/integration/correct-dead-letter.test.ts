import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { anOrder } from '#engine/testing/order-builder.ts'
import { profileText } from '../support/profile-text.ts'
import { testEngine, type TestEngine } from '../support/test-engine.ts'

/** Cannot do with a reference that has a space in it. */
const REACTOR = `exports.react = ({ event }) => {
  if (event.data.reference.includes(' ')) throw new Error('no spaces, please')
  return { deliveries: [{ kind: 'file', key: 'told', target: 'outbox', payload: { reference: event.data.reference } }] }
}`
const PROFILE = profileText('careful', "{ pack: flat-discount, version: ^1.0.0, config: { percent: '0' } }",
  '  reactions: [{ pack: teller, version: ^1.0.0 }]\nintegrations:\n  outbox: { kind: file, folder: outbox }\n')

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
  engine.addPack('teller', 'reactor', REACTOR)
  await engine.restart()
  await engine.client.commands['set-up-site']({ kind: 'new', siteName: 'Careful', tenant: 'careful', profile: PROFILE, user: 'admin', password: 'a long password' })
})
afterAll(() => engine.end())

it('tries parked work again with what a person put in its place, and keeps the original, the reason and every try', async () => {
  const { client, folder } = engine
  const tenant = 'careful'
  const letters = async () => (await client.queries['dead-letters']({ tenant })).rows
  // Trying the parked work of nobody waits until nothing moves.
  const quiet = () => client.commands['replay-dead-letters']({ tenant, pack: 'nobody' })
  const { orderId } = await client.commands['draft-order']({ tenant, document: anOrder({ reference: 'PO 17' }) })
  await client.commands['submit-order']({ tenant, orderId, revision: 1 })
  await quiet()

  const [letter] = await letters()
  expect(letter).toMatchObject({ pack: 'teller', packVersion: '1.0.0', code: 'KS-PACK-THREW', editable: true, payload: { reference: 'PO 17' }, tries: [{ try: 1 }], corrections: [] })
  const id = letter?.id ?? ''
  await expect(client.queries['count-dead-letters']({ tenant })).resolves.toMatchObject({ total: 1, groups: [{ pack: 'teller', step: 'reactor', code: 'KS-PACK-THREW', message: letter?.message, count: 1 }] })
  await expect(client.commands['correct-dead-letter']({ tenant, id, payload: { reference: 'PO-17' } })).rejects.toMatchObject({ code: 'KS-REASON-MISSING' })

  const invocation = { reason: 'the receiver takes no spaces' }
  await expect(client.commands['correct-dead-letter']({ tenant, id, payload: { reference: 'still a space' }, invocation })).resolves.toEqual({ replayed: 1, resolved: 0, failed: 1 })
  const [again] = await letters()
  expect(again).toMatchObject({
    attempts: 2, tries: [{ try: 2, packVersion: '1.0.0' }, { try: 1 }],
    corrections: [{ afterTry: 1, original: { reference: 'PO 17' }, corrected: { reference: 'still a space' }, reason: 'the receiver takes no spaces' }],
  })

  await expect(client.commands['correct-dead-letter']({ tenant, id, payload: { reference: 'PO-17' }, invocation })).resolves.toEqual({ replayed: 1, resolved: 1, failed: 0 })
  expect(await letters()).toEqual([])
  await quiet()
  const outbox = join(folder, 'tenants', tenant, 'outbox')
  expect(readdirSync(outbox).map(name => readFileSync(join(outbox, name), 'utf8')).join('')).toContain('"payload":{"reference":"PO-17"}')
  const { events } = await client.queries.order({ tenant, order: orderId })
  expect(events.filter(event => event.type === 'keelson.dead-letter.corrected.v1').map(event => event.data)).toMatchObject([
    { original: { reference: 'PO 17' }, corrected: { reference: 'still a space' } }, { original: { reference: 'still a space' }, corrected: { reference: 'PO-17' } },
  ])
})

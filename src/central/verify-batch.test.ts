import { expect, test } from 'vitest'
import { chainHash, NO_HASH } from '#engine/log/stored-event.ts'
import { valueAt, type PackedValues } from './packed-values.ts'
import { verifyBatch } from './verify-batch.ts'

interface Edit {
  header?: Record<string, unknown>
  bodies?: (bodies: string[]) => string[]
}

const body = (sequence: number, change: Record<string, unknown> = {}): string => JSON.stringify({
  specversion: '1.0', id: `e${sequence}`, type: 'keelson.order.submitted.v1', source: '/sites/s1/tenants/acme', time: '2026-11-21T03:00:00.000Z',
  epoch: 1, sequence, data: { text: 'ü' }, ...change,
})
const chain = (bodies: readonly string[]): Uint8Array => bodies.reduce((hash, text) => chainHash(hash, text), NO_HASH)
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex')

function batch({ header = {}, bodies = (same) => same }: Edit, honest = true): Buffer {
  const sent = bodies([1, 2, 3].map((sequence) => body(sequence)))
  const stated = {
    site: 's1', tenant: 'acme', epoch: 1, after: { sequence: 0, hash: hex(NO_HASH) }, count: sent.length,
    last: hex(chain(honest ? sent : [1, 2, 3].map((sequence) => body(sequence)))), head: { epoch: 1, sequence: 3 }, ...header,
  }
  return Buffer.from([JSON.stringify(stated), ...sent].join('\n'))
}

test('a whole batch is read with the chain that central computed', () => {
  const verified = verifyBatch(batch({}))
  expect(verified).toMatchObject({ ok: true, value: { header: { count: 3 }, parent: null } })
  if (!verified.ok) return
  const { hashes, types, bodies } = verified.value
  const bodiesSent = [1, 2, 3].map((sequence) => body(sequence))
  const all = (values: PackedValues, encoding: 'hex' | 'utf8'): string[] => [0, 1, 2].map((index) => Buffer.from(valueAt(values, index)).toString(encoding))
  expect(all(hashes, 'hex')).toEqual([1, 2, 3].map((count) => hex(chain(bodiesSent.slice(0, count)))))
  expect(all(types, 'utf8')).toEqual(Array.from({ length: 3 }, () => 'keelson.order.submitted.v1'))
  expect(all(bodies, 'utf8')).toEqual(bodiesSent)
})

test.each<[string, string, Edit, boolean?]>([
  ['an event was changed', 'KS-SYNC-CHAIN', { bodies: ([a = '', b = '', c = '']) => [a, b.replace('ü', 'u'), c] }, false],
  ['it follows something else', 'KS-SYNC-CHAIN', { header: { after: { sequence: 0, hash: '11'.repeat(32) } } }],
  ['events were exchanged', 'KS-SYNC-STREAM', { bodies: ([a = '', b = '', c = '']) => [a, c, b] }],
  ['an event is of another epoch', 'KS-SYNC-STREAM', { bodies: ([a = '', b = '']) => [a, b, body(3, { epoch: 2 })] }],
  ['an event is of another tenant', 'KS-SYNC-STREAM', { bodies: ([a = '', b = '']) => [a, b, body(3, { source: '/sites/s1/tenants/beta' })] }],
  ['it was sent as another tenant', 'KS-SYNC-STREAM', { header: { tenant: 'beta' } }],
  ['an event is missing', 'KS-SYNC-MALFORMED', { header: { count: 4 } }],
  ['there is one too many', 'KS-SYNC-MALFORMED', { header: { count: 2 } }],
  ['an event is no JSON', 'KS-SYNC-MALFORMED', { bodies: ([a = '', b = '']) => [a, b, '{"x":'] }],
  ['an event is no CloudEvent', 'KS-SYNC-MALFORMED', { bodies: ([a = '', b = '']) => [a, b, body(3, { specversion: '0.3' })] }],
  ['a time that breaks the line', 'KS-SYNC-MALFORMED', { bodies: ([a = '', b = '']) => [a, b, body(3, { time: 'x\ny' })] }],
  ['a type that no database keeps', 'KS-SYNC-MALFORMED', { bodies: ([a = '', b = '']) => [a, b, body(3, { type: 'x\0y' })] }],
  ['a type beyond ASCII', 'KS-SYNC-MALFORMED', { bodies: ([a = '', b = '']) => [a, b, body(3, { type: 'ü' })] }],
  ['a header with a path in it', 'KS-SYNC-MALFORMED', { header: { site: '../s1' } }],
  ['a header with too many events', 'KS-SYNC-MALFORMED', { header: { count: 1_001 } }],
  ['an epoch begins in the middle', 'KS-SYNC-MALFORMED', { bodies: ([a = '']) => [a, body(2, { type: 'keelson.epoch.began.v1' }), body(3)] }],
  ['an epoch begins without a parent', 'KS-SYNC-MALFORMED', { bodies: () => [body(1, { type: 'keelson.epoch.began.v1', data: {} })] }],
])('refused: %s', (_what, code, edit, honest = true) => {
  expect(verifyBatch(batch(edit, honest))).toMatchObject({ ok: false, refusal: { code } })
})

test('the beginning of an epoch names its parent', () => {
  const parent = { epoch: 1, sequence: 9, hash: 'ab'.repeat(32) }
  const first = body(10, { type: 'keelson.epoch.began.v1', epoch: 2, data: { parent, why: 'restored' } })
  const after = Buffer.from(parent.hash, 'hex')
  const verified = verifyBatch(Buffer.from([JSON.stringify({
    site: 's1', tenant: 'acme', epoch: 2, after: { sequence: 9, hash: parent.hash }, count: 1, last: hex(chainHash(after, first)), head: { epoch: 2, sequence: 10 },
  }), first].join('\n')))
  expect(verified).toMatchObject({ ok: true, value: { parent: { epoch: 1, sequence: 9, hash: after } } })
})

test('bytes that are no text are refused, though their hash adds up', () => {
  const whole = batch({})
  const broken = Buffer.from(whole)
  broken[broken.indexOf('ü')] = 0xff
  expect(verifyBatch(broken)).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-MALFORMED' } })
})

test('no bytes are read as anything', () => {
  for (const bytes of ['', '\n', '{}', 'null\n1', '[]']) expect(verifyBatch(Buffer.from(bytes)).ok).toBe(false)
})

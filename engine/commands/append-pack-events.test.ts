import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DecidedCommand } from '#engine/commands/index.ts'
import { compareFold } from '#engine/doctor/rebuild-fold.ts'
import { packHeadPosition } from '#engine/projections/engine-reads.ts'
import { eventsSince } from '#engine/projections/pack-reads.ts'
import { TestTenant } from '#engine/testing/test-tenant.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

const decided = (given: Partial<DecidedCommand> = {}): DecidedCommand => ({
  pack: 'club', command: 'add', input: { name: 'Ada Lund' }, after: 0, about: { orgpath: '/test' },
  events: [{ type: 'club.member-added.v1', data: { id: '01', name: 'Ada Lund', since: null }, personal: { subject: 'club/01', fields: ['name', 'since'] } }], ...given,
})
const head = () => packHeadPosition(tenant.reader(), { pack: 'club' }).position

it('seals what is personal, and opens it for the pack that said it, and for no other', () => {
  const { events, position } = tenant.must('append-pack-events', decided())
  expect(events).toMatchObject([{ type: 'club.member-added.v1' }])
  expect(head()).toBe(position)
  const since = (pack?: string) => {
    const read = eventsSince(tenant.reader(), { at: { epoch: 1, sequence: 0, hash: new Uint8Array(32) }, types: ['club.member-added.v1'], limit: 100, ...(pack === undefined ? {} : { pack }) })
    return read.offChain ? null : read.events[0]?.envelope.data
  }
  expect(since('club')).toEqual({ id: '01', name: 'Ada Lund', since: null })
  expect(since('rival')).toMatchObject({ id: '01', name: { sealed: 1, subject: 'club/01' } })
  expect(JSON.stringify(since())).not.toContain('Ada Lund')
  tenant.restart()
  expect(compareFold(tenant.coreFile, undefined)).toEqual([])
})

it('lets one of two that were decided on the same rows count', () => {
  const { position } = tenant.must('append-pack-events', decided())
  expect(tenant.run('append-pack-events', decided({ input: { name: 'Grace' } }))).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-STALE' } })
  expect(head()).toBe(position)
  expect(tenant.run('append-pack-events', decided({ input: { name: 'Grace' }, after: position ?? 0 }))).toMatchObject({ ok: true })
})

it('gives the first result for the same invocation, whatever was decided the second time', () => {
  const invocation = tenant.invocation()
  const run = (given: Partial<DecidedCommand>) => tenant.runTogether([{ name: 'append-pack-events', input: decided(given), invocation }])[0]
  const first = run({})
  expect(run({ after: 99, events: [] })).toEqual(first)
  expect(run({ input: { name: 'Grace' } })).toMatchObject({ ok: false, refusal: { code: 'KS-INVOCATION-REUSED' } })
})

it('keeps nothing new of somebody who was forgotten', () => {
  const { position } = tenant.must('append-pack-events', decided())
  const db = new Database(tenant.coreFile)
  db.exec(`UPDATE subject_keys SET wrapped = NULL, forgotten_at = 1 WHERE subject = 'club/01'`)
  db.close()
  expect(tenant.run('append-pack-events', decided({ input: {}, after: position ?? 0 }))).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-FORGOTTEN' } })
})

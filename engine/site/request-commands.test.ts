import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Invocation } from '#engine/core/invocation.ts'
import { migrateSite } from '#engine/store/site-schema.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { requestCommands } from './request-commands.ts'
import { SiteReader } from './site-reader.ts'
import { SiteWriter } from './site-writer.ts'

let folder: string
let site: SiteWriter
let ids = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-requests-'))
  const db = openSqlite(join(folder, 'site.db'), { binary: undefined })
  migrateSite(db)
  site = new SiteWriter(db, { now: () => 1_000 }, { next: () => `ID${++ids}` })
})
afterEach(() => {
  site.close()
  rmSync(folder, { recursive: true, force: true })
})

const invocation = (id: string): Invocation => ({ id, correlationId: id, parentId: null, tenant: '$site', actor: { id: 'USER', kind: 'user', method: 'password', roles: [] }, locale: 'en', site: 's', reason: null, toggles: [] })
const REQUEST = { title: 'Pallet deposits', text: '', customer: 'north', answers: { whose: 'one', varies: false, breaksContract: false, exists: false }, reason: 'Only they use pallets' } as const
const rows = () => {
  const reader = new SiteReader(join(folder, 'site.db'), undefined)
  try {
    return { requests: reader.capabilityRequests() }
  } finally {
    reader.close()
  }
}
const classify = (id: string, given: object = {}) => site.run(requestCommands['classify-request'], { ...REQUEST, ...given }, invocation(id))
const close = (id: string, request: string) => site.run(requestCommands['close-request'], { request, state: 'done', what: 'A pack', capability: 'pallets' }, invocation(id))

it('keeps a request with what the answers suggest, what was decided, and why', () => {
  expect(classify('R1')).toEqual({ ok: true, value: { request: 'R1', suggested: 'extension', outcome: 'extension' } })
  expect(classify('R2', { outcome: 'rejection', reason: 'Nobody would pay for it' })).toMatchObject({ value: { suggested: 'extension', outcome: 'rejection' } })
  expect(rows().requests.map(({ id, customer, outcome, reason, state, asked_by: by }) => [id, customer, outcome, reason, state, by])).toEqual([
    ['R2', 'north', 'rejection', 'Nobody would pay for it', 'open', 'USER'], ['R1', 'north', 'extension', 'Only they use pallets', 'open', 'USER'],
  ])
})

it('the same invocation again is the same request', () => {
  classify('R1')
  expect(classify('R1')).toEqual({ ok: true, value: { request: 'R1', suggested: 'extension', outcome: 'extension' } })
  expect(rows().requests).toHaveLength(1)
})

it('says what came of one, once', () => {
  classify('R1')
  expect(close('C1', 'R1')).toMatchObject({ ok: true })
  expect(rows().requests[0]).toMatchObject({ state: 'done', what: 'A pack', capability: 'pallets', closed_by: 'USER', closed_at: 1_000 })
  expect(close('C2', 'R1')).toMatchObject({ ok: false, refusal: { code: 'KS-CATALOG-REQUEST-CLOSED' } })
  expect(close('C3', 'R9')).toMatchObject({ ok: false, refusal: { code: 'KS-CATALOG-REQUEST-UNKNOWN' } })
})

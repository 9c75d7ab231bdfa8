import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runsIn } from '#engine/store/run-database.ts'
import { NO_EFFECT, profileContent, TestTenant } from '#engine/testing/test-tenant.ts'
import { runPlan, sweepRuns } from './run-results.ts'
import { keptRuns } from './work-lists.ts'

const DAY = 24 * 3600 * 1000

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

function run(id: string, state: 'queued' | 'succeeded' = 'succeeded'): void {
  tenant.must('queue-job', { jobId: id, kind: 'impact', title: id, input: {}, progress: {} })
  if (state === 'succeeded') tenant.must('move-job', { jobId: id, state })
  tenant.clock.ms += DAY
}

it('keeps the newest runs for a while, those under way, and for good those that a version relied on', () => {
  for (const id of ['relied', 'old', 'waiting']) run(id, id === 'waiting' ? 'queued' : 'succeeded')
  tenant.must('publish-profile', { content: profileContent('d2', { impactRun: 'relied' }), effect: NO_EFFECT })
  for (const id of ['third', 'second', 'first']) run(id)
  const kept = (newest: number, days: number) => keptRuns(tenant.reader(), { newest, since: tenant.clock.ms - days * DAY }).toSorted()
  expect(kept(2, 90)).toEqual(['first', 'relied', 'second', 'waiting'])
  expect(kept(50, 1)).toEqual(['first', 'relied', 'waiting'])
})

it('clears away the files of every other run, whole', () => {
  const reader = tenant.reader()
  mkdirSync(reader.runFolder, { recursive: true })
  for (const name of ['kept.db', 'gone.db', 'gone.db-wal', 'gone.db-shm']) writeFileSync(join(reader.runFolder, name), '')
  expect(sweepRuns(reader, { keep: ['kept'] })).toEqual(['gone'])
  expect(runsIn(reader.runFolder)).toEqual(['kept'])
  expect(() => runPlan(reader, { runId: 'gone' })).toThrow('not here')
  expect(() => runPlan(reader, { runId: '../core' })).toThrow('no such run')
})

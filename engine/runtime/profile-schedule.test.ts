import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Composition } from '#engine/packs/composition.ts'
import { activeProfile } from '#engine/projections/engine-reads.ts'
import { readQueries } from '#engine/projections/index.ts'
import type { TenantReader } from '#engine/projections/tenant-reader.ts'
import { FakeTime } from '#engine/testing/fake-time.ts'
import { NO_EFFECT, profileContent, TENANT, TestTenant } from '#engine/testing/test-tenant.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import { ProfileSchedule } from './profile-schedule.ts'
import type { TenantRuntime } from './tenant-runtime.ts'

const HOUR = 3_600_000
const SOURCE = `schema: 1
id: test
title: Test
organisation: [{ path: /test, name: Test }]
capabilities: { validation: [{ default: accept-all }], pricing: { pack: price, version: ^1.0.0 }, approval: { default: always-approve }, confirmation: automatic }
`

let tenant: TestTenant
let time: FakeTime
let schedule: ProfileSchedule
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** The schedule of a tenant, as after a start; time is by hand. */
function started(): ProfileSchedule {
  const reader = { read: (_: string, name: keyof typeof readQueries, input: unknown) => Promise.resolve((readQueries[name] as (of: TenantReader, input: unknown) => unknown)(tenant.reader(), input)) } as unknown as ReaderPool
  const runtime = {
    compositionOf: () => Promise.resolve({ reactors: [] } as unknown as Composition),
    run: (name: 'activate-profile', input: never) => Promise.resolve(tenant.run(name, input)), activated: () => Promise.resolve(),
  } as unknown as TenantRuntime
  return new ProfileSchedule({ tenant: TENANT, reader, clock: time, log: silent, timers: time, runtime, invocation: () => tenant.invocation() })
}

const active = () => activeProfile(tenant.reader())?.version

/** Time passes, in steps in which what fell due is done. */
async function passes(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 60_000) {
    time.advance(Math.min(left, 60_000))
    tenant.clock.ms = time.now()
    await schedule.drained()
  }
}

beforeEach(() => {
  tenant = new TestTenant()
  time = new FakeTime(tenant.clock.ms)
  schedule = started()
  tenant.must('publish-profile', { content: profileContent('d2', { source: SOURCE, effectiveAt: new Date(time.now() + HOUR).toISOString() }), effect: NO_EFFECT })
})
afterEach(async () => {
  await schedule.stop()
  tenant.end()
})

it('makes a version active when its time comes, not a minute earlier', async () => {
  await schedule.drained()
  await passes(HOUR - 60_000)
  expect(active()).toBe(1)
  await passes(60_000)
  expect(active()).toBe(2)
  expect(time.waits()).toEqual([])
})

it('looks at the clock again within a minute, however long the machine slept', async () => {
  await schedule.drained()
  expect(time.waits()).toEqual([60_000])
})

it('after a restart makes active what came due meanwhile', async () => {
  await schedule.stop()
  time.advance(3 * HOUR)
  tenant.clock.ms = time.now()
  tenant.restart()
  schedule = started()
  await schedule.drained()
  expect(active()).toBe(2)
})

it('waits for nothing once the version was withdrawn', async () => {
  await schedule.drained()
  tenant.must('withdraw-profile-version', { version: 2 })
  await schedule.drained()
  expect(time.waits()).toEqual([])
  await passes(2 * HOUR)
  expect(active()).toBe(1)
})

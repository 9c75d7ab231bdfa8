import { afterEach, beforeEach, expect, it } from 'vitest'
import { readQueries } from '#engine/projections/index.ts'
import { anOrder } from '#engine/testing/order-builder.ts'
import { APPROVED, failing, PASSED, priced, TENANT, TestTenant } from '#engine/testing/test-tenant.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { JobRunner } from './job-runner.ts'
import { Replays } from './replay-work.ts'

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }
/** More than two pages. */
const MANY = 5
const PAGE = 2

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

/** Parks the price of so many orders. */
function park(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => {
    const { orderNo } = tenant.submitted(anOrder({ reference: `PO-${from + index}` }))
    tenant.decide(orderNo, 'submitted', [PASSED, failing('pricing', 'tiers')])
    return orderNo
  })
}

/** What an engine runs, where `price` says what the pack makes of each order that is tried. `pages` counts what was tried. */
function engine(price: (orderNo: number) => boolean) {
  const sqlite = tenant.reader()
  const reader: ReaderPool = {
    read: (_, name, input) => Promise.resolve().then(() => (readQueries[name] as (of: typeof sqlite, input: unknown) => never)(sqlite, input)), close: () => Promise.resolve(),
  }
  const writer = { run: (_, name, input, invocation) => Promise.resolve().then(() => tenant.run(name, input, invocation)) } as Pick<WriterClient, 'run'> as WriterClient
  const pages: number[] = []
  let onPage = (): Promise<void> | void => undefined
  const replays = new Replays({
    tenant: TENANT, reader, writer, ids: tenant.ids, lettersAPage: PAGE, mend: () => Promise.resolve(), askReactors: () => Promise.resolve(), foldAgain: () => Promise.resolve(),
    settled: async () => {
      const due = sqlite.all<[], { order_no: number; attempt: number }>(`SELECT order_no, attempt FROM orders WHERE state = 'validated' AND attention IS NULL`)
      if (due.length > 0) pages.push(due.length)
      await onPage()
      for (const { order_no: orderNo, attempt } of due) tenant.decide(orderNo, 'validated', price(orderNo) ? [priced(1000), APPROVED] : [failing('pricing', 'tiers')], { attempt })
    },
  })
  const jobs = new JobRunner({
    tenant: TENANT, reader, writer, clock: tenant.clock, log: SILENT, works: { replay: replays.work() }, invocation: () => tenant.invocation({ actor: { id: 'system:replay', kind: 'system', method: 'engine', roles: [] } }),
  })
  return { jobs, replays, pages, set onPage(value: () => Promise<void> | void) { onPage = value } }
}

const open = () => tenant.reader().one<[], { n: number; attempts: number | null }>(`SELECT count(*) AS n, max(attempts) AS attempts FROM dead_letters WHERE state <> 'resolved'`)

async function started({ replays }: ReturnType<typeof engine>): Promise<string> {
  const job = await replays.start({}, tenant.invocation())
  if (!job.ok) throw new Error(job.refusal.message)
  return job.value.jobId
}

async function ended({ jobs }: ReturnType<typeof engine>, jobId: string) {
  jobs.wake()
  for await (const job of jobs.follow(jobId, undefined)) if (job.state !== 'queued' && job.state !== 'running') return job
  return await jobs.view(jobId)
}

it('tries what was open as it was asked for, in pages, and says what is settled and why the rest is parked again', async () => {
  const [first, second] = park(MANY)
  const runs = engine(orderNo => orderNo !== first && orderNo !== second)
  const jobId = await started(runs)
  park(1, MANY)
  const job = await ended(runs, jobId)
  expect(runs.pages).toEqual([2, 2, 1])
  expect(job).toMatchObject({ state: 'succeeded', kind: 'replay', replay: { pack: null, total: MANY, settled: 3, parked: 2, again: [{ pack: 'tiers', code: 'KS-PACK-THREW', message: 'tiers threw.', count: 2 }] } })
  expect(await runs.jobs.view(jobId)).toMatchObject({ replay: { settled: 3, parked: 2 } })
  // Whoever asked for it is who did it.
  expect(tenant.reader().all<[], { actor: string }>(`SELECT DISTINCT body ->> '$.actor' AS actor FROM events WHERE type = 'keelson.order.retried.v1'`)).toEqual([{ actor: 'ann' }])
  expect(await runs.replays.start({ pack: 'nobody' }, tenant.invocation())).toMatchObject({ ok: false, refusal: { code: 'KS-DEAD-LETTER-UNKNOWN' } })
})

it('gives whoever asks twice by the same invocation what came of it, and tries nothing again', async () => {
  park(MANY)
  const { replays, pages } = engine(() => true)
  const invocation = tenant.invocation()
  const first = await replays.now({}, invocation)
  expect(first).toMatchObject({ ok: true, value: { settled: MANY, parked: 0 } })
  expect(await replays.now({}, invocation)).toMatchObject({ ok: true, value: { settled: MANY, parked: 0 } })
  expect(pages).toEqual([2, 2, 1])
  await expect(replays.now({ pack: 'tiers' }, invocation)).rejects.toMatchObject({ refusal: { code: 'KS-INVOCATION-REUSED' } })
})

it('is the same job for whoever asks twice by the same invocation, be it done by then', async () => {
  park(1)
  const runs = engine(() => true)
  const invocation = tenant.invocation()
  const first = await runs.replays.start({}, invocation)
  expect(await runs.replays.start({}, invocation)).toEqual(first)
  expect(await ended(runs, first.ok ? first.value.jobId : '')).toMatchObject({ state: 'succeeded' })
  expect(await runs.replays.start({}, invocation)).toEqual(first)
  expect(await runs.replays.start({ pack: 'tiers' }, invocation)).toMatchObject({ ok: false, refusal: { code: 'KS-INVOCATION-REUSED' } })
})

it('stops at the end of a page when it is cancelled; what was not tried stays parked as it was', async () => {
  park(MANY)
  const runs = engine(() => true)
  const jobId = await started(runs)
  runs.onPage = () => void runs.jobs.cancel(jobId, tenant.invocation())
  expect(await ended(runs, jobId)).toMatchObject({ state: 'cancelled', replay: { total: MANY, settled: PAGE, parked: 0 } })
  expect(open()).toEqual({ n: MANY - PAGE, attempts: 1 })
})

it('goes on with the page that a kill left half tried, and counts each letter once', async () => {
  park(MANY)
  const killed = engine(() => true)
  const jobId = await started(killed)
  const half = new Promise<void>(resolve => {
    killed.onPage = () => {
      if (killed.pages.length < 2) return undefined
      resolve()
      return new Promise(() => undefined)
    }
  })
  killed.jobs.wake()
  await half
  const restarted = engine(() => true)
  expect(await restarted.jobs.view(jobId)).toMatchObject({ state: 'running', replay: { settled: PAGE } })
  expect(await ended(restarted, jobId)).toMatchObject({ state: 'succeeded', replay: { total: MANY, settled: MANY, parked: 0 } })
  expect(open()).toEqual({ n: 0, attempts: null })
})

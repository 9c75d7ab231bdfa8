import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { startCentral, type RunningCentral } from '#src/central/start-central.ts'
import { FakeTime } from '#engine/testing/fake-time.ts'
import { makeSite, quiet, type TestSite } from '#test/support/sync-site.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-pusher-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let central: RunningCentral
let dataFolder: string
let time: FakeTime
let site: TestSite
let requests: number
let underWay: number
/** The network between site and central; central itself stays up. */
let cable: 'in' | 'out'
/** Errors that the pusher logged. */
let logged: string[]

beforeEach(async () => {
  dataFolder = mkdtempSync(path.join(folder, 'central-'))
  time = new FakeTime(Date.parse('2026-11-21T03:00:00Z'))
  central = await startCentral({ port: 0, host: '127.0.0.1', managementPort: 0, version: 'test', databaseUrl: null, dataFolder, log: quiet, clock: time })
  requests = 0
  underWay = 0
  cable = 'in'
  logged = []
  site = makeSite('s1', {
    syncLog: { ...quiet, error: (fields, message) => void logged.push(`${message} ${JSON.stringify(fields)}`) },
    clock: time, timers: time,
    fetch: async (input, init) => {
      requests += 1
      if (cable === 'out') throw new TypeError('fetch failed', { cause: new Error('connect ENETUNREACH') })
      underWay += 1
      try {
        return await fetch(input, init)
      } finally {
        underWay -= 1
      }
    },
  })
  await site.pusher.enrol({ central: `http://127.0.0.1:${central.port}`, code: await central.makeEnrolCode() })
})
afterEach(async () => {
  await site.pusher.close()
  await central.close()
})

/** Lets the I/O that a timer started come to rest, with a real central on another thread; the pusher's own time stands still. */
async function settled(done: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 5_000; turn += 1) {
    if (underWay === 0 && await done()) return
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error(`never: ${JSON.stringify(await site.pusher.status())}`)
}
const inState = (state: string) => async (): Promise<boolean> => (await site.pusher.status()).state === state
async function startInStep(): Promise<void> {
  site.pusher.start()
  time.advance(0)
  await settled(async () => requests > 2 && (await site.pusher.status()).state === 'in-step')
}
/** The timers of the pusher without its watchdog and its patience with central, both of a minute. */
const nextTry = (): number | undefined => time.waits().filter((ms) => ms !== 60_000)[0]

test('events go out by themselves, many commits in one batch', async () => {
  await startInStep()
  const before = requests
  for (let commit = 0; commit < 50; commit += 1) {
    site.log.append('acme', 1)
    site.pusher.notify()
  }
  expect(await site.pusher.status()).toMatchObject({ state: 'pushing', unsent: 50, oldestUnsentAt: expect.any(String) as string, overdue: true })
  time.advance(25)
  await settled(inState('in-step'))
  expect(requests - before).toBe(1)
  expect(await site.pusher.status()).toMatchObject({ unsent: 0, oldestUnsentAt: null, refusal: null, lastContactAt: '2026-11-21T03:00:00.025Z' })
})

test('out of reach: it says so, waits longer each time, is not hurried by new events, and catches up by itself', async () => {
  await startInStep()
  cable = 'out'
  site.log.append('acme', 3)
  site.pusher.notify()
  time.advance(25)
  await settled(inState('out-of-reach'))
  expect((await site.pusher.status()).refusal).toMatchObject({ code: 'KS-SYNC-OUT-OF-REACH', message: expect.stringContaining('ENETUNREACH') as string })
  const waits: (number | undefined)[] = []
  for (let failure = 1; failure <= 9; failure += 1) {
    await settled(async () => nextTry() !== undefined)
    waits.push(nextTry())
    const before = requests
    site.log.append('acme', 1)
    site.pusher.notify()
    expect(requests).toBe(before)
    time.advance(nextTry() ?? 0)
    await settled(async () => requests > before)
  }
  expect(waits.slice(0, 6)).toEqual([750, 1_500, 3_000, 6_000, 12_000, 24_000])
  expect(Math.max(...waits.map(Number))).toBeLessThanOrEqual(60_000)
  cable = 'in'
  await settled(async () => nextTry() !== undefined)
  time.advance(60_000)
  await settled(inState('in-step'))
  expect(site.state.cursors.get('acme')?.position.sequence).toBe(12)
})

test('asked to push now, it tries at once whatever it was waiting for', async () => {
  cable = 'out'
  site.log.append('acme', 2)
  expect(await site.pusher.pushNow()).toMatchObject({ pushed: 0, pending: 2, refusal: { code: 'KS-SYNC-OUT-OF-REACH' } })
  cable = 'in'
  expect(await site.pusher.pushNow()).toEqual({ pushed: 2, pending: 0, refusal: null })
})

test('the watchdog sends what no wake-up announced', async () => {
  await startInStep()
  site.log.append('acme', 4)
  time.advance(60_000)
  await settled(async () => nextTry() === 0 || (await site.pusher.status()).state === 'in-step')
  time.advance(0)
  await settled(inState('in-step'))
})

test('events that wait though central can be reached are an alarm, out of reach is none, and being let through again ends both', async () => {
  await startInStep()
  cable = 'out'
  site.log.append('acme', 3)
  site.pusher.notify()
  time.advance(25)
  await settled(inState('out-of-reach'))
  time.advance(60 * 60_000)
  expect(await site.pusher.status()).toMatchObject({ overdue: true, stalled: false })
  await settled(async () => nextTry() !== undefined)
  cable = 'in'
  // The site's own log is what fails now, again and again: central could be reached.
  const read = site.log.read.bind(site.log)
  let reads = 0
  site.log.read = async (tenant, epoch, after, limit) => {
    if (limit === 1) return await read(tenant, epoch, after, limit)
    reads += 1
    return null
  }
  time.advance(60_000)
  await settled(async () => reads > 0 && (await site.pusher.status()).state === 'pushing')
  expect(await site.pusher.status()).toMatchObject({ overdue: true, stalled: false, refusal: null })
  time.advance(16 * 60_000)
  await settled(async () => logged.length > 0)
  expect(await site.pusher.status()).toMatchObject({
    state: 'pushing', stalled: true, refusal: { code: 'KS-SYNC-STALLED', message: expect.stringContaining('3 events') as string },
    streams: [{ tenant: 'acme', stalled: true }],
  })
  expect(logged).toEqual([expect.stringContaining('KS-SYNC-STALLED')])
  site.log.read = read
  expect(await site.pusher.pushNow()).toEqual({ pushed: 3, pending: 0, refusal: null })
  expect(await site.pusher.status()).toMatchObject({ state: 'in-step', overdue: false, stalled: false })
})

test('a stuck stream is tried again slowly, while another goes on at full speed', async () => {
  site.pusher.start()
  time.advance(0)
  site.log.append('acme', 2).append('beta', 1)
  const event = site.log.all('acme')[0]
  const body = event?.body ?? ''
  Object.assign(event ?? {}, { body: body.replace('cli:test', 'cli:changed') })
  site.pusher.notify()
  time.advance(25)
  await settled(async () => (await site.pusher.status()).streams.some((stream) => stream.tenant === 'beta' && stream.unsent === 0 && site.state.cursors.has('beta')))
  expect(await site.pusher.status()).toMatchObject({ state: 'fork', unsent: 2, streams: [{ tenant: 'acme', refusal: { code: 'KS-SYNC-FORK' } }, { tenant: 'beta', refusal: null }] })
  Object.assign(event ?? {}, { body })
  await settled(async () => nextTry() !== undefined)
  if (nextTry() === 25) time.advance(25)
  await settled(async () => (nextTry() ?? 0) > 25)
  expect(nextTry()).toBeGreaterThan(44_900)
  time.advance(45_000)
  await settled(inState('in-step'))
})

test('a site that is not enrolled waits without trying', async () => {
  const alone = makeSite('s9', { clock: time, timers: time, fetch: async () => { throw new Error('tried') } })
  alone.log.append('acme', 1)
  alone.pusher.start()
  alone.pusher.notify()
  time.advance(0)
  expect(await alone.pusher.pushNow()).toEqual({ pushed: 0, pending: 1, refusal: null })
  expect(await alone.pusher.status()).toMatchObject({ state: 'not-enrolled', central: null, overdue: false })
  await alone.pusher.close()
})

test('closing in the middle of a push ends it at once and loses nothing', async () => {
  site.log.append('acme', 5_000)
  const pushing = site.pusher.pushNow()
  await settled(async () => site.state.cursors.has('acme'))
  await site.pusher.close()
  await pushing
  expect(await site.pusher.status()).toMatchObject({ refusal: null })
  const later = makeSite('s1', { log: site.log, state: site.state, privateKey: site.privateKey })
  expect(await later.pusher.pushNow()).toMatchObject({ pending: 0, refusal: null })
  expect(site.state.cursors.get('acme')?.position.sequence).toBe(5_000)
  await later.pusher.close()
})

import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCentralProcess, type CentralProcess } from '#test/support/central-process.ts'
import { startCuttingProxy, type CuttingProxy } from '#test/support/cutting-proxy.ts'
import { startPostgres, type TestPostgres } from '#test/support/postgres.ts'
import { makeSite, type TestSite } from '#test/support/sync-site.ts'
import { THOROUGH } from '#engine/testing/thorough.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-cut-'))
let postgres: TestPostgres

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Place {
  readonly dataFolder: string
  readonly databaseUrl: string | null
  /** Bodies that central holds, read past central. */
  bodies(site: string, tenant: string): Promise<string[]>
  /** Holds the database so that central gets stuck in the middle of storing. */
  hold(): Promise<() => Promise<void>>
}

const BODIES = 'SELECT event.body AS body FROM event JOIN stream ON stream.stream = event.stream WHERE stream.site = $1 AND stream.tenant = $2 ORDER BY event.sequence'

async function sqlitePlace(): Promise<Place> {
  const dataFolder = mkdtempSync(path.join(folder, 'sqlite-'))
  const file = path.join(dataFolder, 'central.db')
  const open = <T>(use: (db: Database.Database) => T): T => {
    const db = new Database(file)
    try {
      return use(db)
    } finally {
      db.close()
    }
  }
  return {
    dataFolder, databaseUrl: null,
    bodies: async (site, tenant) => open((db) => db.prepare(BODIES.replace('$1', '?').replace('$2', '?')).pluck().all(site, tenant) as string[]),
    hold: async () => {
      const db = new Database(file)
      db.exec('BEGIN IMMEDIATE')
      return async () => void db.close()
    },
  }
}

async function postgresPlace(): Promise<Place> {
  const databaseUrl = await postgres.createDatabase(`cut_${Math.random().toString(36).slice(2)}`)
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    return client
  }
  return {
    dataFolder: mkdtempSync(path.join(folder, 'postgres-')), databaseUrl,
    bodies: async (site, tenant) => {
      const client = await connect()
      const { rows } = await client.query<{ body: string }>(BODIES, [site, tenant])
      await client.end()
      return rows.map((row) => row.body)
    },
    // Readers go on, the insert of events waits: central stands in its transaction, past the checks.
    hold: async () => {
      const client = await connect()
      await client.query('BEGIN')
      await client.query('LOCK TABLE event IN EXCLUSIVE MODE')
      return async () => await client.end()
    },
  }
}

describe.each([['SQLite', sqlitePlace, THOROUGH ? 1 : 11], ['PostgreSQL', postgresPlace, THOROUGH ? 2 : 29]] as const)('central on %s, in a process of its own', (_name, makePlace, step) => {
  let place: Place
  let central: CentralProcess
  let proxy: CuttingProxy

  beforeAll(async () => {
    place = await makePlace()
    central = await startCentralProcess(place)
    proxy = await startCuttingProxy(central.url)
    return async () => {
      await proxy.close()
      await central.stop()
    }
  })

  const enrolled = async (name: string): Promise<TestSite> => {
    const site = makeSite(name)
    expect(await site.pusher.enrol({ central: proxy.url, code: await central.enrolCode() })).toMatchObject({ ok: true })
    return site
  }
  const expectSame = async (site: TestSite): Promise<void> => {
    for (const tenant of await site.log.tenants()) {
      expect(await place.bodies(site.log.site, tenant)).toEqual(site.log.all(tenant).map((event) => event.body))
      expect(site.state.cursors.get(tenant)?.position).toMatchObject({ sequence: site.log.all(tenant).length })
    }
  }
  const pushUntilInStep = async (site: TestSite): Promise<void> => {
    for (let attempt = 0; attempt < 5; attempt += 1) if ((await site.pusher.pushNow()).pending === 0) return
    throw new Error(`not in step: ${JSON.stringify(await site.pusher.status())}`)
  }

  test('a connection cut at every kind of place, in request or response, loses and doubles nothing', async () => {
    const site = await enrolled('cut')
    // How many bytes a whole round takes, so that the cuts fall everywhere in it.
    proxy.cutAfter('request', Number.MAX_SAFE_INTEGER)
    site.log.append('acme', 30)
    await pushUntilInStep(site)
    const whole = { ...proxy.passed }
    expect(whole.request).toBeGreaterThan(500)
    await fc.assert(fc.asyncProperty(
      fc.constantFrom('request' as const, 'response' as const), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 40 }),
      async (direction, part, events) => {
        site.log.append('acme', events)
        proxy.cutAfter(direction, Math.ceil(part * whole[direction] * 1.1))
        await site.pusher.pushNow()
        proxy.cutAfter('request', Number.MAX_SAFE_INTEGER)
        await pushUntilInStep(site)
        await expectSame(site)
      },
    ), { numRuns: 60 })
    expect(proxy.cuts).toBeGreaterThan(20)
    await site.pusher.close()
  })

  test(`one exchange, cut at every byte ${step} apart`, async () => {
    const site = await enrolled('every')
    proxy.cutAfter('request', Number.MAX_SAFE_INTEGER)
    site.log.append('acme', 1)
    await pushUntilInStep(site)
    const whole = { ...proxy.passed }
    for (const direction of ['request', 'response'] as const) {
      for (let at = 1; at <= whole[direction]; at += step) {
        site.log.append('acme', 1)
        proxy.cutAfter(direction, at)
        await site.pusher.pushNow()
      }
    }
    proxy.cutAfter('request', Number.MAX_SAFE_INTEGER)
    await pushUntilInStep(site)
    await expectSame(site)
    await site.pusher.close()
  })

  test('an enrolment whose answer was lost is made again with the same code', async () => {
    const site = makeSite('lost-enrolment')
    const code = await central.enrolCode()
    for (const bytes of [1, 200, 400, 600, 800]) {
      proxy.cutAfter('response', bytes)
      await site.pusher.enrol({ central: proxy.url, code })
    }
    proxy.cutAfter('request', Number.MAX_SAFE_INTEGER)
    expect(await site.pusher.enrol({ central: proxy.url, code })).toMatchObject({ ok: true })
    expect(await makeSite('another').pusher.enrol({ central: proxy.url, code })).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-CODE' } })
    site.log.append('acme', 3)
    await pushUntilInStep(site)
    await expectSame(site)
    await site.pusher.close()
  })

  test('kill -9 of central while it stores, at any moment: started again, nothing is lost or doubled', async () => {
    const site = await enrolled('killed')
    let seed = 7
    for (let round = 0; round < 6; round += 1) {
      site.log.append('acme', 1_500).append('beta', 20)
      const pushing = site.pusher.pushNow()
      seed = (seed * 48_271) % 2_147_483_647
      // A moment that nothing announces: the one place where only the clock will do.
      await new Promise((resolve) => setTimeout(resolve, seed % 40))
      await central.kill()
      await pushing
      await proxy.close()
      central = await startCentralProcess(place)
      proxy = await startCuttingProxy(central.url)
      site.state.saved = site.state.saved === null ? null : { ...site.state.saved, central: proxy.url }
    }
    await pushUntilInStep(site)
    await expectSame(site)
    await site.pusher.close()
  })

  test('kill -9 of central between receiving a batch and committing it', async () => {
    const site = await enrolled('between')
    site.log.append('acme', 10)
    await pushUntilInStep(site)
    const release = await place.hold()
    site.log.append('acme', 500)
    const arrived = new Promise<void>((resolve) => {
      proxy.onRequest = resolve
    })
    const pushing = site.pusher.pushNow()
    await arrived
    proxy.onRequest = null
    await new Promise((resolve) => setTimeout(resolve, 150))
    await central.kill()
    await pushing
    await release()
    expect(await place.bodies('between', 'acme')).toHaveLength(10)
    expect(site.state.cursors.get('acme')?.position.sequence).toBe(10)
    await proxy.close()
    central = await startCentralProcess(place)
    proxy = await startCuttingProxy(central.url)
    // The site is bound to central's key: a new address needs no new enrolment.
    site.state.saved = site.state.saved === null ? null : { ...site.state.saved, central: proxy.url }
    await pushUntilInStep(site)
    await expectSame(site)
    await site.pusher.close()
  })
})

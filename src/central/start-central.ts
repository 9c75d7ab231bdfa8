import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import type { Clock } from '#engine/core/ports.ts'
import { makeEnrolCode as newCode, readEnrolCode } from '#engine/sync/enrol-code.ts'
import { generatePrivateKey, fingerprint, loadSigningKey } from '#engine/sync/keys.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import { createCentralApp } from './central-app.ts'
import { openCentralDatabase } from './central-database.ts'
import { CentralStore } from './central-store.ts'
import { startVerifier } from './verifier.ts'

export interface CentralOptions {
  /** 0 takes a free port. */
  readonly port: number
  /** All interfaces when left out. */
  readonly host?: string
  /** `postgres://…`; null keeps the events in `<dataFolder>/central.db`. */
  readonly databaseUrl: string | null
  /** Holds central's key and admin token, with either database. */
  readonly dataFolder: string
  readonly log: SyncLog
  readonly clock?: Clock
}

export interface RunningCentral {
  readonly port: number
  readonly adminToken: string
  /** Of central's key, in groups: what a person at a site may compare. */
  readonly fingerprint: string
  /** A one-time code, good for a day; with `site` only for that site, which may use it to replace its key. */
  makeEnrolCode(site?: string): Promise<string>
  close(): Promise<void>
}

const CODE_LIFETIME_MS = 24 * 60 * 60_000
/** What a stopping central gives its requests. */
const GRACE_MS = 5_000
const SYSTEM_CLOCK: Clock = { now: () => Date.now() }

export async function startCentral(options: CentralOptions): Promise<RunningCentral> {
  const { log, clock = SYSTEM_CLOCK } = options
  const { store, privateKey, adminToken } = await openCentral(options)
  const key = loadSigningKey(privateKey)
  const verifier = startVerifier(log)
  const app = createCentralApp({ store, verifier, key, clock, log, adminToken })
  const server = createAdaptorServer({ fetch: app.fetch })
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port, options.host, resolve)
    })
  } catch (error) {
    await verifier.close()
    await store.close()
    throw error
  }
  const { port } = server.address() as AddressInfo
  log.info({ port, keyId: key.keyId, database: options.databaseUrl === null ? 'sqlite' : 'postgres' }, 'central is ready')
  return {
    port,
    adminToken,
    fingerprint: fingerprint(key.publicKey),
    makeEnrolCode: (site) => addEnrolCode(store, clock, site),
    close: async () => {
      // Requests under way are answered, connections that only wait are closed; one that hangs is not waited for.
      await new Promise<void>((resolve) => {
        const givenUp = setTimeout(() => {
          if ('closeAllConnections' in server) server.closeAllConnections()
        }, GRACE_MS)
        server.close(() => {
          clearTimeout(givenUp)
          resolve()
        })
        if ('closeIdleConnections' in server) server.closeIdleConnections()
      })
      await verifier.close()
      await store.close()
    },
  }
}

/** Makes a code beside a running central, for the command line. */
export async function makeEnrolCode(options: Pick<CentralOptions, 'databaseUrl' | 'dataFolder' | 'log' | 'clock'>, site?: string): Promise<string> {
  const { store } = await openCentral(options)
  try {
    return await addEnrolCode(store, options.clock ?? SYSTEM_CLOCK, site)
  } finally {
    await store.close()
  }
}

async function addEnrolCode(store: CentralStore, clock: Clock, site?: string): Promise<string> {
  const now = clock.now()
  for (;;) {
    const code = newCode()
    const record = readEnrolCode(code)
    if (record === null) throw new Error('made a code that does not read')
    const added = await store.addCode(record, site ?? null, new Date(now).toISOString(), new Date(now + CODE_LIFETIME_MS).toISOString())
    if (added) return code
  }
}

async function openCentral(
  { dataFolder, databaseUrl, log }: Pick<CentralOptions, 'dataFolder' | 'databaseUrl' | 'log'>,
): Promise<{ readonly store: CentralStore; readonly privateKey: string; readonly adminToken: string }> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const privateKey = secretFile(path.join(dataFolder, 'central.key'), generatePrivateKey)
  const adminToken = secretFile(path.join(dataFolder, 'admin-token'), () => randomBytes(24).toString('base64url'))
  const where = databaseUrl === null ? { file: path.join(dataFolder, 'central.db') } : { url: databaseUrl }
  return { store: new CentralStore(await openCentralDatabase(where, log)), privateKey, adminToken }
}

/** Made once, readable by the owner of the folder only. Linked into place: whole or not there, and the first one wins. */
function secretFile(file: string, make: () => string): string {
  if (!existsSync(file)) {
    const fresh = `${file}.${process.pid}`
    writeFileSync(fresh, `${make()}\n`, { mode: 0o600, flush: true })
    try {
      linkSync(fresh, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(fresh)
    }
  }
  return readFileSync(file, 'utf8').trim()
}

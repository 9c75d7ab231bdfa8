import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Clock } from '#engine/core/ports.ts'
import { makeEnrolCode as newCode, readEnrolCode } from '#engine/sync/enrol-code.ts'
import { generatePrivateKey, fingerprint, loadSigningKey } from '#engine/sync/keys.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import { listen, listenForManagement } from '#src/server/listen.ts'
import { createManagementApp } from '#src/server/management.ts'
import { createCentralApp } from './central-app.ts'
import { openCentralDatabase } from './central-database.ts'
import { CentralFigures } from './central-figures.ts'
import { CentralStore } from './central-store.ts'
import { TryLimit } from './try-limit.ts'
import { startVerifier } from './verifier.ts'

export interface CentralOptions {
  /** 0 takes a free port. */
  readonly port: number
  readonly host: string
  /** Health and metrics, on this machine only; null takes 7120, or a free one where that is taken. */
  readonly managementPort: number | null
  readonly version: string
  /** Takes events from other machines without TLS: only on a network that is protected. */
  readonly allowPlainHttp?: boolean
  /** A proxy of ours ends TLS in front of it. */
  readonly behindProxy?: boolean
  /** `postgres://…`; null keeps the events in `<dataFolder>/central.db`. */
  readonly databaseUrl: string | null
  /** Holds central's key and admin token, with either database. */
  readonly dataFolder: string
  readonly log: SyncLog
  readonly clock?: Clock
}

export interface RunningCentral {
  readonly port: number
  readonly managementPort: number
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
const MANAGEMENT_PORT = 7120
const SYSTEM_CLOCK: Clock = { now: () => Date.now() }

export async function startCentral(options: CentralOptions): Promise<RunningCentral> {
  const { log, clock = SYSTEM_CLOCK } = options
  const { store, privateKey, adminToken } = await openCentral(options)
  const key = loadSigningKey(privateKey)
  const verifier = startVerifier(log)
  const closers = [() => store.close(), () => verifier.close()]
  const close = async (): Promise<void> => { for (const end of closers.splice(0).toReversed()) await end() }
  try {
    const figures = new CentralFigures()
    const { allowPlainHttp = false, behindProxy = false } = options
    const parts = { store, verifier, key, clock, log, adminToken, figures, enrolments: new TryLimit(clock), allowPlainHttp, behindProxy }
    const main = await listen(createCentralApp(parts), options.host, options.port)
    closers.push(() => main.close(GRACE_MS))
    const managed = { health: () => health(store, log), metrics: () => figures.text(store, clock) }
    const management = await listenForManagement(createManagementApp(managed, options.version), options.managementPort, MANAGEMENT_PORT)
    closers.push(() => management.close(GRACE_MS))
    log.info({ port: main.port, managementPort: management.port, keyId: key.keyId, database: options.databaseUrl === null ? 'sqlite' : 'postgres' }, 'central is ready')
    return {
      port: main.port, managementPort: management.port, adminToken, fingerprint: fingerprint(key.publicKey),
      makeEnrolCode: (site) => addEnrolCode(store, clock, site), close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function health(store: CentralStore, log: SyncLog): Promise<{ readonly ready: boolean; readonly reason: string | null }> {
  try {
    await store.ping()
    return { ready: true, reason: null }
  } catch (error) {
    log.error({ error: String(error) }, 'the database does not answer')
    return { ready: false, reason: 'the database does not answer' }
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

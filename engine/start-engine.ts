import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { createRouter, type EngineRouter } from '#engine/api/router.ts'
import { metricsText } from '#engine/api/metrics.ts'
import { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { SiteReader } from '#engine/site/site-reader.ts'
import { SiteWriter } from '#engine/site/site-writer.ts'
import { lockDataFolder, prepareDataFolder, type DataPaths } from '#engine/store/data-folder.ts'
import { migrateCore } from '#engine/store/core-schema.ts'
import { migrateSite } from '#engine/store/site-schema.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { startReaders } from '#engine/threads/reader-pool.ts'
import { startWriter } from '#engine/threads/writer-client.ts'
import type { EngineOptions } from './engine.ts'

export interface EngineHealth {
  /** False while orders cannot be taken: read-only, disk full. */
  readonly ready: boolean
  readonly mode: string
  readonly reason: string | null
}

/** A running engine: the one owner of its data folder. */
export interface Engine {
  /** Id of the site; it stays with the data folder. */
  readonly site: string
  /** Every procedure of the contract; transports serve it, the command line calls it in process. */
  readonly router: EngineRouter
  health(): EngineHealth
  /** Prometheus text. */
  metrics(): Promise<string>
  /** Ends work in progress at a safe place, closes the databases, gives the folder free. */
  close(): Promise<void>
  /** Rejects when the engine can no longer go on by itself; whoever started it starts a new one. */
  readonly failed: Promise<never>
}

/**
 * Starts the engine on a data folder. Throws RefusalError where the folder is held by another engine (KS-DATA-LOCKED), newer
 * than this version (KS-DATA-NEWER), or not one of Keelson's.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const paths = prepareDataFolder(options.dataFolder)
  const lock = lockDataFolder(paths, options.sqliteBinary)
  try {
    // The site has its identity before the first thread looks for it.
    const db = openSqlite(paths.site, { binary: options.sqliteBinary })
    migrateSite(db)
    new SiteWriter(db, options.clock, options.ids).close()
    migrateTenants(paths, options.sqliteBinary)
    let fail: (error: Error) => void = () => undefined
    const failed = new Promise<never>((_, reject) => { fail = reject })
    failed.catch(() => undefined)
    const given = { dataFolder: options.dataFolder, sqliteBinary: options.sqliteBinary }
    const writer = startWriter(options.entries.writer, given, error => {
      options.log.error({ error }, 'the writer ended; the engine cannot go on')
      fail(error)
    })
    const reader = startReaders(options.entries.reader, given, Math.max(1, Math.min(3, cpus().length - 1)))
    const runtime = new SiteRuntime({ options, paths, site: new SiteReader(paths.site, options.sqliteBinary), reader, writer })
    await runtime.start()
    options.log.info({ dataFolder: options.dataFolder, version: options.version, tenants: runtime.tenants().length }, 'engine started')
    return {
      site: runtime.site.site().id,
      router: createRouter(runtime),
      health: () => {
        const { mode, reason } = writer.mode()
        return { ready: mode === 'running', mode, reason }
      },
      metrics: () => metricsText(runtime),
      close: async () => {
        await runtime.stop()
        lock.release()
        options.log.info({}, 'engine stopped')
      },
      failed,
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Before a reader looks at a tenant: readers cannot change what an older version made. */
function migrateTenants(paths: DataPaths, binary: string | undefined): void {
  const site = new SiteReader(paths.site, binary)
  for (const tenant of site.tenants()) {
    if (!existsSync(paths.core(tenant))) continue
    const db = openSqlite(paths.core(tenant), { binary })
    migrateCore(db)
    db.close()
  }
  site.close()
}

import Database from 'better-sqlite3'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import type { Db } from './sqlite.ts'

/** Version of the layout of a data folder. */
export const DATA_FORMAT = 1

/** Where everything lies below a data folder. */
export function dataPaths(folder: string) {
  return {
    folder,
    format: join(folder, 'format'),
    lock: join(folder, 'lock.db'),
    site: join(folder, 'site.db'),
    packs: join(folder, 'packs'),
    /** Media that people dropped into a window; goes by itself. */
    handedMedia: join(folder, 'media'),
    socket: join(folder, 'engine.sock'),
    tenants: join(folder, 'tenants'),
    tenant: (tenant: string) => join(folder, 'tenants', tenant),
    core: (tenant: string) => join(folder, 'tenants', tenant, 'core.db'),
    /** Derived from core.db. */
    words: (tenant: string) => join(folder, 'tenants', tenant, 'words.db'),
    /** Tables of the tenant's packs: each file a fold of core.db's log. */
    ext: (tenant: string) => join(folder, 'tenants', tenant, 'ext'),
    imports: (tenant: string) => join(folder, 'tenants', tenant, 'imports'),
    /** What impacts found: a database for each run. */
    runs: (tenant: string) => join(folder, 'tenants', tenant, 'runs'),
    outbox: (tenant: string, name: string) => join(folder, 'tenants', tenant, name),
  } as const
}

export type DataPaths = ReturnType<typeof dataPaths>

/**
 * Makes the folder or checks its stamp. A newer format is refused, so that an older engine never writes what it does
 * not understand.
 */
export function prepareDataFolder(folder: string): DataPaths {
  const paths = dataPaths(folder)
  if (existsSync(paths.format)) {
    const found = Number(readFileSync(paths.format, 'utf8').trim())
    if (!Number.isInteger(found) || found < 1) {
      throw new RefusalError({
        code: 'KS-DATA-FORMAT', message: `The file "format" in the data folder does not hold a number.`,
        remedy: 'Restore the folder from a backup, or name another folder with --data.', values: { folder },
      })
    }
    if (found > DATA_FORMAT) {
      throw new RefusalError({
        code: 'KS-DATA-NEWER', message: `The data folder has format ${found}; this version of Keelson knows formats up to ${DATA_FORMAT}.`,
        remedy: 'Start the newer Keelson that wrote it. Nothing was changed.', values: { found, known: DATA_FORMAT, folder },
      })
    }
  } else {
    if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(paths.site)) {
      throw new RefusalError({
        code: 'KS-DATA-FOREIGN', message: 'The folder is not empty and is not a data folder of Keelson.',
        remedy: 'Name an empty folder with --data.', values: { folder },
      })
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(`${paths.format}.new`, `${DATA_FORMAT}\n`)
    renameSync(`${paths.format}.new`, paths.format)
  }
  mkdirSync(paths.packs, { recursive: true })
  mkdirSync(paths.tenants, { recursive: true })
  return paths
}

/**
 * The exclusive lock of a data folder: an open transaction on lock.db, which the operating system ends with the process.
 * Refused with KS-DATA-LOCKED when another engine holds it.
 */
export function lockDataFolder(paths: DataPaths, binary: string | undefined): { release(): void } {
  // Without waiting: whoever finds the folder held wants to talk to the holder at once.
  const db: Db = new Database(paths.lock, { timeout: 0, ...(binary === undefined ? {} : { nativeBinding: binary }) })
  try {
    db.pragma('journal_mode = DELETE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error
    throw new RefusalError({
      code: 'KS-DATA-LOCKED', message: 'Another Keelson holds this data folder.',
      remedy: 'Use that one, or end it first.', values: { folder: paths.folder },
    })
  }
  return {
    release() {
      db.exec('ROLLBACK')
      db.close()
    },
  }
}

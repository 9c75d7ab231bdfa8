import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TableDeclaration } from '#engine/contracts/v1/index.ts'
import { PackDatabase } from './pack-database.ts'
import { openSqlite, type Db } from './sqlite.ts'

export interface PackVersion {
  readonly pack: string
  readonly digest: string
}

/** Where the tables of a tenant's packs lie. */
export function packFiles(folder: string) {
  return {
    folder,
    tables: ({ pack, digest }: PackVersion) => join(folder, `${pack}@${digest}.db`),
    /** Which version's tables answer for each pack. */
    current: join(folder, 'current.db'),
  } as const
}

const CURRENT = 'CREATE TABLE IF NOT EXISTS current (pack TEXT PRIMARY KEY, digest TEXT NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID'
const ENDS = ['', '-wal', '-shm'] as const

/**
 * The tables of a tenant's packs, to write. They belong to the writer thread: it alone writes to files of a tenant, it is
 * fair between tenants, and it knows what to do when the disk is full. Which version answers stands in a file of its own
 * beside them, so that folding and switching leave core.db as it is, to the byte.
 */
export class PackFiles {
  readonly #paths: ReturnType<typeof packFiles>
  readonly #binary: string | undefined
  readonly #open = new Map<string, PackDatabase>()
  #current: Db | null = null

  constructor(folder: string, binary: string | undefined) {
    this.#paths = packFiles(folder)
    this.#binary = binary
  }

  /** Throws DamagedTablesError. */
  open(version: PackVersion, tables: readonly TableDeclaration[]): PackDatabase {
    const file = this.#paths.tables(version)
    const known = this.#open.get(file)
    if (known?.isInPlace() === true) return known
    known?.close()
    this.#open.delete(file)
    mkdirSync(dirname(file), { recursive: true })
    const database = PackDatabase.toWrite(file, tables, this.#binary)
    this.#open.set(file, database)
    return database
  }

  /** Puts a damaged file out of the way, for a person to look at; the one before it is forgotten. */
  setAside(version: PackVersion): void {
    const file = this.#paths.tables(version)
    this.#close(file)
    for (const end of ENDS) if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${file}.damaged${end}`)
  }

  /** One row: before it the old version answers, after it the new one. */
  switchTo({ pack, digest }: PackVersion, now: number): void {
    this.#currentDb().prepare<[string, string, number]>(
      'INSERT INTO current (pack, digest, since) VALUES (?, ?, ?) ON CONFLICT (pack) DO UPDATE SET digest = excluded.digest, since = excluded.since').run(pack, digest, now)
  }

  /** Removes the tables of a pack, of one version or of all, and what was set aside of them. */
  drop(pack: string, digest: string | null): void {
    if (!existsSync(this.#paths.folder)) return
    const begin = digest === null ? `${pack}@` : `${pack}@${digest}.db`
    for (const file of [...this.#open.keys()]) if (file.startsWith(join(this.#paths.folder, begin))) this.#close(file)
    for (const name of readdirSync(this.#paths.folder)) if (name.startsWith(begin)) rmSync(join(this.#paths.folder, name))
    this.#currentDb().prepare<[string, string | null, string | null]>('DELETE FROM current WHERE pack = ? AND (? IS NULL OR digest = ?)').run(pack, digest, digest)
  }

  close(): void {
    for (const database of this.#open.values()) database.close()
    this.#open.clear()
    this.#current?.close()
    this.#current = null
  }

  #close(file: string): void {
    this.#open.get(file)?.close()
    this.#open.delete(file)
  }

  #currentDb(): Db {
    if (this.#current !== null && existsSync(this.#paths.current)) return this.#current
    this.#current?.close()
    mkdirSync(this.#paths.folder, { recursive: true })
    try {
      this.#current = openCurrent(this.#paths.current, this.#binary)
    } catch (error) {
      if (!(error instanceof Error && /malformed|not a database/.test(error.message))) throw error
      // Nothing is lost: each version's tables say themselves how far they are, and are switched to again.
      for (const end of ENDS) rmSync(`${this.#paths.current}${end}`, { force: true })
      this.#current = openCurrent(this.#paths.current, this.#binary)
    }
    return this.#current
  }
}

/** Digest of the version whose tables answer, by pack id; of one that is not named none was ever whole. */
export function readCurrent(folder: string, binary: string | undefined): Map<string, string> {
  const { current } = packFiles(folder)
  if (!existsSync(current)) return new Map()
  let db: Db | null = null
  try {
    db = openSqlite(current, { readonly: true, binary })
    return new Map(db.prepare<[], PackVersion>('SELECT pack, digest FROM current').all().map(({ pack, digest }) => [pack, digest]))
  } catch (error) {
    if (error instanceof Error && /malformed|not a database|no such table/.test(error.message)) return new Map()
    throw error
  } finally {
    db?.close()
  }
}

function openCurrent(file: string, binary: string | undefined): Db {
  const db = openSqlite(file, { binary })
  try {
    db.exec(CURRENT)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

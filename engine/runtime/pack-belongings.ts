import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TableDeclaration } from '#engine/contracts/v1/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock } from '#engine/core/ports.ts'
import type { Result } from '#engine/core/refusal.ts'
import type { DataPaths } from '#engine/store/data-folder.ts'
import { exportTables } from '#engine/store/export-tables.ts'
import { packFiles, readCurrent } from '#engine/store/pack-files.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'

/** What a pack owns for a tenant, beside the record of what it did. */
export interface PackLedger {
  readonly states: number
  readonly cursors: readonly string[]
  /** Parked work that only this pack could do. */
  readonly parked: number
  /** Files of its tables. */
  readonly files: readonly string[]
}

export interface ExportedTables {
  readonly folder: string
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
}

/** How long the tables of a version stay that the tenant runs no more. */
const UNDO_DAYS = 30

interface Ports {
  readonly tenant: string
  readonly paths: DataPaths
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly clock: Clock
  readonly sqliteBinary: string | undefined
}

/** Everything that packs own for a tenant: to look at, to carry out, to drop. */
export class PackBelongings {
  readonly #ports: Ports

  constructor(ports: Ports) {
    this.#ports = ports
  }

  async ledgerOf(pack: string): Promise<PackLedger> {
    const { tenant, paths, reader } = this.#ports
    const rows = await reader.read(tenant, 'pack-ledger', { pack })
    const ext = paths.ext(tenant)
    return { ...rows, files: existsSync(ext) ? readdirSync(ext).filter(name => name.startsWith(`${pack}@`)) : [] }
  }

  /** Writes the rows of a pack's tables into a folder of the tenant; null where it has none. */
  exportRows(pack: string, digest: string, tables: readonly TableDeclaration[]): ExportedTables | null {
    const { tenant, paths, clock, sqliteBinary } = this.#ports
    const file = packFiles(paths.ext(tenant)).tables({ pack, digest })
    if (tables.length === 0 || !existsSync(file)) return null
    const folder = join(paths.tenant(tenant), 'exports', `${pack}-${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-')}`)
    return { folder, tables: exportTables(file, tables, folder, sqliteBinary) }
  }

  /**
   * Removes tables of versions that the tenant has not run for UNDO_DAYS: until then an undo finds them as they were. Nothing is lost
   * with them, since whatever runs that version again has it fold the log anew.
   */
  async sweepTables(running: ReadonlySet<string>, invocation: Invocation): Promise<void> {
    const { tenant, paths, writer, clock, sqliteBinary } = this.#ports
    const ext = paths.ext(tenant)
    const answering = new Set(readCurrent(ext, sqliteBinary).values())
    for (const name of existsSync(ext) ? readdirSync(ext) : []) {
      const [, pack, digest] = /^(.+)@([0-9a-f]{64})\.db$/.exec(name) ?? []
      if (pack === undefined || digest === undefined || running.has(digest) || answering.has(digest)) continue
      if (clock.now() - statSync(join(ext, name)).mtimeMs < UNDO_DAYS * 86_400_000) continue
      const dropped = await writer.run(tenant, 'drop-tables', { pack, digest }, invocation)
      // A disk that takes nothing now: they go another time.
      if (!dropped.ok) return
    }
  }

  /** Drops everything in the ledger of a pack that no profile of the tenant runs any more. */
  async drop(pack: string, versions: readonly { readonly version: string; readonly digest: string }[], invocation: Invocation): Promise<Result<unknown>> {
    const { tenant, writer } = this.#ports
    const dropped = await writer.run(tenant, 'drop-pack', { pack, versions }, invocation)
    // The writer owns the files of the tables.
    return dropped.ok ? await writer.run(tenant, 'drop-tables', { pack, digest: null }, invocation) : dropped
  }
}

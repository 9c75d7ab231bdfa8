import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackManifest, QueryDeclaration, Row, RowKey, TableDeclaration } from '#engine/contracts/v1/index.ts'
import type { ModuleUse, OpenPack } from '#engine/packs/composition.ts'
import { buildKpack, openKpack } from '#engine/packs/kpack.ts'
import { createPackHost, type PackHostClient } from '#engine/packs/pack-host-client.ts'
import type { StartPackHost } from '#engine/packs/pack-host.ts'
import { FoldRunner } from '#engine/pipeline/fold-runner.ts'
import { readQueries } from '#engine/projections/index.ts'
import { packFiles } from '#engine/store/pack-files.ts'
import { PackDatabase } from '#engine/store/pack-database.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import type { PackHostLimits } from '#engine/sandbox/protocol.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { compositionOf, packUse } from './pack-fixtures.ts'
import { TENANT, TestTenant } from './test-tenant.ts'

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A pack with a report, and a reactor if need be, made of texts of code. */
export interface ReportPack {
  readonly id: string
  readonly version: string
  readonly tables: readonly TableDeclaration[]
  readonly queries?: readonly QueryDeclaration[]
  readonly reads: readonly string[]
  readonly code: string
  readonly reactor?: { readonly reads: readonly string[]; readonly code: string }
}

/** One tenant on real SQLite whose log is folded by packs in a real pack host. */
export class FoldingTenant {
  readonly tenant = new TestTenant()
  readonly host: PackHostClient
  /** Cuts the engine off before a command of the writer, or after it, so that its answer is never heard. */
  interrupt: ((command: string) => 'before' | 'after' | null) | null = null
  readonly #packs = new Map<string, OpenPack>()
  #modules: readonly ModuleUse[] = []
  #runner: FoldRunner | null = null

  constructor(start: StartPackHost, limits: Partial<PackHostLimits> = {}) {
    this.host = createPackHost({
      tenant: TENANT, start, loadPack: digest => Promise.resolve(this.#packs.get(digest) ?? null), clock: this.tenant.clock, log: SILENT, limits,
    })
  }

  /** Enables exactly these packs, as a profile would. */
  enable(...packs: readonly ReportPack[]): ModuleUse[] {
    const modules = packs.map((pack): ModuleUse => {
      const bytes = reportKpack(pack)
      const read = openKpack(bytes)
      if (!read.ok) throw new Error(read.refusal.message)
      const opened = read.value
      this.#packs.set(opened.digest, opened)
      writeFileSync(join(dataPaths(this.tenant.folder).packs, `${opened.digest}.kpack`), bytes)
      return { pack: pack.id, version: pack.version, digest: opened.digest, config: {}, configDigest: '', manifest: opened.manifest }
    })
    this.#modules = modules
    return modules
  }

  /** A runner that knows nothing, as after a start. */
  restart(range?: number): FoldRunner {
    this.#runner = new FoldRunner({
      tenant: TENANT, reader: this.#reader(), writer: this.#writer(), host: this.host, log: SILENT, timers: { after: () => () => undefined },
      ...(range === undefined ? {} : { range }),
      invocation: () => this.tenant.invocation(),
      activeComposition: () => Promise.resolve(compositionOf({ tenant: TENANT, modules: this.#modules, pricing: NOBODY })),
      packOf: digest => this.#packs.get(digest) ?? null,
    })
    return this.#runner
  }

  get runner(): FoldRunner {
    return this.#runner ?? this.restart()
  }

  file({ pack, digest }: ModuleUse): string {
    return packFiles(dataPaths(this.tenant.folder).ext(TENANT)).tables({ pack, digest })
  }

  read<T>(module: ModuleUse, read: (database: PackDatabase) => T): T | null {
    return PackDatabase.read(this.file(module), module.manifest.tables ?? [], undefined, read)
  }

  rows(module: ModuleUse, keys: readonly RowKey[]): readonly (Row | null)[] | null {
    return this.read(module, database => database.rows(keys))
  }

  async end(): Promise<void> {
    await this.#runner?.stop()
    await this.host.close()
    this.tenant.end()
  }

  #reader(): ReaderPool {
    const reader = this.tenant.reader()
    return {
      read: (_, name, input) => Promise.resolve().then(() => (readQueries[name] as (of: typeof reader, input: unknown) => never)(reader, input)),
      close: () => Promise.resolve(),
    }
  }

  #writer(): Pick<WriterClient, 'run'> & WriterClient {
    return {
      run: (_, name, input, invocation) => Promise.resolve().then(() => {
        const when = this.interrupt?.(name) ?? null
        const result = when === 'before' ? null : this.tenant.run(name, input, invocation)
        if (result === null || when === 'after') throw new Error('cut off')
        return result
      }),
    } as WriterClient
  }
}

const NOBODY = packUse({ pack: 'nobody', digest: 'none', contract: 'pricing-policy', entry: 'code/none.js', config: {} })

/** The bytes of its `.kpack`. */
export function reportKpack({ id, version, tables, queries, reads, code, reactor }: ReportPack): Uint8Array {
  const manifest: PackManifest = {
    manifest: 1, id, version, publisher: 'test', title: id, description: id, engine: '*', tables, ...(queries === undefined ? {} : { queries }),
    implements: [
      { contract: 'report', version: 'v1', entry: 'code/report.js', config: {}, reads: [...reads] },
      ...(reactor === undefined ? [] : [{ contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: {}, reads: [...reactor.reads] } as const]),
    ],
  }
  const files = { 'manifest.json': JSON.stringify(manifest), 'code/report.js': code, ...(reactor === undefined ? {} : { 'code/reactor.js': reactor.code }), 'locales/en.json': '{}', 'locales/de.json': '{}', 'locales/ar.json': '{}' }
  return buildKpack(new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]))).bytes
}

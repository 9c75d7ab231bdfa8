import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { createPackHost } from '#engine/packs/pack-host-client.ts'
import type { StartPackHost } from '#engine/packs/pack-host.ts'
import { PackFold, type FoldPorts } from '#engine/pipeline/pack-fold.ts'
import { readQueries } from '#engine/projections/index.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'
import { PackDatabase } from '#engine/store/pack-database.ts'
import { PackFiles, packFiles } from '#engine/store/pack-files.ts'

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Digest of a pack's tables folded anew from the log up to a place, in a folder of its own; the data folder is only read.
 * Throws RefusalError where the pack does not fold.
 */
export async function foldAnew(tenant: string, pack: OpenPack, upTo: LogPosition, given: { readonly dataFolder: string; readonly binary: string | undefined; readonly startPackHost: StartPackHost }): Promise<string> {
  const { dataFolder, binary, startPackHost } = given
  const { id, version, tables = [] } = pack.manifest
  const folder = mkdtempSync(join(tmpdir(), 'keelson-fold-'))
  const reader = new TenantReader(dataFolder, tenant, binary, folder)
  const files = new PackFiles(folder, binary)
  const host = createPackHost({ tenant, start: startPackHost, loadPack: () => Promise.resolve(pack), clock: { now: () => 0 }, log: SILENT })
  try {
    const fold = new PackFold({
      tenant, host, log: SILENT, upTo,
      invocation: () => NOBODY,
      reader: { read: (_, name, input) => Promise.resolve().then(() => (readQueries[name] as (of: TenantReader, input: unknown) => never)(reader, input)) },
      writer: { run: (_, name, input) => Promise.resolve({ ok: true, value: write(files, name, input) as never }) },
    }, { pack: id, version, digest: pack.digest, manifest: pack.manifest })
    while (await fold.advance('bulk', null)) { /* until it is there */ }
    if (fold.blocked !== null) throw new RefusalError(fold.blocked)
    return PackDatabase.read(packFiles(folder).tables({ pack: id, digest: pack.digest }), tables, binary, database => database.digest().computed) ?? '0'.repeat(64)
  } finally {
    await host.close()
    files.close()
    reader.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The writer's commands that a fold needs, on files of its own; what it parks is parked already. */
function write(files: PackFiles, name: Parameters<FoldPorts['writer']['run']>[1], input: unknown): unknown {
  if (name !== 'record-fold') return {}
  const { version, tables, ...step } = input as Parameters<typeof import('#engine/commands/fold-commands.ts').recordFold.handle>[1]
  return { state: files.open(version, tables).fold(step) ? 'moved' : 'elsewhere' }
}

const NOBODY: ReturnType<FoldPorts['invocation']> = {
  id: 'doctor', correlationId: 'doctor', parentId: null, tenant: '', actor: { id: 'system:doctor', kind: 'system', method: 'engine', roles: [] }, locale: 'en', site: '', reason: null, toggles: [],
}

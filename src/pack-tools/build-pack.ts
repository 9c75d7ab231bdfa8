import { renameSync, rmSync, writeFileSync } from 'node:fs'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { buildKpack } from '#engine/packs/kpack.ts'
import { schemaFaults } from '#engine/packs/schema-faults.ts'
import { bundleEntry } from './bundle-entry.ts'
import { readPackSources, refused } from './pack-sources.ts'
import { librariesOf, type Library, sbomOf } from './sbom.ts'

export interface BuiltPack {
  readonly manifest: PackManifest
  readonly bytes: Uint8Array
  /** SHA-256 (hex) of the bytes. */
  readonly digest: string
  readonly libraries: readonly Library[]
}

/**
 * Makes a `.kpack` of a pack's folder: one file of code for each contract, the rest as it is, and the bill of what went in.
 * The same sources give the same bytes, wherever and whenever. Throws RefusalError KS-PACK-FOLDER, -MANIFEST, -SCHEMA,
 * -INCOMPLETE, -IMPORT, -REACH, -BUNDLE, and whatever openKpack would refuse the result for.
 */
export async function buildPack(folder: string): Promise<BuiltPack> {
  const sources = readPackSources(folder)
  const [fault] = schemaFaults(sources.manifest)
  if (fault !== undefined) throw refused('KS-PACK-SCHEMA', `${fault.at} in manifest.json is no JSON Schema: ${fault.why}`, 'Correct it; it is JSON Schema 2020-12.', { at: fault.at })
  const files = new Map(sources.files)
  const modules: string[] = []
  for (const { name, source } of sources.entries) {
    const bundled = await bundleEntry(sources.folder, source)
    files.set(name, new TextEncoder().encode(bundled.code))
    modules.push(...bundled.modules)
  }
  const unique = [...new Set(modules)]
  files.set('sbom.json', new TextEncoder().encode(sbomOf(sources.manifest, unique)))
  return { manifest: sources.manifest, ...packed(files), libraries: librariesOf(unique) }
}

/** What a site would refuse the pack for, said to the one who can mend it. */
function packed(files: ReadonlyMap<string, Uint8Array>): ReturnType<typeof buildKpack> {
  try {
    return buildKpack(files)
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    const { file } = error.refusal.values ?? {}
    throw new RefusalError({ ...error.refusal, remedy: typeof file === 'string' ? `Correct ${file}, or what it names; a site would refuse the pack.` : 'Correct that; a site would refuse the pack.' })
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, bytes)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

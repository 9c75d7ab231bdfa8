import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { z } from 'zod'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { type Refusal, RefusalError } from '#engine/core/refusal.ts'
import { manifestSchema } from '#engine/packs/manifest-schema.ts'

/** A pack as its author keeps it: what goes into the pack file as it is, and what is bundled. */
export interface PackSources {
  /** The folder, with every link followed. */
  readonly folder: string
  readonly manifest: PackManifest
  /** By their names in the pack: manifest, catalog, locales, cases, ui, README. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Each file in `code/` that the manifest names, with the source that it is made from. */
  readonly entries: readonly { readonly name: string; readonly source: string }[]
}

const TAKEN_AS_IT_IS = /^(?:(?:locales|cases|ui)\/[^/]+\.json|catalog\.json|README\.md)$/

/** Reads the folder of a pack. Throws RefusalError KS-PACK-FOLDER, -MANIFEST or -INCOMPLETE. */
export function readPackSources(given: string): PackSources {
  if (!existsSync(join(given, 'manifest.json'))) {
    throw refused('KS-PACK-FOLDER', `${given} is no folder of a pack: it has no manifest.json.`, 'Name the folder that holds manifest.json, or make one: keelson new pack.', { folder: given })
  }
  const folder = realpathSync(given)
  const manifest = readManifest(folder)
  const files = new Map<string, Uint8Array>([['manifest.json', readFileSync(join(folder, 'manifest.json'))]])
  for (const part of ['.', 'locales', 'cases', 'ui']) {
    for (const file of filesIn(join(folder, part))) {
      const name = relative(folder, file).replaceAll(sep, '/')
      if (TAKEN_AS_IT_IS.test(name)) files.set(name, readFileSync(file))
    }
  }
  const code = [...manifest.implements.map(part => part.entry), manifest.lifeCycle].filter(entry => entry?.startsWith('code/') === true) as string[]
  const entries = [...new Set(code)].map(name => ({ name, source: join(folder, 'src', `${basename(name, '.js')}.ts`) }))
  for (const { name, source } of entries) {
    if (!existsSync(source)) throw refused('KS-PACK-INCOMPLETE', `${name} is made from src/${basename(source)}, which is not there.`, 'Write that file, or correct the entry in manifest.json.', { file: `src/${basename(source)}` })
  }
  return { folder, manifest, files, entries }
}

function readManifest(folder: string): PackManifest {
  const bad = (why: string) => refused('KS-PACK-MANIFEST', `manifest.json of the pack is not valid: ${why}`, 'Correct it; the guide lists every field.', { file: 'manifest.json' })
  let value: unknown
  try {
    value = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) throw bad(`\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map(name => join(folder, name)).filter(name => statSync(name).isFile()).toSorted()
}

export function refused(code: Refusal['code'], message: string, remedy: string, values?: NonNullable<Refusal['values']>): RefusalError {
  return new RefusalError({ code, message, remedy, ...(values === undefined ? {} : { values }) })
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { version as viteVersion } from 'vite'
import { manifestSchema } from '#engine/packs/manifest-schema.ts'
import { buildPack, writeWhole } from '#src/pack-tools/build-pack.ts'

export interface BuiltPack {
  readonly id: string
  readonly version: string
  /** Path of the `.kpack`. */
  readonly file: string
  readonly digest: string
  /** False where the sources were the same as last time. */
  readonly built: boolean
}

/** What was built from what: source key and digest of each pack file. */
type BuildRecord = Readonly<Record<string, { readonly sources: string; readonly digest: string }>>

const PROJECT = path.resolve(import.meta.dirname, '..')
const RECORD = '.built.json'

/**
 * Builds every first-party pack (a folder each in `from`, published by keelson) to `<into>/<id>-<version>.kpack`. The same
 * sources give the same bytes; a pack whose sources did not change is left alone. Files of other packs are removed.
 */
export async function buildPacks(into: string = path.join(PROJECT, 'out/packs'), from: string = path.join(PROJECT, 'extensions')): Promise<readonly BuiltPack[]> {
  mkdirSync(into, { recursive: true })
  const before = readRecord(into)
  const shared = hashOf([...filesBelow(path.join(PROJECT, 'engine/contracts')), ...['kpack.ts', 'manifest-schema.ts', 'declaration-schemas.ts'].map(name => path.join(PROJECT, 'engine/packs', name)), ...filesBelow(path.join(PROJECT, 'src/pack-tools')), import.meta.filename])
  const packs: BuiltPack[] = []
  const record: Record<string, { sources: string; digest: string }> = {}
  for (const id of packIds(from)) {
    const folder = path.join(from, id)
    const sources = createHash('sha256').update(`${viteVersion} ${shared} ${hashOf(filesBelow(folder))}`).digest('hex')
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')))
    const name = `${manifest.id}-${manifest.version}.kpack`
    const file = path.join(into, name)
    const known = before[name]
    const fresh = known !== undefined && known.sources === sources && existsSync(file) && hashOf([file], false) === known.digest
    const digest = fresh ? known.digest : await makePack(folder, file)
    record[name] = { sources, digest }
    packs.push({ id: manifest.id, version: manifest.version, file, digest, built: !fresh })
  }
  for (const name of readdirSync(into)) if (name.endsWith('.kpack') && record[name] === undefined) rmSync(path.join(into, name))
  writeFileSync(path.join(into, RECORD), `${JSON.stringify(record, null, 2)}\n`)
  return packs
}

async function makePack(folder: string, file: string): Promise<string> {
  const { bytes, digest } = await buildPack(folder)
  writeWhole(file, bytes)
  return digest
}

/** Packs that come with Keelson are those that it publishes: whoever writes one of their own beside them can break only that. */
function packIds(folder: string): string[] {
  const manifest = (id: string) => path.join(folder, id, 'manifest.json')
  return readdirSync(folder).filter(id => !id.startsWith('_') && existsSync(manifest(id)) && /"publisher":\s*"keelson"/.test(readFileSync(manifest(id), 'utf8'))).toSorted()
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => path.join(folder, name)).filter(name => statSync(name).isFile() && !name.endsWith('.test.ts')).toSorted()
}

function hashOf(files: readonly string[], named = true): string {
  const hash = createHash('sha256')
  for (const file of files) {
    if (named) hash.update(`${path.relative(PROJECT, file)}\n`)
    hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}

function readRecord(into: string): BuildRecord {
  const file = path.join(into, RECORD)
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BuildRecord
  } catch (error) {
    // A record cut off by a crash only costs a rebuild.
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const pack of await buildPacks(process.argv[2])) {
    process.stdout.write(`${pack.built ? 'built ' : 'fresh '} ${path.basename(pack.file)}  ${pack.digest.slice(0, 16)}\n`)
  }
}

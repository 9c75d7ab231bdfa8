import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, version as viteVersion } from 'vite'
import { buildKpack } from '#engine/packs/kpack.ts'
import { manifestSchema } from '#engine/packs/manifest-schema.ts'

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
 * Builds every first-party pack (`extensions/<id>` with a manifest.json) to `<into>/<id>-<version>.kpack`. The same
 * sources give the same bytes; a pack whose sources did not change is left alone. Files of other packs are removed.
 */
export async function buildPacks(into: string = path.join(PROJECT, 'out/packs')): Promise<readonly BuiltPack[]> {
  mkdirSync(into, { recursive: true })
  const before = readRecord(into)
  const shared = hashOf([...filesBelow(path.join(PROJECT, 'engine/contracts')), ...['kpack.ts', 'manifest-schema.ts', 'declaration-schemas.ts'].map(name => path.join(PROJECT, 'engine/packs', name)), import.meta.filename])
  const packs: BuiltPack[] = []
  const record: Record<string, { sources: string; digest: string }> = {}
  for (const id of packIds()) {
    const folder = path.join(PROJECT, 'extensions', id)
    const sources = createHash('sha256').update(`${viteVersion} ${shared} ${hashOf(filesBelow(folder))}`).digest('hex')
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')))
    const name = `${manifest.id}-${manifest.version}.kpack`
    const file = path.join(into, name)
    const known = before[name]
    const fresh = known !== undefined && known.sources === sources && existsSync(file) && hashOf([file], false) === known.digest
    const digest = fresh ? known.digest : await buildPack(folder, file)
    record[name] = { sources, digest }
    packs.push({ id: manifest.id, version: manifest.version, file, digest, built: !fresh })
  }
  for (const name of readdirSync(into)) if (name.endsWith('.kpack') && record[name] === undefined) rmSync(path.join(into, name))
  writeFileSync(path.join(into, RECORD), `${JSON.stringify(record, null, 2)}\n`)
  return packs
}

/** Bundles each contract's module to one file, collects the rest and writes the pack; complete or not at all. */
async function buildPack(folder: string, file: string): Promise<string> {
  const files = new Map<string, Uint8Array>()
  for (const source of filesBelow(folder)) {
    const name = path.relative(folder, source).replaceAll(path.sep, '/')
    if (/^(locales|cases|ui)\/[^/]+\.json$/.test(name) || name === 'README.md') files.set(name, readFileSync(source))
  }
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')))
  files.set('manifest.json', readFileSync(path.join(folder, 'manifest.json')))
  const code = [...manifest.implements.map(part => part.entry), manifest.lifeCycle].filter((name): name is string => name?.startsWith('code/') === true)
  for (const entry of new Set(code)) {
    files.set(entry, new TextEncoder().encode(await bundle(path.join(folder, 'src', `${path.basename(entry, '.js')}.ts`))))
  }
  const { bytes, digest } = buildKpack(files)
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, bytes)
  renameSync(temporary, file)
  return digest
}

/** One CommonJS text, readable, without any import: what the sandbox evaluates. */
async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false, root: PROJECT, logLevel: 'error', envFile: false, publicDir: false,
    build: {
      write: false, minify: false, sourcemap: false, target: 'es2022', copyPublicDir: false,
      lib: { entry, formats: ['cjs'], fileName: 'pack' },
      rolldownOptions: { output: { esModule: false, generatedCode: { symbols: false }, comments: { jsdoc: false, annotation: false, legal: true }, codeSplitting: false } },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap(each => 'output' in each ? each.output : [])
  const [chunk] = outputs
  if (outputs.length !== 1 || chunk === undefined || chunk.type !== 'chunk') throw new Error(`${entry} does not bundle to one file`)
  if (chunk.imports.length > 0 || /\brequire\s*\(/.test(chunk.code)) throw new Error(`${entry} imports what a pack may not: ${chunk.imports.join(', ')}`)
  return chunk.code.replace(/\/\/#(?:region|endregion).*\n/g, '')
}

function packIds(): string[] {
  const folder = path.join(PROJECT, 'extensions')
  return readdirSync(folder).filter(id => existsSync(path.join(folder, id, 'manifest.json')) && !id.startsWith('_')).toSorted()
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

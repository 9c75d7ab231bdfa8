import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundles } from './bundles.ts'
import { withLock } from './lock.ts'

/** A part of `out/` that is made anew when what it is made from has changed. */
interface Step {
  readonly name: string
  readonly says: string
  readonly inputs: readonly string[]
  make(outDir: string): Promise<void>
}

const projectRoot = fileURLToPath(new URL('..', import.meta.url))
/** What every step depends on: the packages and the build itself. */
const shared = ['package.json', 'package-lock.json', 'build/build.ts', 'build/bundles.ts']

const steps: readonly Step[] = [
  ...bundles.map(bundle => ({
    name: bundle.name, says: bundle.says, inputs: bundle.inputs,
    make: async (outDir: string) => {
      const { build } = await import('vite')
      await build(bundle.config(projectRoot, outDir))
    },
  })),
  {
    name: 'packs', says: 'the first-party packs',
    inputs: ['extensions', 'engine/contracts', 'engine/packs', 'engine/core', 'src/pack-tools', 'build/build-packs.ts'],
    make: async outDir => {
      const { buildPacks } = await import('./build-packs.ts')
      await buildPacks(outDir)
    },
  },
  {
    name: 'resources', says: 'profiles, mappings and demo data',
    inputs: ['resources', 'profiles', 'extensions', 'engine/contracts', 'engine/packs', 'engine/core', 'src/pack-tools', 'build/build-packs.ts'],
    make: async outDir => {
      cpSync(join(projectRoot, 'resources'), outDir, { recursive: true })
      cpSync(join(projectRoot, 'profiles'), join(outDir, 'profiles'), { recursive: true, filter: source => !source.endsWith('.test.ts') })
      cpSync(join(projectRoot, 'out/packs'), join(outDir, 'packs'), { recursive: true })
    },
  },
]

/** Makes what is stale in `out/`; answers with what it made. Two of them at once wait for each other. */
export async function buildStale(options: { readonly only?: readonly string[]; readonly say: (line: string) => void }): Promise<readonly string[]> {
  const wanted = steps.filter(step => options.only === undefined || options.only.includes(step.name))
  const hashes = inputHasher(projectRoot)
  if (wanted.every(step => isFresh(step, hashes))) return []
  const out = join(projectRoot, 'out')
  mkdirSync(out, { recursive: true })
  return await withLock(join(out, '.lock'), async () => {
    const made: string[] = []
    for (const step of wanted) {
      if (isFresh(step, hashes)) continue
      options.say(`Building ${step.says}`)
      const fresh = join(out, `.new-${step.name}`)
      rmSync(fresh, { recursive: true, force: true })
      await step.make(fresh)
      takePlace(fresh, join(out, step.name), join(out, `.old-${step.name}`))
      writeStamp(step.name, hashes(step.inputs))
      made.push(step.name)
    }
    return made
  })
}

/** Only a whole folder takes the old one's place, and at once: whoever starts from it finds whole files. */
function takePlace(fresh: string, place: string, aside: string): void {
  rmSync(aside, { recursive: true, force: true })
  if (existsSync(place)) renameSync(place, aside)
  renameSync(fresh, place)
  rmSync(aside, { recursive: true, force: true })
}

function isFresh(step: Step, hashes: (inputs: readonly string[]) => string): boolean {
  return existsSync(join(projectRoot, 'out', step.name)) && readStamps()[step.name] === hashes(step.inputs)
}

function stampFile(): string {
  return join(projectRoot, 'out/.stamp')
}

function readStamps(): Record<string, string> {
  return existsSync(stampFile()) ? JSON.parse(readFileSync(stampFile(), 'utf8')) as Record<string, string> : {}
}

function writeStamp(name: string, hash: string): void {
  const next = `${stampFile()}.${process.pid}`
  writeFileSync(next, JSON.stringify({ ...readStamps(), [name]: hash }, null, 2))
  renameSync(next, stampFile())
}

/** SHA-256 over the paths and contents of inputs; each file is read once per run. */
export function inputHasher(root: string): (inputs: readonly string[]) => string {
  const known = new Map<string, string>()
  const ofFile = (path: string): string => {
    const before = known.get(path)
    if (before !== undefined) return before
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
    known.set(path, hash)
    return hash
  }
  return inputs => {
    const all = createHash('sha256')
    for (const input of [...shared, ...inputs]) {
      for (const path of filesOf(join(root, input))) all.update(`${relative(root, path)}\0${ofFile(path)}\n`)
    }
    return all.digest('hex')
  }
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .toSorted()
}

if (import.meta.main) {
  const only = process.argv.slice(2)
  const unknown = only.filter(name => !steps.some(step => step.name === name))
  if (unknown.length > 0) {
    console.error(`Nothing to build is called ${unknown.join(', ')}; there is ${steps.map(step => step.name).join(', ')}.`)
    process.exitCode = 2
  } else {
    const made = await buildStale({ ...(only.length > 0 ? { only } : {}), say: line => console.error(line) })
    console.log(made.length === 0 ? 'Everything in out/ is fresh.' : `Built ${made.join(', ')}.`)
  }
}

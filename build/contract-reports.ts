import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What one file of a contract version says to packs, and what its report says. */
export interface Surface {
  /** e.g. `v1/pricing-policy` */
  readonly name: string
  /** Declarations with their docs; null where the source is gone. */
  readonly declared: string | null
  /** The same from the report; null where there is none. */
  readonly reported: string | null
}

export interface SurfaceFault {
  readonly name: string
  readonly kind: 'changed' | 'docs' | 'new'
  readonly message: string
}

const root = fileURLToPath(new URL('..', import.meta.url))
const CONTRACTS = 'engine/contracts'
const REPORTS = `${CONTRACTS}/reports`
/** Names of files beside the contracts that say nothing to packs: the index, defaults, adapters, tests. */
const NO_SURFACE = /^index$|^default-|-from-v\d+$|\.test$/

/** Where the published contracts are not what their reports say, with what to do about it. */
export function surfaceFaults(surfaces: readonly Surface[]): SurfaceFault[] {
  return surfaces.flatMap(({ name, declared, reported }): SurfaceFault[] => {
    if (declared === reported) return []
    const file = `${CONTRACTS}/${name}.ts`
    if (reported === null) return [{ name, kind: 'new', message: `${file} has no report yet. Run npm run contracts:report and read what it wrote.` }]
    if (declared !== null && withoutDocs(declared) === withoutDocs(reported)) return [{ name, kind: 'docs', message: `${file}: the documentation changed, the types did not. Run npm run contracts:report.` }]
    const version = name.split('/')[0]
    return [{
      name, kind: 'changed',
      message: `${file}: ${declared === null ? 'a file of a published contract is gone' : `the types of a published contract changed, at "${firstDifference(declared, reported)}"`}. `
        + `Packs are built against ${version}, so it stays as it is: add the change as a new version beside it, with an adapter from this one, or as a contract in ${CONTRACTS}/proposed/. `
        + `Only where no release has carried ${version} yet: npm run contracts:report -- --unreleased ${version}.`,
    }]
  })
}

/** The compiler's own declarations of every published version, and their reports. */
function readSurfaces(): Surface[] {
  const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'build/types/contracts.json', '--pretty', 'false'], { cwd: root, encoding: 'utf8' })
  if (compiled.status !== 0) throw new Error(compiled.stdout + compiled.stderr)
  const versions = readdirSync(join(root, CONTRACTS)).filter(name => /^v\d+$/.test(name))
  const reportVersions = existsSync(join(root, REPORTS)) ? readdirSync(join(root, REPORTS)).filter(name => /^v\d+$/.test(name)) : []
  return [...new Set([...versions, ...reportVersions])].toSorted().flatMap(version => {
    const sources = namesIn(`${CONTRACTS}/${version}`, '.ts').filter(name => !NO_SURFACE.test(name))
    const names = new Set([...sources, ...namesIn(`${REPORTS}/${version}`, '.md')])
    return [...names].toSorted().map(file => {
      const name = `${version}/${file}`
      const declared = sources.includes(file) ? normalised(readFileSync(join(root, '.tsc', CONTRACTS, `${name}.d.ts`), 'utf8')) : null
      const report = reportFile(name)
      return { name, declared, reported: existsSync(report) ? /^```ts\n([\s\S]*)\n```$/m.exec(readFileSync(report, 'utf8'))?.[1] ?? '' : null }
    })
  })
}

function namesIn(folder: string, ending: string): string[] {
  const path = join(root, folder)
  return existsSync(path) ? readdirSync(path).filter(name => name.endsWith(ending)).map(name => name.slice(0, -ending.length)) : []
}

function normalised(declarations: string): string {
  return declarations.replaceAll('\r\n', '\n').replace(/^export \{\};\n?/m, '').replaceAll('    ', '  ').trim()
}

function withoutDocs(declarations: string): string {
  return declarations.replaceAll(/\/\*[\s\S]*?\*\//g, '').split('\n').map(line => line.trim()).filter(line => line !== '').join('\n')
}

function firstDifference(declared: string, reported: string): string {
  const before = new Set(withoutDocs(reported).split('\n'))
  const after = new Set(withoutDocs(declared).split('\n'))
  return [...after].find(line => !before.has(line)) ?? [...before].find(line => !after.has(line)) ?? 'the order of its declarations'
}

function reportFile(name: string): string {
  return join(root, REPORTS, `${name}.md`)
}

const GUIDE = 'resources/guide/contracts.md'

/** The reference in the guide: every published contract with its documentation, and the kit. */
function guidePage(surfaces: readonly Surface[]): string {
  const section = (title: string, declarations: string) => [`## ${title}`, '', '```ts', declarations.replaceAll(/^import .*\n/gm, ''), '```', '']
  const contracts = surfaces.flatMap(({ name, declared }) => {
    const [version, contract] = name.split('/')
    return declared === null ? [] : section(`${contract} ${version}`, declared)
  })
  const kit = namesIn(`${CONTRACTS}/kit`, '.ts').filter(name => !NO_SURFACE.test(name)).toSorted()
    .flatMap(name => section(`#engine/contracts/kit/${name}.ts`, normalised(readFileSync(join(root, '.tsc', CONTRACTS, 'kit', `${name}.d.ts`), 'utf8'))))
  return ['# The contracts', '', 'What a pack is asked and may answer. Made by `npm run contracts:report` from `engine/contracts/`; [packs.md](packs.md) is where to begin.', '', ...contracts,
    '# The kit', '', 'What packs share, bundled into each: exact arithmetic, line amounts, taxes and totals by EN 16931.', '', ...kit].join('\n')
}

function guideFault(surfaces: readonly Surface[]): SurfaceFault[] {
  const file = join(root, GUIDE)
  const fits = existsSync(file) && readFileSync(file, 'utf8') === guidePage(surfaces)
  return fits ? [] : [{ name: GUIDE, kind: 'docs', message: `${GUIDE} does not say what the contracts say. Run npm run contracts:report.` }]
}

function writeReport({ name, declared }: Surface): void {
  const file = reportFile(name)
  if (declared === null) return rmSync(file)
  mkdirSync(join(root, REPORTS, name.split('/')[0] ?? ''), { recursive: true })
  writeFileSync(file, `# ${name}\n\nMade by \`npm run contracts:report\` from \`${CONTRACTS}/${name}.ts\`; a published version does not change.\n\n\`\`\`ts\n${declared}\n\`\`\`\n`)
}

if (import.meta.main) {
  const args = process.argv.slice(2)
  const unreleased = args[args.indexOf('--unreleased') + 1]
  const surfaces = readSurfaces()
  const faults = surfaceFaults(surfaces)
  const mayWrite = ({ name, kind }: SurfaceFault): boolean => kind !== 'changed' || (args.includes('--unreleased') && name.startsWith(`${unreleased}/`))
  const left = args.includes('--write') ? faults.filter(fault => !mayWrite(fault)) : [...faults, ...guideFault(surfaces)]
  if (args.includes('--write')) {
    writeFileSync(join(root, GUIDE), guidePage(surfaces))
    // Only here: it reads all of the sources.
    const { writeRefusals } = await import('./refusal-list.ts')
    writeRefusals()
    for (const fault of faults.filter(mayWrite)) {
      const surface = surfaces.find(each => each.name === fault.name)
      if (surface !== undefined) writeReport(surface)
      console.log(`wrote ${REPORTS}/${fault.name}.md`)
    }
  }
  for (const { message } of left) console.error(message)
  if (left.length === 0) console.log(`contracts: ${surfaces.length} files are as their reports say`)
  process.exitCode = left.length === 0 ? 0 : 1
}

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor, type ESTree } from 'vite'
import { besideTests, layers, toolFiles, type Layer } from './layers.ts'

export interface SourceFile {
  /** From the top of the project, with `/`. */
  readonly path: string
  readonly text: string
}

export interface LayerFault {
  readonly file: string
  readonly line: number
  readonly message: string
}

interface Import {
  readonly specifier: string | null
  readonly typeOnly: boolean
  readonly at: number
}

const code = /\.(?:ts|tsx|mts|cts|js|jsx|mjs|cjs)$/
const besideCode = /\.test\.tsx?$/
const skipped = new Set(['node_modules', 'out', '.tsc', '.git', '.cache', 'dist', 'test-results', 'playwright-report'])

/** Every import of every file against the table; an empty answer means that all of them are allowed. */
export function checkLayers(files: readonly SourceFile[]): LayerFault[] {
  return files.flatMap(file => {
    const layer = layerOf(file.path)
    if (layer === null) return [{ file: file.path, line: 1, message: 'no layer in build/layers.ts holds this file: add it to one' }]
    let imports: readonly Import[]
    try {
      imports = importsOf(file)
    } catch (error) {
      return [{ file: file.path, line: 1, message: `cannot be parsed: ${(error as Error).message}` }]
    }
    return imports.flatMap(found => {
      const message = faultOf(file.path, layer, found)
      return message === null ? [] : [{ file: file.path, line: lineOf(file.text, found.at), message }]
    })
  })
}

export function layerOf(path: string): Layer | null {
  const name = path.includes('/') ? path : toolFiles[path]
  if (name === undefined) return null
  const holder = layers.find(layer => layer.also?.includes(name) === true)
  if (holder !== undefined) return holder
  const fitting = layers.filter(layer => name === layer.name || name.startsWith(`${layer.name}/`))
  return fitting.toSorted((a, b) => b.name.length - a.name.length)[0] ?? null
}

function faultOf(path: string, layer: Layer, found: Import): string | null {
  const { specifier } = found
  if (specifier === null) return 'imports a name made at run time; write it out, or load data instead of code'
  const isTest = besideCode.test(path)
  if (!specifier.startsWith('.') && !specifier.startsWith('#') && !specifier.startsWith('/')) {
    const allowed = isTest ? [...layer.packages, ...besideTests.packages] : layer.packages
    return allowed.some(pattern => packageFits(specifier, pattern)) ? null
      : `${layer.name} (${layer.is}) does not name the package ${packageOf(specifier)}`
  }
  const target = targetOf(path, specifier)
  if (target === null) return `${specifier} leads out of the project`
  const into = layerOf(target)
  if (into === null) return `${specifier} leads to a file that no layer holds`
  if (into === layer) {
    return layer.apart === true && part(layer, path) !== part(layer, target)
      ? `${part(layer, path)} may not import its neighbour ${part(layer, target)}` : null
  }
  const allowed = isTest ? [...layer.imports, ...(layer.types ?? []), ...besideTests.imports(layer.name)]
    : found.typeOnly ? [...layer.imports, ...(layer.types ?? [])] : layer.imports
  if (!allowed.some(pattern => layerFits(into.name, pattern))) {
    const half = layer.types?.some(pattern => layerFits(into.name, pattern)) === true ? ' (only its types)' : ''
    return `${layer.name} (${layer.is}) does not name ${into.name}${half}`
  }
  if (specifier.startsWith('.') && layer.name.split('/')[0] !== 'build' && top(layer.name) !== top(into.name)) {
    return `${specifier} reaches into ${into.name} from outside; write #${target}`
  }
  return null
}

/** Layers of one house (the console's parts, the contract within the API) may reach each other by relative paths. */
function top(layer: string): string {
  const [first, second] = layer.split('/')
  return layer === `${first}/engine.ts` || second === 'start-engine.ts' ? 'engine' : `${first}/${second ?? ''}`
}

function part(layer: Layer, path: string): string {
  return `${layer.name}/${path.slice(layer.name.length + 1).split('/')[0]}`
}

function layerFits(name: string, pattern: string): boolean {
  return pattern.endsWith('/*') ? name === pattern.slice(0, -2) || name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function packageFits(specifier: string, pattern: string): boolean {
  if (pattern.endsWith('*')) return specifier.startsWith(pattern.slice(0, -1))
  return pattern.startsWith('node:') ? specifier === pattern : packageOf(specifier) === pattern
}

function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

function targetOf(path: string, specifier: string): string | null {
  if (specifier.startsWith('/')) return null
  const clean = specifier.replace(/\?.*$/, '')
  const target = clean.startsWith('#') ? clean.slice(1) : posix.normalize(posix.join(posix.dirname(path), clean))
  return target.startsWith('..') ? null : target
}

function importsOf(file: SourceFile): Import[] {
  const parsed = parseSync(file.path, file.text, { sourceType: 'module' })
  const [error] = parsed.errors
  if (error !== undefined) throw new Error(error.message)
  const found: Import[] = []
  const add = (node: { value: unknown }, typeOnly: boolean, at: number) => {
    found.push({ specifier: typeof node.value === 'string' ? node.value : null, typeOnly, at })
  }
  const literal = (node: ESTree.Node | undefined): { value: unknown } =>
    node?.type === 'Literal' ? node
      : node?.type === 'TemplateLiteral' && node.expressions.length === 0 ? { value: node.quasis[0]?.value.cooked } : { value: null }
  new Visitor({
    ImportDeclaration: node => {
      const named = node.specifiers.length > 0 && node.specifiers.every(one => one.type === 'ImportSpecifier' && one.importKind === 'type')
      add(node.source, node.importKind === 'type' || named, node.start)
    },
    ExportNamedDeclaration: node => { if (node.source !== null) add(node.source, node.exportKind === 'type', node.start) },
    ExportAllDeclaration: node => add(node.source, node.exportKind === 'type', node.start),
    ImportExpression: node => add(literal(node.source), false, node.start),
    TSImportType: node => add(literal(node.source), true, node.start),
    CallExpression: node => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(literal(node.arguments[0]), false, node.start)
    },
  }).visit(parsed.program)
  return found
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => !skipped.has(entry.name))
    .flatMap(entry => entry.isDirectory() ? under(folder, entry.name) : code.test(entry.name) ? [read(folder, entry.name)] : [])
}

function under(root: string, name: string): SourceFile[] {
  return readdirSync(join(root, name), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && code.test(entry.name))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(path => !path.split('/').some(folder => skipped.has(folder)))
    .map(path => read(root, path))
}

function read(root: string, path: string): SourceFile {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}

/** The table as text, for engine/README.md: each layer with what it may import. */
export function diagram(): string {
  const width = Math.max(...layers.map(layer => layer.name.length))
  return layers.map(layer => {
    const types = layer.types === undefined ? [] : [`types of ${layer.types.join(', ')}`]
    return `${layer.name.padEnd(width)}  ▸ ${[...layer.imports, ...types].join(', ') || 'nothing'}`
  }).join('\n')
}

if (import.meta.main) {
  if (argv.includes('--diagram')) console.log(diagram())
  else {
    const files = sourceFiles(dirname(dirname(fileURLToPath(import.meta.url))))
    const faults = checkLayers(files)
    for (const fault of faults) console.error(`${fault.file}:${fault.line}: ${fault.message}`)
    console.log(faults.length === 0 ? `layers: ${files.length} files keep to build/layers.ts` : `layers: ${faults.length} faults in ${files.length} files`)
    process.exitCode = faults.length === 0 ? 0 : 1
  }
}

import { builtinModules } from 'node:module'
import { relative, resolve, sep } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build, type Plugin, type Rolldown } from 'vite'
import { namesOutOfReach } from '#engine/testing/conformance/names-out-of-reach.ts'
import { refused } from './pack-sources.ts'
import { productSources } from './product-sources.ts'

export interface BundledEntry {
  /** One CommonJS text, readable, without any import: what the sandbox evaluates. */
  readonly code: string
  /** Files that it is made of. */
  readonly modules: readonly string[]
}

const CONTRACTS = '#engine/contracts/'
/** What the sandbox refuses to load wherever it stands, even in a comment. */
const REFUSED_TEXTS: readonly (readonly [RegExp, string])[] = [[/\bimport\s*\(/, 'import('], [/\beval\s*\(/, 'eval('], [/<!--|-->/, 'an HTML comment']]

/**
 * Bundles one module of a pack with everything that it imports. The same sources give the same text in every folder.
 * Throws RefusalError KS-PACK-IMPORT, -REACH or -BUNDLE.
 */
export async function bundleEntry(folder: string, source: string): Promise<BundledEntry> {
  const output = await bundled(folder, source)
  const chunk = output[0]
  const named = relative(folder, source)
  if (output.length !== 1 || chunk === undefined || chunk.type !== 'chunk') throw refused('KS-PACK-BUNDLE', `${named} does not bundle to one file.`, 'A pack brings code only: no styles, images or other assets.')
  for (const id of chunk.moduleIds) assertOfPack(id, folder)
  if (chunk.imports.length > 0 || /\brequire\s*\(/.test(chunk.code)) throw notAllowed(chunk.imports[0] ?? 'a module by require()', named)
  for (const [text, what] of REFUSED_TEXTS) {
    if (text.test(chunk.code)) throw refused('KS-PACK-REACH', `The code of ${named} contains ${what}, also if only in a comment: the pack host does not load it.`, 'Take it out, or use another library.', { file: named })
  }
  const [reach] = namesOutOfReach(chunk.code)
  if (reach !== undefined) {
    throw refused('KS-PACK-REACH', `${moduleOf(reach.module, folder) ?? named} reaches for ${reach.name}, which packs do not have.`,
      'A pack has no clock, randomness, network, timers, promises or buffers; what it needs to know is in its input and config.', { name: reach.name })
  }
  return { code: withoutOrigins(chunk), modules: chunk.moduleIds.filter(id => !id.startsWith('\0')) }
}

async function bundled(folder: string, source: string): Promise<readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]> {
  const refusals: Error[] = []
  const guard: Plugin = {
    name: 'keelson-pack', enforce: 'pre',
    resolveId(id, importer) {
      const node = id.startsWith('node:') || builtinModules.includes(id.split('/')[0] ?? '')
      if (node && !id.startsWith('.') || id.startsWith('#') && !id.startsWith(CONTRACTS)) {
        const refusal = notAllowed(id, importer === undefined ? source : relative(folder, importer))
        refusals.push(refusal)
        throw refusal
      }
      return null
    },
  }
  try {
    const result = await build({
      configFile: false, root: folder, logLevel: 'silent', envFile: false, publicDir: false, plugins: [guard],
      define: { 'process.env.NODE_ENV': '"production"' },
      resolve: { alias: [{ find: /^#engine\/contracts\//, replacement: productSources.contracts }] },
      build: {
        write: false, minify: false, sourcemap: false, target: 'es2022', copyPublicDir: false,
        lib: { entry: source, formats: ['cjs'], fileName: 'pack' },
        rolldownOptions: { output: { esModule: false, generatedCode: { symbols: false }, comments: { jsdoc: false, annotation: false, legal: true }, codeSplitting: false } },
      },
    })
    return (Array.isArray(result) ? result : [result]).flatMap(each => 'output' in each ? each.output : [])
  } catch (error) {
    // The bundler wraps what a plugin throws.
    if (refusals[0] !== undefined) throw refusals[0]
    const why = stripVTControlCharacters(error instanceof Error ? error.message : String(error)).replace(/^Build failed with \d+ errors?:\s*/, '').replaceAll(`${folder}${sep}`, '').trim()
    throw refused('KS-PACK-BUNDLE', `${relative(folder, source)} cannot be bundled: ${why}`, 'Correct the source; a library must be installed beside the pack, with npm.', { file: relative(folder, source) })
  }
}

/** The bundler says before each module where it lies, as seen from where the process runs: not part of what was built. */
function withoutOrigins({ code, moduleIds }: Rolldown.OutputChunk): string {
  const origins = new Set(moduleIds.map(id => `// ${id.startsWith('\0') ? `\\0${id.slice(1)}` : relative(process.cwd(), id).replaceAll(sep, '/')}`))
  return code.split('\n').filter(line => !origins.has(line)).join('\n')
}

/** The pack's own files, its libraries, and the contracts; nothing else of the product or the machine. */
function assertOfPack(id: string, folder: string): void {
  if (id.startsWith('\0') || id.startsWith(folder + sep) || id.startsWith(productSources.contracts) || id.includes(`${sep}node_modules${sep}`)) return
  throw notAllowed(relative(folder, id), 'The pack')
}

function moduleOf(origin: string, folder: string): string | null {
  const file = relative(folder, resolve(origin))
  return origin === '' || file.startsWith('..') ? null : file
}

function notAllowed(what: string, who: string) {
  return refused('KS-PACK-IMPORT', `${who} imports ${what}, which packs may not.`,
    'A pack imports its own files, #engine/contracts, and npm libraries that only compute: nothing of Node, nothing else of Keelson.', { import: what, file: who })
}

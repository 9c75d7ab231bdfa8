import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { productSources } from './product-sources.ts'

/** What the compiler has to say about a pack's sources, e.g. `src/pricing-policy.ts(3,7): error …`; [] where nothing. */
export async function typeErrors(given: string): Promise<readonly string[]> {
  const folder = realpathSync(given)
  // A pack that only declares has no sources, which is an error to the compiler.
  if (!existsSync(join(folder, 'src'))) return []
  const compiler = join(productSources.root, 'node_modules/typescript/bin/tsc')
  const work = mkdtempSync(join(tmpdir(), 'keelson-types-'))
  try {
    writeFileSync(join(work, 'tsconfig.json'), JSON.stringify(packTsconfig(folder)))
    const output = await run(process.execPath, [compiler, '-p', work, '--pretty', 'false'], folder)
    return output.split('\n').filter(line => line !== '').map(line => line.startsWith(' ') ? line : line.replace(/^.*?(?=\()/, file => fromFolder(folder, file)))
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** The language and nothing around it, as packs have it; also for the editor of an author whose pack lies elsewhere. */
export function packTsconfig(folder: string) {
  return {
    compilerOptions: {
      target: 'es2023', module: 'preserve', moduleResolution: 'bundler', lib: ['es2023'], types: [],
      strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, erasableSyntaxOnly: true,
      allowImportingTsExtensions: true, isolatedModules: true, skipLibCheck: true, noEmit: true,
      paths: { '#engine/contracts/*': [`${productSources.contracts}*`] },
    },
    include: [`${folder}/src/**/*.ts`], exclude: [`${folder}/src/**/*.test.ts`],
  }
}

function fromFolder(folder: string, file: string): string {
  const path = [join(folder, file), file].find(each => existsSync(each)) ?? file
  return relative(folder, path).replaceAll(sep, '/')
}

function run(file: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { cwd, maxBuffer: 8 * 1024 * 1024 }, (error, stdout, stderr) => {
      // Exit codes 1 and 2 are what the compiler found; what it printed says it.
      if (error !== null && typeof error.code !== 'number') reject(error)
      else if (error !== null && stdout === '') reject(new Error(stderr))
      else resolve(stdout)
    })
  })
}

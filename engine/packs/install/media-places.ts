import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where systems put sticks and drives: folders whose entries are drives, by depth. */
const MOUNTS: Readonly<Partial<Record<NodeJS.Platform, readonly { readonly folder: string; readonly depth: 1 | 2 }[]>>> = {
  linux: [{ folder: '/media', depth: 2 }, { folder: '/run/media', depth: 2 }, { folder: '/mnt', depth: 1 }],
  darwin: [{ folder: '/Volumes', depth: 1 }],
}

/** Drives that hold media, at their top or in a folder of it: what a person chooses from before typing anything. */
export function mediaPlaces(platform: NodeJS.Platform = process.platform, mounts = MOUNTS[platform] ?? []): string[] {
  const drives = platform === 'win32' ? 'DEFGHIJKLMNOPQRSTUVWXYZ'.split('').map(letter => `${letter}:\\`).filter(drive => existsSync(drive))
    : mounts.flatMap(({ folder, depth }) => below(folder, depth))
  return [...new Set(drives.flatMap(drive => [drive, ...below(drive, 1)]))].filter(holdsMedia)
}

function below(folder: string, depth: 1 | 2): string[] {
  const names = foldersIn(folder)
  return depth === 1 ? names : names.flatMap(name => [name, ...below(name, 1)])
}

/** A drive that cannot be read is none to choose. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(entry => join(folder, entry.name))
  } catch {
    return []
  }
}

function holdsMedia(folder: string): boolean {
  return existsSync(join(folder, 'metadata', 'timestamp.json')) && existsSync(join(folder, 'metadata', '1.root.json'))
}

import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Files in memory, where Linux has them. */
const IN_MEMORY = '/dev/shm'
/** More than the tests ever keep at once, and as much again for what runs. */
const ROOM = 8 * 1024 ** 3

/**
 * A folder for all that this process and those it starts put into the folder for temporary files. It goes with this process, and with it
 * what a test left behind that was killed. In memory where there is room: thousands of small databases wait for no disk there.
 */
export function useTemporaryFolder(): void {
  const folder = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'keelson-'))
  // A database server does not run as root, and has to reach its own folder in here.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  process.on('exit', () => { rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { process.exit(1) })
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return bavail * bsize >= ROOM && freemem() >= ROOM
  } catch {
    return false
  }
}

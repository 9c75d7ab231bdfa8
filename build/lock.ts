import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Runs one piece of work at a time between processes. A folder is the lock, since making one is atomic; a holder that
 * has died leaves its number, and the next one takes the lock over.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  while (!take(folder)) {
    if (!isHeld(folder)) rmSync(folder, { recursive: true, force: true })
    else await wait(100)
  }
  try {
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function take(folder: string): boolean {
  try {
    mkdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  writeFileSync(join(folder, 'pid'), String(process.pid))
  return true
}

/** A lock without a number is being taken right now. */
function isHeld(folder: string): boolean {
  let pid: number
  try {
    pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  } catch {
    return true
  }
  if (!Number.isSafeInteger(pid) || pid <= 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import { mediaRefusal } from '../refusals.ts'

/** Changes media alone: two at once would leave files of both. A lock whose owner is gone is taken over. */
export async function withMediaLock<T>(folder: string, change: () => Promise<T>): Promise<T> {
  const file = join(folder, 'metadata', '.lock')
  await mkdir(join(folder, 'metadata'), { recursive: true })
  if (!await take(file)) {
    const owner = await readFile(file, 'utf8').catch(() => '')
    if (isAlive(owner)) throw new RefusalError(mediaRefusal('KS-MEDIA-BUSY', { file }))
    await rm(file, { force: true })
    if (!await take(file)) throw new RefusalError(mediaRefusal('KS-MEDIA-BUSY', { file }))
  }
  try {
    return await change()
  } finally {
    await rm(file, { force: true })
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(`${hostname()} ${process.pid}`)
    await handle.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A process of another machine cannot be asked: it counts as alive. */
function isAlive(owner: string): boolean {
  const [host, pid] = owner.split(' ')
  if (host !== hostname()) return owner !== ''
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

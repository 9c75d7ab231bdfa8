import { mkdir, open, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Writes a file that is there whole, and on disk, or not at all. */
export async function writeWhole(file: string, bytes: Uint8Array, mode = 0o644): Promise<void> {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  const part = join(folder, `.${basename(file)}.part`)
  const handle = await open(part, 'w', mode)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(part, file)
  await syncFolder(folder)
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

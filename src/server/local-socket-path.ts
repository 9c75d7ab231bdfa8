import { createHash } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'

/** A path of a socket may not be longer than this on any system that we run on. */
const LONGEST_SOCKET_PATH = 100

/**
 * Where the engine of a data folder listens for its own machine: `engine.sock` in the folder, a named pipe on Windows,
 * a name made from the folder's path where that path is too long for a socket.
 */
export function localSocketPath(dataFolder: string): string {
  const folder = resolve(dataFolder)
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\keelson-${name}`
  const beside = join(folder, 'engine.sock')
  return beside.length <= LONGEST_SOCKET_PATH ? beside : join(tmpdir(), `keelson-${userInfo().uid}-${name}.sock`)
}

import { rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { userInfo } from 'node:os'
import { createAdaptorServer } from '@hono/node-server'
import { createApp, type AppOptions } from './app.ts'
import { localSocketPath } from './local-socket-path.ts'

/**
 * Serves the API to the machine's own callers. Who can open the socket (0600) can read the data folder, and is let in as
 * its owner. Only the holder of the folder's lock may call this: it takes the place of a dead engine's socket.
 */
export async function serveLocalSocket(options: Pick<AppOptions, 'engine' | 'version' | 'log'>, dataFolder: string): Promise<Server> {
  const app = createApp({
    ...options, local: { osUser: userInfo().username }, origin: null, cookie: { name: 'keelson', secure: false }, page: null,
  })
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  const path = localSocketPath(dataFolder)
  if (process.platform !== 'win32') rmSync(path, { force: true })
  const listening = new Promise<void>((done, failed) => { server.once('listening', done).once('error', failed) })
  // The socket is made within `listen`, so the mask needs to hold for this call only.
  const umask = process.umask(0o177)
  server.listen(path)
  process.umask(umask)
  await listening
  return server
}

import type { EngineLog } from '#engine/engine.ts'
import { createApp } from './app.ts'
import { closeServer, listen, listenForManagement } from './listen.ts'
import { serveLocalSocket } from './local-socket.ts'
import { createManagementApp } from './management.ts'
import { LOOPBACK_NAMES } from './origin-guard.ts'
import type { ServedEngine } from './served-engine.ts'
import { staticFiles } from './static-files.ts'

export interface ServeOptions {
  readonly dataFolder: string
  readonly version: string
  readonly log: EngineLog
  /** Address to listen on; 127.0.0.1 unless a `publicUrl` says how others reach it. */
  readonly host: string
  readonly port: number
  /** Null: 7118, or a free port where another program has that. */
  readonly managementPort: number | null
  /** `https://orders.example` where a proxy in front ends TLS. */
  readonly publicUrl: URL | null
  /** Folder of the built console. */
  readonly consoleFolder: string
}

export interface RunningServer {
  readonly url: string
  readonly managementUrl: string
  readonly port: number
  readonly managementPort: number
  readonly servesConsole: boolean
  close(): Promise<void>
}

const GRACE_MS = 3000
const MANAGEMENT_PORT = 7118

/** Opens the three doors of an engine: the API with the console, the management port, the machine's own socket. */
export async function serveEngine(engine: ServedEngine, options: ServeOptions): Promise<RunningServer> {
  const { host, version, log, dataFolder, publicUrl } = options
  const page = staticFiles(options.consoleFolder)
  const names = publicUrl === null ? LOOPBACK_NAMES : [...LOOPBACK_NAMES, publicUrl.hostname]
  const app = createApp({
    engine, version, log, local: null, origin: { hostNames: new Set(names) }, page,
    cookie: { name: `keelson-${engine.site.toLowerCase()}`, secure: publicUrl?.protocol === 'https:' },
  })
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => { await Promise.all(closers.splice(0).map(end => end())) }
  try {
    const main = await listen(app, host, options.port)
    closers.push(() => main.close(GRACE_MS))
    const management = await listenForManagement(createManagementApp(engine, version), options.managementPort, MANAGEMENT_PORT)
    closers.push(() => management.close(GRACE_MS))
    const socket = await serveLocalSocket({ engine, version, log }, dataFolder)
    closers.push(() => closeServer(socket, GRACE_MS))
    return {
      url: publicUrl?.origin ?? `http://${host.includes(':') ? `[${host}]` : host}:${main.port}`, managementUrl: `http://127.0.0.1:${management.port}`,
      port: main.port, managementPort: management.port, servesConsole: page !== null, close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

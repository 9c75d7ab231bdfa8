import { type HostPort, servePackHost } from '#engine/sandbox/serve-pack-host.ts'
import type { FromHost, ToHost } from '#engine/sandbox/protocol.ts'

/**
 * Entry of the pack-host process. Forked by Node it talks over the IPC channel; as an Electron utility process it waits
 * for the port that the main process hands over with its first message, and whose other end the engine holds.
 * It ends with its channel.
 */
interface PortMessage { readonly data: unknown; readonly ports: readonly ElectronPort[] }

interface ElectronPort {
  on(event: 'message', listener: (message: PortMessage) => void): void
  on(event: 'close', listener: () => void): void
  postMessage(message: unknown): void
  start(): void
}

interface ElectronProcess {
  readonly parentPort?: { once(event: 'message', listener: (message: PortMessage) => void): void }
}

// The bundler must not see a literal here: it would take the worker for an asset.
const worker = new URL(`./pack-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
const { parentPort } = process as ElectronProcess

if (parentPort !== undefined) {
  parentPort.once('message', ({ ports: [port] }) => {
    if (port === undefined) throw new Error('The first message to a pack host must bring its port.')
    serve(portOf(port))
    port.start()
  })
} else if (process.send !== undefined) {
  process.on('disconnect', () => process.exit(0))
  serve({
    post: message => void process.send?.(message),
    onMessage: listener => void process.on('message', message => listener(message as ToHost)),
  })
} else {
  throw new Error('A pack host is started by the engine: it needs a channel.')
}

function portOf(port: ElectronPort): HostPort {
  port.on('close', () => process.exit(0))
  return {
    post: (message: FromHost) => port.postMessage(message),
    onMessage: listener => port.on('message', ({ data }) => listener(data as ToHost)),
  }
}

function serve(port: HostPort): void {
  servePackHost(port, worker).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
}

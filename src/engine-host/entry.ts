import type { MessagePortMain } from 'electron'
import { createRouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { userInfo } from 'node:os'
import type { RequestContext } from '#engine/api/request-context.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { startEngine, type Engine } from '#engine/start-engine.ts'
import { systemClock, ulids } from '#engine/threads/system-ports.ts'
import { serveLocalSocket } from '#src/server/local-socket.ts'
import { processLog } from '#src/server/log.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { wireRefusal } from '#src/server/wire-refusal.ts'
import { PackHosts } from './pack-hosts.ts'
import type { FromEngine, SignIn, StartOptions, ToEngine } from './protocol.ts'

/** Entry of the engine process: an Electron utility process that serves each window's port, and the machine's own socket. */
const shell = process.parentPort
const say = (message: FromEngine): void => { shell.postMessage(message) }
const packHosts = new PackHosts(say)
/** Windows that asked before the engine was there. */
const early: MessagePortMain[] = []
let connect: ((port: MessagePortMain) => void) | null = null
let stop: () => Promise<void> = async () => undefined

shell.on('message', ({ data, ports: [port] }) => {
  const message = data as ToEngine
  switch (message.kind) {
    case 'start':
      void start(message.options).catch(refuse)
      return
    case 'connect':
      if (port !== undefined) (connect ?? ((waiting: MessagePortMain) => { early.push(waiting) }))(port)
      return
    case 'pack-host':
      if (port !== undefined) packHosts.arrived(message.id, port)
      return
    case 'pack-host-ended':
      packHosts.ended(message.id, message.why)
      return
    case 'stop':
      void stop().finally(() => process.exit(0))
  }
})

async function start(options: StartOptions): Promise<void> {
  const { dataFolder, version } = options
  const log = processLog({ level: 'info', file: options.logFile, version })
  const { entries } = productFolder()
  const engine = await startEngine({
    dataFolder, version, log, clock: systemClock, ids: ulids(), resourcesFolder: options.resourcesFolder,
    entries: { writer: entries.writer, reader: entries.reader }, startPackHost: packHosts.start,
  })
  const socket = await serveLocalSocket({ engine, version, log }, dataFolder)
  stop = async () => {
    socket.close()
    await engine.close()
    log.flush()
  }
  const signIn = options.demo ? await makeDemo(engine) : null
  const handler = new RPCHandler<RequestContext>(engine.router, {
    interceptors: [async call => {
      try {
        return await call.next({ ...call, context: contextOf(call.request.headers) })
      } catch (error) {
        if (wireRefusal(error).status === 500) log.error({ error }, 'a procedure failed')
        throw error
      }
    }],
  })
  connect = port => {
    handler.upgrade(port, { context: { authorization: null, local: null, locale: null } })
    port.start()
  }
  for (const port of early.splice(0)) connect(port)
  say({ kind: 'running', signIn })
}

/** Makes the demo site unless something is set up; answers with who may sign in. */
async function makeDemo(engine: Engine): Promise<readonly SignIn[] | null> {
  const as = (local: RequestContext['local']) => createRouterClient(engine.router, { context: { authorization: null, local, locale: null } })
  // Asked as nobody, as the sign-in page does: only there the demo's users are shown.
  const { setUpNeeded, demoSignIn } = await as(null).queries.session({})
  return setUpNeeded ? (await as({ osUser: userInfo().username }).commands['set-up-site']({ kind: 'demo' })).signIn : demoSignIn
}

function contextOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): RequestContext {
  return { authorization: first(headers['authorization']), local: null, locale: first(headers['accept-language']) }
}

function first(header: string | readonly string[] | undefined): string | null {
  return (typeof header === 'string' ? header : header?.[0]) || null
}

function refuse(error: unknown): void {
  if (!(error instanceof RefusalError)) throw error
  const { code, message, remedy } = error.refusal
  say({ kind: 'refused', code, message, remedy })
}

import { isIP } from 'node:net'
import { userInfo } from 'node:os'
import { RefusalError } from '#engine/core/refusal.ts'
import { processLog } from '#src/server/log.ts'
import { productFolder } from '#src/server/product-folder.ts'
import type { RunningServer } from '#src/server/serve-engine.ts'
import { supervise, type ReadyMessage } from '#src/server/supervise.ts'
import { UsageError, type Call, type Command, type Outcome } from '../command.ts'
import { setUpDemo, signInTable } from './init.ts'

const PORT = 7117

export const serve: Command = {
  name: 'serve', about: 'Serve the console and the API on this machine', positionals: '', fewest: 0, most: 0,
  options: {
    'port': { type: 'string', placeholder: 'P', about: `else ${PORT}; 0 takes a free one` },
    'management-port': { type: 'string', placeholder: 'P', about: 'health and metrics; else 7118, or a free one where that is taken' },
    'host': { type: 'string', placeholder: 'ADDRESS', about: 'else 127.0.0.1' },
    'public-url': { type: 'string', placeholder: 'URL', about: 'how others reach it, through a proxy that ends TLS' },
    'demo': { type: 'boolean', about: 'make the demo site first, where there is none' },
    'engine-process': { type: 'boolean', about: 'serve in this process, with nobody to restart it' },
  },
  run: call => call.arguments.flag('engine-process') ? serveHere(call) : serveSupervised(call),
}

interface Notice {
  readonly url: string
  readonly managementUrl: string
  readonly dataFolder: string
  readonly servesConsole: boolean
  readonly setUpNeeded: boolean
  readonly signIn: { readonly user: string; readonly password: string; readonly roles: string[] }[] | null
}

/** The process that a person starts: it only keeps the engine process alive. */
async function serveSupervised(call: Call): Promise<Outcome> {
  const script = process.argv[1]
  if (script === undefined) throw new Error('started without a script')
  const args = call.arguments
  addresses(call)
  const given = ['host', 'public-url', 'log-level', 'log-file'].flatMap(name => {
    const value = args.text(name)
    return value === undefined ? [] : [`--${name}`, value]
  })
  const code = await supervise({
    script,
    arguments: ready => [
      'serve', '--engine-process', '--data', call.dataFolder, ...given, ...(args.flag('demo') ? ['--demo'] : []), ...(call.json ? ['--json'] : []),
      '--port', String(ready?.port ?? args.text('port') ?? PORT),
      ...(ready === null ? args.text('management-port') === undefined ? [] : ['--management-port', args.required('management-port')] : ['--management-port', String(ready.managementPort)]),
    ],
    onReady: ({ notice }, restarts) => {
      if (restarts > 0) call.say('The engine runs again.')
      else process.stdout.write(call.json ? `${JSON.stringify(notice)}\n` : `${announce(notice as Notice)}\n`)
    },
    onRestart: (why, waitMs) => call.say(`The engine process ${why}; starting it again in ${waitMs / 1000} s.`),
  })
  process.exitCode = code
  return { value: null, text: '', printed: true }
}

async function serveHere(call: Call): Promise<Outcome> {
  try {
    return await serveUntilStopped(call)
  } finally {
    // The open channel to the supervisor would keep this process alive.
    if (process.connected) process.disconnect()
  }
}

/** The engine process: engine, API, console, management and local socket until it is told to stop. */
async function serveUntilStopped(call: Call): Promise<Outcome> {
  // Loaded only here: the supervisor stays small.
  const [{ createRouterClient }, { hostEngine }, { serveEngine }] = await Promise.all([
    import('@orpc/server'), import('#src/server/host-engine.ts'), import('#src/server/serve-engine.ts'),
  ])
  const product = productFolder()
  const level = call.arguments.text('log-level') === undefined ? 'info' : call.logLevel
  const log = processLog({ level, file: call.logFile, version: product.version })
  const stopped = untilStopped()
  const engine = await hostEngine({ dataFolder: call.dataFolder, product, log })
  let server: RunningServer | null = null
  try {
    const { host, port, managementPort, publicUrl } = addresses(call)
    const client = createRouterClient(engine.router, { context: { authorization: null, local: { osUser: userInfo().username }, locale: null } })
    if (call.arguments.flag('demo') && (await client.queries.session({})).setUpNeeded) await setUpDemo(client, () => Promise.resolve(false), call)
    // Asked as nobody, as the sign-in page does: only there the demo's users are shown.
    const { setUpNeeded, demoSignIn } = await createRouterClient(engine.router, { context: { authorization: null, local: null, locale: null } }).queries.session({})
    if (setUpNeeded && publicUrl !== null) {
      throw new RefusalError({
        code: 'KS-SERVE-NOT-SET-UP', message: 'The site is not set up yet, and whoever reached it first could do that.',
        remedy: 'Set it up here first: keelson init --tenant NAME --profile FILE.',
      })
    }
    server = await serveEngine(engine, {
      dataFolder: call.dataFolder, version: product.version, log, host, port, managementPort, publicUrl, consoleFolder: product.console,
    })
    const notice: Notice = {
      url: server.url, managementUrl: server.managementUrl, dataFolder: call.dataFolder, servesConsole: server.servesConsole, setUpNeeded, signIn: demoSignIn,
    }
    log.info({ url: server.url, managementUrl: server.managementUrl }, 'serving')
    if (process.send === undefined) process.stdout.write(call.json ? `${JSON.stringify(notice)}\n` : `${announce(notice)}\n`)
    else process.send({ kind: 'ready', port: server.port, managementPort: server.managementPort, notice } satisfies ReadyMessage)
    // An engine that cannot go on ends this process; the supervisor starts another.
    log.info({ signal: await Promise.race([stopped, engine.failed]) }, 'stopping')
  } finally {
    await server?.close()
    await engine.close()
    log.info({}, 'stopped')
    log.flush()
  }
  return { value: null, text: '', printed: true }
}

/** Resolves when a person, the system or the death of the supervisor asks to stop. */
function untilStopped(): Promise<string> {
  return new Promise(stop => {
    process.on('SIGTERM', () => stop('SIGTERM')).on('SIGINT', () => stop('SIGINT')).on('disconnect', () => stop('supervisor ended'))
  })
}

function addresses(call: Call): { host: string; port: number; managementPort: number | null; publicUrl: URL | null } {
  const args = call.arguments
  const port = args.integer('port', 0, 65_535) ?? PORT
  const managementPort = args.integer('management-port', 0, 65_535) ?? (port === 0 ? 0 : null)
  const host = args.text('host') ?? '127.0.0.1'
  if (isIP(host) === 0) throw new UsageError('--host must be an IP address.')
  const address = args.text('public-url')
  if (address !== undefined && !URL.canParse(address)) throw new UsageError('--public-url must be a URL such as https://orders.example.')
  const publicUrl = address === undefined ? null : new URL(address)
  if (publicUrl === null && host !== '::1' && !host.startsWith('127.')) {
    throw new UsageError('An address that others can reach needs --public-url, the name under which they reach it.')
  }
  return { host, port, managementPort, publicUrl }
}

function announce({ url, managementUrl, servesConsole, setUpNeeded, signIn }: Notice): string {
  return [
    servesConsole ? `Keelson is at ${url}` : `The API is at ${url}; the console is not built (npm run build).`,
    `Health and metrics: ${managementUrl}`,
    ...(setUpNeeded ? ['The site is not set up yet: the console asks how, or see keelson init.'] : []),
    ...(signIn === null ? [] : ['', signInTable(signIn)]),
  ].join('\n')
}

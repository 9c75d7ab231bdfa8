import { userInfo } from 'node:os'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { localSocketPath } from '#src/server/local-socket-path.ts'
import { askSecret } from './ask-secret.ts'
import { UsageError, type Call } from './command.ts'
import { answersAt, answersWithin, isEngineGone, localClient } from './local-client.ts'
import { hasSite } from './no-access.ts'

/** How long a running engine may take until it listens, when it has just begun or begins again after its death; or until it has ended. */
const PATIENCE_MS = 30_000
const RETRY_MS = 200

/** Waits for the engine after a call failed; true where it was gone and is back. What is safe to repeat may then be. */
export type Recover = (error: unknown) => Promise<boolean>

export interface OpenEngine {
  /** For the person at this machine, or for whom an authorization names. */
  client(authorization: string | null): KeelsonClient
  readonly recover: Recover
  /** Rejects when the engine cannot go on. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

type Use<T> = (client: KeelsonClient, recover: Recover) => Promise<T>

/**
 * Runs something with the engine of the data folder: the one that runs already, over its local socket, or one of our own
 * that lives as long as the command.
 */
export async function withEngine<T>(call: Call, use: Use<T>): Promise<T> {
  if (!hasSite(call.dataFolder)) {
    throw new RefusalError({
      code: 'KS-CLI-NO-SITE', message: `There is no site in ${call.dataFolder}.`, remedy: 'Name its folder with --data, or make one: keelson init.', values: { folder: call.dataFolder },
    })
  }
  return await withNewEngine(call, use)
}

/** The same for a folder that need not be there yet. */
export async function withNewEngine<T>(call: Call, use: Use<T>): Promise<T> {
  const engine = await openEngine(call)
  try {
    return await Promise.race([useAs(engine, call, use), engine.failed])
  } catch (error) {
    if (!isEngineGone(error)) throw error
    throw new RefusalError({ code: 'KS-CLI-ENGINE-GONE', message: 'The engine ended before it answered.', remedy: 'Nothing that it acknowledged is lost. Run the command again.' })
  } finally {
    await engine.close()
  }
}

/** With `--as USER` somebody else signs in for this one command: what the person at the machine may not do alone. */
async function useAs<T>(engine: OpenEngine, call: Call, use: Use<T>): Promise<T> {
  const user = call.arguments.text('as')
  const own = engine.client(null)
  if (user === undefined) return await use(own, engine.recover)
  const password = process.env['KEELSON_PASSWORD'] ?? await askSecret(`Password of ${user}: `)
  if (password === null) throw new UsageError('--as needs the password of that person: in KEELSON_PASSWORD, or in a terminal, where it is asked for.')
  const { token } = await own.commands['sign-in']({ user, password })
  const client = engine.client(`Bearer ${token}`)
  try {
    return await use(client, engine.recover)
  } finally {
    await client.commands['sign-out']({}).catch((error: unknown) => { if (!isEngineGone(error)) throw error })
  }
}

/** An engine of the data folder: the one that runs, or one of our own. */
export async function openEngine(call: Pick<Call, 'dataFolder' | 'logFile' | 'logLevel'>): Promise<OpenEngine> {
  const socket = localSocketPath(call.dataFolder)
  if (await answersAt(socket)) return remote(socket)
  const startHere = await engineOf(call)
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await startHere()
    } catch (error) {
      if (!(error instanceof RefusalError) || error.refusal.code !== 'KS-DATA-LOCKED') throw error
      // Whoever holds the folder is beginning, and will answer, or is ending, and will give it free.
      if (await answersAt(socket)) return remote(socket)
      if (performance.now() >= until) throw error
      await new Promise(again => setTimeout(again, RETRY_MS))
    }
  }
}

function remote(socket: string): OpenEngine {
  return {
    client: authorization => localClient(socket, authorization), failed: new Promise<never>(() => undefined), close: () => Promise.resolve(),
    recover: async error => isEngineGone(error) && await answersWithin(socket, PATIENCE_MS),
  }
}

/** What starts an engine in this process. */
async function engineOf({ dataFolder, logLevel, logFile }: Parameters<typeof openEngine>[0]): Promise<() => Promise<OpenEngine>> {
  // Loaded only here: a command that finds a running engine needs none of it.
  const [{ createRouterClient }, { hostEngine }, { processLog }, { productFolder }] = await Promise.all([
    import('@orpc/server'), import('#src/server/host-engine.ts'), import('#src/server/log.ts'), import('#src/server/product-folder.ts'),
  ])
  const product = productFolder()
  const log = processLog({ level: logLevel, file: logFile, version: product.version })
  const local = { osUser: userInfo().username }
  return async () => {
    const engine = await hostEngine({ dataFolder, product, log })
    return {
      client: authorization => createRouterClient(engine.router, { context: { authorization, local, locale: null } }),
      failed: engine.failed,
      recover: () => Promise.resolve(false),
      close: async () => {
        await engine.close()
        log.flush()
      },
    }
  }
}

import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { localSocketPath } from '#src/server/local-socket-path.ts'
import type { Call } from './command.ts'
import { answersAt, localClient } from './local-client.ts'

/** How long a running engine may take until it listens, once it holds the lock. */
const SOCKET_PATIENCE_MS = 15_000
const SOCKET_RETRY_MS = 200

interface OpenEngine {
  readonly client: KeelsonClient
  /** Rejects when the engine cannot go on. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

/**
 * Runs something with the engine of the data folder: the one that runs already, over its local socket, or one of our own
 * that lives as long as the command.
 */
export async function withEngine<T>(call: Call, use: (client: KeelsonClient) => Promise<T>): Promise<T> {
  if (!existsSync(join(call.dataFolder, 'format'))) {
    throw new RefusalError({
      code: 'KS-CLI-NO-SITE', message: `There is no site in ${call.dataFolder}.`, remedy: 'Name its folder with --data, or make one: keelson init.', values: { folder: call.dataFolder },
    })
  }
  return await withNewEngine(call, use)
}

/** The same for a folder that need not be there yet. */
export async function withNewEngine<T>(call: Call, use: (client: KeelsonClient) => Promise<T>): Promise<T> {
  const engine = await openEngine(call)
  try {
    return await Promise.race([use(engine.client), engine.failed])
  } finally {
    await engine.close()
  }
}

async function openEngine(call: Call): Promise<OpenEngine> {
  const socket = localSocketPath(call.dataFolder)
  if (await answersAt(socket)) return remote(socket)
  try {
    return await inProcess(call)
  } catch (error) {
    if (!(error instanceof RefusalError) || error.refusal.code !== 'KS-DATA-LOCKED') throw error
    const until = performance.now() + SOCKET_PATIENCE_MS
    while (performance.now() < until) {
      if (await answersAt(socket)) return remote(socket)
      await new Promise(again => setTimeout(again, SOCKET_RETRY_MS))
    }
    throw error
  }
}

function remote(socket: string): OpenEngine {
  return { client: localClient(socket), failed: new Promise<never>(() => undefined), close: () => Promise.resolve() }
}

async function inProcess({ dataFolder, logLevel, logFile }: Call): Promise<OpenEngine> {
  // Loaded only here: a command that finds a running engine needs none of it.
  const [{ createRouterClient }, { hostEngine }, { processLog }, { productFolder }] = await Promise.all([
    import('@orpc/server'), import('#src/server/host-engine.ts'), import('#src/server/log.ts'), import('#src/server/product-folder.ts'),
  ])
  const product = productFolder()
  const log = processLog({ level: logLevel, file: logFile, version: product.version })
  const engine = await hostEngine({ dataFolder, product, log })
  const context = { authorization: null, local: { osUser: userInfo().username }, locale: null }
  return {
    client: createRouterClient(engine.router, { context }),
    failed: engine.failed,
    close: async () => {
      await engine.close()
      log.flush()
    },
  }
}

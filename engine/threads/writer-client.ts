import { Worker } from 'node:worker_threads'
import type { CommandInput, CommandOutput, TenantCommandName } from '#engine/commands/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Result } from '#engine/core/refusal.ts'
import type { Composition } from '#engine/packs/composition.ts'
import type { SiteCommandInput, SiteCommandName, SiteCommandOutput } from '#engine/site/site-commands.ts'
import type { FromWriter, Lane, StorageMode, ToWriter } from './writer-protocol.ts'

export interface Committed {
  readonly tenant: string
  readonly epoch: number
  readonly sequence: number
  readonly commands: readonly string[]
}

/** The API thread's side of the writer. */
export interface WriterClient {
  run<N extends TenantCommandName>(tenant: string, name: N, input: CommandInput<N>, invocation: Invocation, lane?: Lane): Promise<Result<CommandOutput<N>>>
  site<N extends SiteCommandName>(name: N, input: SiteCommandInput<N>, invocation: Invocation): Promise<Result<SiteCommandOutput<N>>>
  setComposition(tenant: string, composition: Composition): void
  onCommitted(listener: (committed: Committed) => void): void
  mode(): { readonly mode: StorageMode; readonly reason: string | null }
  close(): Promise<void>
}

interface Pending {
  readonly resolve: (result: Result<unknown>) => void
  readonly reject: (error: Error) => void
}

/** Starts the writer thread. `onDeath` is told when it ends by itself: the engine cannot go on without it. */
export function startWriter(entry: URL, given: { dataFolder: string; sqliteBinary: string | undefined }, onDeath: (error: Error) => void): WriterClient {
  const worker = new Worker(entry, { workerData: given, name: 'writer' })
  const pending = new Map<number, Pending>()
  const listeners: ((committed: Committed) => void)[] = []
  let nextId = 1
  let mode: StorageMode = 'running'
  let reason: string | null = null
  let dead: Error | null = null
  let closing = false

  const die = (error: Error): void => {
    if (dead !== null) return
    dead = error
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
    if (!closing) onDeath(error)
  }
  worker.on('error', die)
  worker.on('exit', code => die(new Error(`the writer thread ended with code ${code}`)))
  worker.on('message', (message: FromWriter) => {
    switch (message.t) {
      case 'done':
        pending.get(message.id)?.resolve(message.result)
        pending.delete(message.id)
        return
      case 'fault': {
        const error = new Error(message.fault.message)
        error.stack = message.fault.stack
        pending.get(message.id)?.reject(error)
        pending.delete(message.id)
        return
      }
      case 'committed':
        for (const listener of listeners) listener(message)
        return
      case 'mode':
        mode = message.mode
        reason = message.reason
        return
    }
  })

  function send(make: (id: number) => ToWriter): Promise<Result<unknown>> {
    if (dead !== null) return Promise.reject(dead)
    const id = nextId++
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject })
      worker.postMessage(make(id))
    })
  }

  return {
    run: (tenant, name, input, invocation, lane = 'interactive') =>
      send(id => ({ t: 'write', id, tenant, lane, name, invocation, input })) as Promise<Result<never>>,
    site: (name, input, invocation) => send(id => ({ t: 'site', id, name, invocation, input })) as Promise<Result<never>>,
    setComposition: (tenant, composition) => worker.postMessage({ t: 'composition', tenant, composition } satisfies ToWriter),
    onCommitted: listener => void listeners.push(listener),
    mode: () => ({ mode, reason }),
    async close() {
      closing = true
      if (dead === null) await send(id => ({ t: 'close', id }))
      await worker.terminate()
    },
  }
}

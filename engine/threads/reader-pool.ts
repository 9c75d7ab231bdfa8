import { Worker } from 'node:worker_threads'
import { RefusalError } from '#engine/core/refusal.ts'
import type { ReadInput, ReadOutput, ReadQueryName } from '#engine/projections/index.ts'
import type { FromReader, ToReader } from './reader-protocol.ts'

/** Reads by name, on a few threads. Rejects with RefusalError for what cannot be found, with Error for a bug. */
export interface ReaderPool {
  read<N extends ReadQueryName>(tenant: string, name: N, input: ReadInput<N>, lane?: 'interactive' | 'bulk'): Promise<ReadOutput<N>>
  close(): Promise<void>
}

interface Thread {
  readonly worker: Worker
  readonly pending: Map<number, { resolve(value: unknown): void; reject(error: Error): void }>
}

/**
 * Starts the readers. The first is kept for the pipeline's bulk reads, the others for what people wait for: a page never
 * queues behind a batch. A reader that dies is replaced; what it was reading fails.
 */
export function startReaders(entry: URL, given: { dataFolder: string; sqliteBinary: string | undefined }, count: number): ReaderPool {
  let closing = false
  let nextId = 1
  const threads: Thread[] = Array.from({ length: count }, (_, index) => start(index))

  function start(index: number): Thread {
    const worker = new Worker(entry, { workerData: given, name: `reader-${index}` })
    const thread: Thread = { worker, pending: new Map() }
    let failed: Error | null = null
    worker.on('error', error => { failed = error instanceof Error ? error : new Error(String(error)) })
    worker.on('exit', code => {
      for (const { reject } of thread.pending.values()) reject(failed ?? new Error(`a reader thread ended with code ${code}`))
      thread.pending.clear()
      if (!closing) threads[index] = start(index)
    })
    worker.on('message', (message: FromReader) => {
      const waiting = thread.pending.get(message.id)
      thread.pending.delete(message.id)
      if (message.ok) waiting?.resolve(message.value)
      else if (message.refusal !== null) waiting?.reject(new RefusalError(message.refusal))
      else {
        const error = new Error(message.fault?.message ?? 'a read failed')
        if (message.fault !== null) error.stack = message.fault.stack
        waiting?.reject(error)
      }
    })
    return thread
  }

  function pick(lane: 'interactive' | 'bulk'): Thread {
    const [first, ...rest] = threads
    if (first === undefined) throw new Error('no reader threads')
    if (lane === 'bulk' || rest.length === 0) return first
    return rest.reduce((least, thread) => (thread.pending.size < least.pending.size ? thread : least))
  }

  return {
    read(tenant, name, input, lane = 'interactive') {
      const id = nextId++
      const thread = pick(lane)
      return new Promise((resolve, reject) => {
        thread.pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
        thread.worker.postMessage({ id, tenant, name, input } satisfies ToReader)
      })
    },
    async close() {
      closing = true
      await Promise.all(threads.map(thread => thread.worker.terminate()))
    },
  }
}

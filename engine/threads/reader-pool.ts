import { Worker } from 'node:worker_threads'
import { RefusalError } from '#engine/core/refusal.ts'
import type { ReadInput, ReadOutput, ReadQueryName } from '#engine/projections/index.ts'
import type { FromReader, ToReader } from './reader-protocol.ts'

/** `bulk` reads for the pipeline and sync; `housekeeping` copies the write-ahead log. Neither delays an interactive read. */
export type ReadLane = 'interactive' | 'bulk' | 'housekeeping'

/** Reads by name, on a few threads. Rejects with RefusalError for what cannot be found, with Error for a bug. */
export interface ReaderPool {
  read<N extends ReadQueryName>(tenant: string, name: N, input: ReadInput<N>, lane?: ReadLane): Promise<ReadOutput<N>>
  close(): Promise<void>
}

interface Thread {
  readonly worker: Worker
  readonly pending: Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>
}

/**
 * Starts the readers, at least three: one for bulk reads, one for housekeeping, the others for what people wait for. A page
 * never queues behind a batch. A reader that dies is replaced; what it was reading fails.
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

  function pick(lane: ReadLane): Thread {
    const [bulk, housekeeping, ...interactive] = threads
    const first = interactive[0]
    if (bulk === undefined || housekeeping === undefined || first === undefined) throw new Error('there are fewer than three readers')
    if (lane === 'bulk') return bulk
    if (lane === 'housekeeping') return housekeeping
    return interactive.reduce((least, thread) => (thread.pending.size < least.pending.size ? thread : least), first)
  }

  return {
    read(tenant, name, input, lane = 'interactive') {
      const id = nextId++
      const thread = pick(lane)
      return new Promise((resolve, reject) => {
        thread.pending.set(id, { resolve: resolve as never, reject })
        thread.worker.postMessage({ id, tenant, name, input } satisfies ToReader)
      })
    },
    async close() {
      closing = true
      await Promise.all(threads.map(thread => thread.worker.terminate()))
    },
  }
}

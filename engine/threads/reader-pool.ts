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
 * A reader for bulk reads, one for housekeeping, and up to `interactive` for what people wait for: a page never queues behind a
 * batch. Each starts with its first read, further interactive ones when all are busy. One that dies is replaced; what it was
 * reading fails.
 */
export function startReaders(entry: URL, given: { dataFolder: string; sqliteBinary: string | undefined }, interactive: number): ReaderPool {
  let nextId = 1
  let closed = false
  const lanes: Record<ReadLane, Thread[]> = { interactive: [], bulk: [], housekeeping: [] }
  const most: Record<ReadLane, number> = { interactive, bulk: 1, housekeeping: 1 }

  function start(lane: ReadLane): Thread {
    const worker = new Worker(entry, { workerData: given, name: `reader-${lane}` })
    const thread: Thread = { worker, pending: new Map() }
    lanes[lane].push(thread)
    let failed: Error | null = null
    worker.on('error', error => { failed = error instanceof Error ? error : new Error(String(error)) })
    worker.on('exit', code => {
      for (const { reject } of thread.pending.values()) reject(failed ?? new Error(`a reader thread ended with code ${code}`))
      thread.pending.clear()
      lanes[lane] = lanes[lane].filter(other => other !== thread)
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
    const idle = lanes[lane].find(({ pending }) => pending.size === 0)
    if (idle !== undefined) return idle
    if (lanes[lane].length < most[lane]) return start(lane)
    return lanes[lane].reduce((least, thread) => (thread.pending.size < least.pending.size ? thread : least))
  }

  return {
    read(tenant, name, input, lane = 'interactive') {
      if (closed) return Promise.reject(new Error('The readers are closed.'))
      const id = nextId++
      const thread = pick(lane)
      return new Promise((resolve, reject) => {
        thread.pending.set(id, { resolve: resolve as never, reject })
        thread.worker.postMessage({ id, tenant, name, input } satisfies ToReader)
      })
    },
    async close() {
      closed = true
      await Promise.all(Object.values(lanes).flat().map(thread => thread.worker.terminate()))
    },
  }
}

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

interface Read {
  readonly message: ToReader
  readonly lane: ReadLane
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: Worker
  readonly pending: Map<number, Read>
  /** What it reads, or read last: its caches are warm for that. Where several lanes wait for it to start, the one that came last. */
  lane: ReadLane
  /** It is loaded, and reads. */
  started: boolean
}

/** How long a read waits for a thread that is at work before it gets one of its own: about as long as the start of one takes. */
const PATIENCE_MS = 25
/** Of reads that wait, the one of the lowest rank comes first. */
const RANK: Readonly<Record<ReadLane, number>> = { interactive: 0, bulk: 1, housekeeping: 2 }

/**
 * As many threads as reads run at once: one for bulk reads, one for housekeeping, and up to `interactive` for what people wait for, so
 * that a page never queues behind a batch. A read takes a thread that has nothing to do, or waits with others for one that starts. Where
 * all are at work it waits for about as long as the start of a thread takes; then one is started. So a command needs
 * one, and so does an engine as it starts. A thread that dies is replaced; what it was reading fails.
 */
export function startReaders(entry: URL, given: { dataFolder: string; sqliteBinary: string | undefined }, interactive: number): ReaderPool {
  let nextId = 1
  let closed = false
  let threads: Thread[] = []
  /** Reads for which every thread was at work, by rank; and the time until a thread is started for the first of them. */
  let held: Read[] = []
  let patience: NodeJS.Timeout | null = null
  const most: Record<ReadLane, number> = { interactive, bulk: 1, housekeeping: 1 }

  function start(lane: ReadLane): Thread {
    const worker = new Worker(entry, { workerData: given, name: `reader-${threads.length + 1}` })
    const thread: Thread = { worker, pending: new Map(), lane, started: false }
    threads.push(thread)
    let failed: Error | null = null
    worker.on('error', error => { failed = error instanceof Error ? error : new Error(String(error)) })
    worker.on('exit', code => {
      for (const { reject } of thread.pending.values()) reject(failed ?? new Error(`a reader thread ended with code ${code}`))
      thread.pending.clear()
      threads = threads.filter(other => other !== thread)
      placeHeld()
    })
    worker.on('message', (message: FromReader) => {
      if ('ready' in message) {
        thread.started = true
        bePatient()
        return
      }
      const waiting = thread.pending.get(message.id)
      thread.pending.delete(message.id)
      if (message.ok) waiting?.resolve(message.value)
      else if (message.refusal !== null) waiting?.reject(new RefusalError(message.refusal))
      else {
        const error = new Error(message.fault?.message ?? 'a read failed')
        if (message.fault !== null) error.stack = message.fault.stack
        waiting?.reject(error)
      }
      placeHeld()
    })
    return thread
  }

  /** Where nothing waits that `lane` must not wait behind. */
  function starting(lane: ReadLane): Thread | undefined {
    return threads.find(thread => !thread.started && (lane !== 'interactive' || thread.lane === 'interactive'))
  }

  /** Undefined where a read of this lane may have one more thread, and all that run are at work. */
  function pick(lane: ReadLane): Thread | undefined {
    const busy = threads.filter(thread => thread.lane === lane && thread.pending.size > 0)
    if (busy.length >= most[lane]) return busy.reduce((least, thread) => (thread.pending.size < least.pending.size ? thread : least))
    const idle = threads.filter(({ pending }) => pending.size === 0)
    // What people wait for keeps its own thread as long as another is idle.
    return idle.find(thread => thread.lane === lane) ?? idle.find(thread => thread.lane !== 'interactive') ?? idle[0] ?? starting(lane)
  }

  function give(read: Read, thread: Thread): void {
    thread.lane = read.lane
    thread.pending.set(read.message.id, read)
    thread.worker.postMessage(read.message)
  }

  function place(read: Read): void {
    const thread = pick(read.lane) ?? (threads.length === 0 ? start(read.lane) : undefined)
    if (thread === undefined) held = [...held, read].toSorted((a, b) => RANK[a.lane] - RANK[b.lane])
    else give(read, thread)
  }

  /** Where a thread has become free, or one may have to be started. */
  function placeHeld(): void {
    if (held.length === 0 || closed) return
    held.splice(0).forEach(place)
    bePatient()
  }

  function bePatient(): void {
    if (held.length === 0 || patience !== null || threads.some(({ started }) => !started)) return
    patience = setTimeout(() => {
      patience = null
      const read = held.shift()
      if (read === undefined) return
      give(read, start(read.lane))
      placeHeld()
    }, PATIENCE_MS)
  }

  return {
    read(tenant, name, input, lane = 'interactive') {
      if (closed) return Promise.reject(new Error('The readers are closed.'))
      const message: ToReader = { id: nextId++, tenant, name, input }
      return new Promise((resolve, reject) => {
        place({ message, lane, resolve: resolve as never, reject })
        bePatient()
      })
    },
    async close() {
      closed = true
      if (patience !== null) clearTimeout(patience)
      for (const { reject } of held.splice(0)) reject(new Error('The readers are closed.'))
      await Promise.all(threads.map(thread => thread.worker.terminate()))
    },
  }
}

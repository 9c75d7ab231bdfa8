import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Result } from '#engine/core/refusal.ts'
import type { Encoding } from '#engine/sync/compression.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import type { VerifiedBatch } from './verify-batch.ts'
import type { VerifyAnswer, VerifyRequest } from './verify-thread.ts'

/** Unpacks and checks batches on threads of their own. Batches of one site come back in the order in which they went in. */
export interface Verifier {
  verify(site: string, body: Uint8Array, encoding: Encoding): Promise<Result<VerifiedBatch>>
  close(): Promise<void>
}

/** The source runs as it is in development; bundled, the thread lies beside the bundle. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './verify-thread.ts' : './verify-thread.js', import.meta.url)
const MOST_THREADS = 4

export function startVerifier(log: SyncLog): Verifier {
  const threads = Array.from({ length: Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1)) }, () => new VerifyThread(log))
  return {
    verify: (site, body, encoding) => {
      const thread = threads[indexOf(site, threads.length)]
      if (thread === undefined) throw new Error('central has no thread to verify with')
      return thread.verify(body, encoding)
    },
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  }
}

interface Waiting {
  resolve(result: Result<VerifiedBatch>): void
  reject(error: Error): void
}

/** One thread, started when it is first needed and again after it died; what it was busy with fails and is sent again. */
class VerifyThread {
  readonly #log: SyncLog
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #next = 0

  constructor(log: SyncLog) {
    this.#log = log
  }

  verify(body: Uint8Array, encoding: Encoding): Promise<Result<VerifiedBatch>> {
    this.#worker ??= this.#start()
    const id = this.#next
    this.#next += 1
    const request: VerifyRequest = { id, body, encoding }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker?.postMessage(request, [body.buffer as ArrayBuffer])
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(ENTRY)
    worker.unref()
    worker.on('message', ({ id, result }: VerifyAnswer) => {
      this.#waiting.get(id)?.resolve(result)
      this.#waiting.delete(id)
    })
    worker.on('error', (error) => this.#log.error({ error: error.message }, 'the thread that verifies batches failed'))
    worker.on('exit', (code) => {
      this.#worker = null
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`the thread that verifies batches ended with code ${code}`))
      this.#waiting.clear()
    })
    return worker
  }
}

function indexOf(site: string, length: number): number {
  let sum = 0
  for (const char of site) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 2_147_483_647
  return sum % length
}

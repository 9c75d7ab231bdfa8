import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { PHASES, type Place, Progress } from './progress.ts'
import type {
  FromHost, HostComposition, PackHostLimits, Stop, ToHost,
} from './protocol.ts'
import { tidy } from './thrown.ts'
import type { WorkerReply, WorkerRequest, WorkerTask } from './worker-task.ts'

/** The host's end of the channel to the engine. */
export interface HostPort {
  post(message: FromHost): void
  onMessage(listener: (message: ToHost) => void): void
}

/** How often the workers are looked at; an order is stopped at most this much after its time. */
const LOOK_MS = 20
const REPORT_MS = 500
const YOUNG_HEAP_MB = 64
/** Wall time, in limits, after which an order is stopped however little it ran. */
const LONGEST_WAIT = 10

/**
 * The main thread of a pack host: hands batches to workers and watches them. It never runs pack code itself, so it
 * stays able to end a worker that loops; a pack that brings the whole process down is the engine's to find.
 * Rejects when a worker cannot be started, or has ended for no reason of a batch: the process is best begun anew.
 */
export async function servePackHost(port: HostPort, worker: URL): Promise<never> {
  return await new Promise<never>((_, fail) => {
    let host: Host | undefined
    port.onMessage((message) => {
      if (message.type === 'set-up') {
        host = new Host(port, worker, message, fail)
        host.begin().catch(fail)
        return
      }
      if (host === undefined) throw new Error(`"${message.type}" came before "set-up"`)
      host.take(message)
    })
  })
}

interface Running {
  readonly progress: Progress
  readonly limitMs: number
  /** Making a closure, or handing the answers over, may take as long as an order that is tried again. */
  readonly loadMs: number
  readonly abort: AbortController
  seen: Place
  sinceMs: number
  /** What the process had used of the processors by then. */
  sinceCpuMs: number
  reportedMs: number
  stop: Stop | null
}

type Attempt = Extract<ToHost, { type: 'attempt' }>

class Host {
  readonly #port: HostPort
  readonly #tenant: string
  readonly #limits: PackHostLimits
  readonly #pool: Piscina<WorkerRequest, WorkerReply>
  readonly #code = new Map<string, string>()
  readonly #compositions = new Map<number, HostComposition>()
  readonly #running = new Map<number, Running>()
  #watch: NodeJS.Timeout | undefined

  constructor(port: HostPort, worker: URL, { tenant, limits }: Extract<ToHost, { type: 'set-up' }>, onFault: (error: unknown) => void) {
    this.#port = port
    this.#tenant = tenant
    this.#limits = limits
    this.#pool = new Piscina<WorkerRequest, WorkerReply>({
      filename: fileURLToPath(worker),
      minThreads: 1,
      maxThreads: limits.workers,
      idleTimeout: 10_000,
      env: {},
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    })
    // A worker that ends between two batches, or as it starts: the pool would let later batches wait for ever.
    this.#pool.on('error', onFault)
  }

  async begin(): Promise<void> {
    await this.#pool.run('are-you-there')
    const { version } = createRequire(import.meta.url)('ses/package.json') as { version: string }
    this.#port.post({ type: 'ready', versions: { ses: version, v8: process.versions.v8 } })
  }

  take(message: Exclude<ToHost, { type: 'set-up' }>): void {
    switch (message.type) {
      case 'code':
        this.#code.set(codeKey(message), message.text)
        return
      case 'composition':
        this.#compositions.set(message.id, message.composition)
        return
      case 'attempt':
        void this.#attempt(message)
    }
  }

  async #attempt(message: Attempt): Promise<void> {
    const { attempt } = message
    const shared = Progress.share()
    const progress = new Progress(shared)
    const running: Running = {
      progress,
      limitMs: this.#limits.orderMs * message.factor,
      loadMs: this.#limits.orderMs * this.#limits.retryFactor,
      abort: new AbortController(),
      seen: progress.read(), sinceMs: performance.now(), sinceCpuMs: cpuMs(), reportedMs: performance.now(), stop: null,
    }
    this.#running.set(attempt, running)
    this.#watch ??= setInterval(() => this.#look(), LOOK_MS)
    try {
      const answers = await this.#pool.run(this.#task(message, shared), { signal: running.abort.signal }) as Exclude<WorkerReply, 'here'>
      this.#port.post({ type: 'answered', attempt, answers })
    } catch (error) {
      this.#port.post({ type: 'stopped', attempt, stop: running.stop ?? stopOf(error, progress.read()) })
    } finally {
      this.#running.delete(attempt)
      if (this.#running.size === 0) {
        clearInterval(this.#watch)
        this.#watch = undefined
      }
    }
  }

  #task({ composition: id, blocked, until, batch }: Attempt, progress: SharedArrayBuffer): WorkerTask {
    const composition = this.#compositions.get(id)
    if (composition === undefined) throw new Error(`composition ${id} was never sent`)
    const uses = composition.uses.map(use => ({ ...use, code: this.#code.get(codeKey(use)) ?? '' }))
    return { tenant: this.#tenant, uses, world: composition.world, blocked, until, batch, progress }
  }

  #look(): void {
    const nowMs = performance.now()
    const usedMs = cpuMs()
    for (const [attempt, running] of this.#running) {
      const place = running.progress.read()
      if (place.tick !== running.seen.tick) {
        running.seen = place
        running.sinceMs = nowMs
        running.sinceCpuMs = usedMs
      }
      const elapsedMs = nowMs - running.sinceMs
      const slow = place.phase === PHASES.running && elapsedMs > LOOK_MS
      if (slow || nowMs - running.reportedMs > REPORT_MS) {
        running.reportedMs = nowMs
        this.#port.post({ type: 'working', attempt, item: slow ? place.item : -1 })
      }
      const limitMs = place.phase === PHASES.running ? running.limitMs : Math.max(running.loadMs, running.limitMs)
      // On a machine that is too busy, or has slept, time passes in which nothing runs: that is not the pack's.
      const starved = usedMs - running.sinceCpuMs <= limitMs && elapsedMs <= limitMs * LONGEST_WAIT
      if (place.phase === PHASES.waiting || elapsedMs <= limitMs || starved || running.stop !== null) continue
      running.stop = { why: 'timeout', item: place.item, use: place.use, message: `no answer within ${limitMs} ms` }
      running.abort.abort()
    }
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function stopOf(error: unknown, place: Place): Stop {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return {
    why: code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'fault',
    item: place.item, use: place.use, message: tidy(String(message)),
  }
}

function codeKey({ digest, entry }: { readonly digest: string; readonly entry: string }): string {
  return `${digest} ${entry}`
}

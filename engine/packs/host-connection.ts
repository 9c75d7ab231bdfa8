import type { EngineLog } from '#engine/engine.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type {
  AnswerColumns, BatchColumns, BlockedStep, FromHost, HostComposition, PackHostLimits, Stop, ToHost,
} from '#engine/sandbox/protocol.ts'
import type { PackHostChannel, PackHostStatus, StartPackHost } from './pack-host.ts'

export interface Attempt {
  readonly composition: HostComposition
  /** Same id, same composition: it is sent once to each process. */
  readonly compositionId: number
  /** Text of the code of (digest, entry), where the host will need it. */
  readonly code: readonly { readonly digest: string; readonly entry: string; readonly text: string }[]
  readonly blocked: readonly BlockedStep[]
  readonly until: number
  readonly factor: number
  readonly batch: BatchColumns
}

export type AttemptOutcome =
  | { readonly kind: 'answered'; readonly answers: AnswerColumns }
  /** A worker had to be ended; the process lives. */
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** The process has ended. `item` was running for long when it was last heard of; -1 is not known. */
  | { readonly kind: 'died'; readonly item: number; readonly why: string }

interface Pending {
  readonly resolve: (outcome: AttemptOutcome) => void
  item: number
}

/** One life of the process. What an earlier one still says is heard by nobody. */
interface Generation {
  readonly channel: PackHostChannel
  readonly pending: Map<number, Pending>
  readonly sent: Set<string>
  heardMs: number
}

const STARTS_BEFORE_GIVING_UP = 5
const FIRST_DELAY_MS = 25
const LONGEST_DELAY_MS = 1000
const START_MS = 30_000

/** Keeps one pack-host process: starts it when there is work, again when it has died, ends it when it is idle. */
export class HostConnection {
  readonly #tenant: string
  readonly #start: StartPackHost
  readonly #log: EngineLog
  readonly #limits: PackHostLimits
  #current: Generation | null = null
  #starting: Promise<Generation> | null = null
  #generation = 0
  #restarts = 0
  #attempts = 0
  /** Deaths since the last answer: each makes the next start wait longer. */
  #deaths = 0
  #versions: PackHostStatus['versions'] = null
  #idle: NodeJS.Timeout | undefined
  #watch: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: { readonly tenant: string; readonly start: StartPackHost; readonly log: EngineLog; readonly limits: PackHostLimits }) {
    this.#tenant = options.tenant
    this.#start = options.start
    this.#log = options.log
    this.#limits = options.limits
  }

  status(): PackHostStatus {
    const state = this.#starting !== null && this.#generation > 0 ? 'restarting' : this.#current === null ? 'idle' : 'running'
    return { state, generation: this.#generation, restarts: this.#restarts, versions: this.#versions }
  }

  /** Throws RefusalError when no pack host can be started at all, or after close(). */
  async attempt(attempt: Attempt): Promise<AttemptOutcome> {
    clearTimeout(this.#idle)
    const generation = await this.#ensure()
    if (this.#current !== generation) return { kind: 'died', item: -1, why: 'it ended as the work began' }
    clearTimeout(this.#idle)
    return await new Promise((resolve) => {
      const id = ++this.#attempts
      generation.pending.set(id, { resolve, item: -1 })
      if (generation.pending.size === 1) this.#watchOver(generation)
      this.#send(generation, attempt, id)
    })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#idle)
    const current = this.#current
    if (current !== null) this.#ended(current, 'closed')
    current?.channel.kill()
  }

  async #ensure(): Promise<Generation> {
    if (this.#closed) throw closedRefusal()
    if (this.#current !== null) return this.#current
    this.#starting ??= this.#startUp().finally(() => {
      this.#starting = null
    })
    return await this.#starting
  }

  async #startUp(): Promise<Generation> {
    for (let failures = 0; ; failures++) {
      await this.#backOff()
      if (this.#closed) throw closedRefusal()
      if (this.#generation > 0) this.#restarts++
      this.#generation++
      try {
        const generation = await this.#open()
        if (this.#closed) generation.channel.kill()
        else this.#current = generation
        return generation
      } catch (error) {
        this.#deaths++
        const why = error instanceof Error ? error.message : String(error)
        this.#log.warn({ tenant: this.#tenant, generation: this.#generation, why }, 'A pack host did not start')
        if (failures + 1 >= STARTS_BEFORE_GIVING_UP) throw startRefusal(why)
      }
    }
  }

  #backOff(): Promise<void> {
    if (this.#deaths === 0) return Promise.resolve()
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (this.#deaths - 1), LONGEST_DELAY_MS)
    return new Promise(resolve => void setTimeout(resolve, delayMs))
  }

  async #open(): Promise<Generation> {
    const channel = await this.#start(this.#tenant)
    const generation: Generation = { channel, pending: new Map(), sent: new Set(), heardMs: performance.now() }
    try {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`not ready within ${START_MS} ms`)), START_MS)
        late.unref()
        channel.onClose((why) => {
          clearTimeout(late)
          reject(new Error(why))
          this.#ended(generation, why)
        })
        channel.onMessage((raw) => {
          const message = raw as FromHost
          if (message.type === 'ready') {
            clearTimeout(late)
            this.#versions = message.versions
            resolve()
          } else {
            this.#heard(generation, message)
          }
        })
        post(channel, { type: 'set-up', tenant: this.#tenant, limits: this.#limits })
      })
    } catch (error) {
      channel.kill()
      throw error
    }
    return generation
  }

  #send({ channel, sent }: Generation, attempt: Attempt, id: number): void {
    for (const code of attempt.code) {
      const key = `${code.digest} ${code.entry}`
      if (!sent.has(key)) post(channel, { type: 'code', ...code })
      sent.add(key)
    }
    const key = `composition ${attempt.compositionId}`
    if (!sent.has(key)) post(channel, { type: 'composition', id: attempt.compositionId, composition: attempt.composition })
    sent.add(key)
    const { compositionId: composition, blocked, until, factor, batch } = attempt
    post(channel, { type: 'attempt', attempt: id, composition, blocked, until, factor, batch })
  }

  #heard(generation: Generation, message: Exclude<FromHost, { type: 'ready' }>): void {
    generation.heardMs = performance.now()
    const pending = generation.pending.get(message.attempt)
    if (pending === undefined) return
    if (message.type === 'working') {
      pending.item = message.item
      return
    }
    generation.pending.delete(message.attempt)
    this.#deaths = 0
    if (generation.pending.size === 0) this.#rest()
    pending.resolve(message.type === 'answered'
      ? { kind: 'answered', answers: message.answers }
      : { kind: 'stopped', stop: message.stop })
  }

  #ended(generation: Generation, why: string): void {
    if (this.#current !== generation) return
    this.#current = null
    clearInterval(this.#watch)
    clearTimeout(this.#idle)
    if (generation.pending.size === 0) return
    // One that was closed with its engine died of nothing; what it was asked is asked again after the next start.
    if (!this.#closed) {
      this.#deaths++
      this.#log.warn({ tenant: this.#tenant, generation: this.#generation, why }, 'A pack host ended in the middle of work')
    }
    for (const { resolve, item } of generation.pending.values()) resolve({ kind: 'died', item, why })
    generation.pending.clear()
  }

  /** A process that has work and says nothing is taken for dead: its main thread reports while workers run. */
  #watchOver(generation: Generation): void {
    generation.heardMs = performance.now()
    clearInterval(this.#watch)
    this.#watch = setInterval(() => {
      if (performance.now() - generation.heardMs > this.#limits.silenceMs) generation.channel.kill()
    }, 1000)
    this.#watch.unref()
  }

  #rest(): void {
    clearInterval(this.#watch)
    const generation = this.#current
    if (generation === null) return
    this.#idle = setTimeout(() => {
      this.#ended(generation, 'idle')
      generation.channel.kill()
    }, this.#limits.idleMs)
    this.#idle.unref()
  }
}

function post(channel: PackHostChannel, message: ToHost): void {
  channel.post(message)
}

function closedRefusal(): RefusalError {
  return new RefusalError({
    code: 'KS-PACK-HOST-CLOSED', message: 'The pack host of this tenant is closed.', remedy: 'Start the engine again.',
  })
}

function startRefusal(why: string): RefusalError {
  return new RefusalError({
    code: 'KS-PACK-HOST', message: `The process that runs packs does not start: ${why}`,
    remedy: 'Orders wait where they are. Check the installation with `keelson doctor`.',
  })
}

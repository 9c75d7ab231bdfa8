import { Followers } from '#engine/core/followers.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock } from '#engine/core/ports.ts'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import type { JobEnding } from '#engine/commands/index.ts'
import type { EngineLog } from '#engine/engine.ts'
import type { JobKind, JobRow, jobView } from '#engine/projections/work-lists.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'

export type JobView = ReturnType<typeof jobView>

/** One kind of long work. */
export interface JobWork {
  /** Takes a job up where it stands. */
  begin(row: JobRow, given: { readonly invocation: Invocation; readonly signal: AbortSignal; readonly tell: () => void }): JobRun
  /** What cannot be read from the row alone, such as where files of a job lie. */
  complete?(view: JobView): JobView
}

/** A job while this process runs it. */
export interface JobRun {
  /** To the end; rejects with the reason of the signal once that is aborted. */
  run(): Promise<void>
  /** After a cancel, before the job ends. */
  cancelled?(): Promise<void>
  /** What the job came to, however it ended: for its row, and for the log where what it did does not stand there already. */
  end(): Promise<{ readonly result: Readonly<Record<string, unknown>>; readonly event: JobEnding | null }>
  /** What only the running process knows. */
  live(seconds: number): Partial<JobView>
  /** Said of a fault of ours. */
  readonly fault: Refusal
}

export interface JobPorts {
  readonly tenant: string
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly clock: Clock
  readonly log: EngineLog
  readonly works: Readonly<Partial<Record<JobKind, JobWork>>>
  invocation(kind: JobKind, jobId: string): Invocation
}

interface Running {
  readonly row: JobRow
  readonly startedMs: number
  readonly abort: AbortController
  readonly run: JobRun
}

/** Runs the jobs of one tenant, those of a kind one after the other; takes up unfinished ones after a restart. */
export class JobRunner {
  readonly #ports: JobPorts
  readonly #followers = new Followers()
  readonly #running = new Map<string, Running>()
  readonly #working = new Map<JobKind, Promise<void>>()
  readonly #again = new Set<JobKind>()
  #stopped = false

  constructor(ports: JobPorts) {
    this.#ports = ports
  }

  wake(): void {
    for (const [kind, work] of Object.entries(this.#ports.works) as [JobKind, JobWork][]) this.#wake(kind, work)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const { abort } of this.#running.values()) abort.abort(STOPPING)
    await Promise.all(this.#working.values())
  }

  /** Asks a job to end. What it did so far stays. */
  async cancel(jobId: string, invocation: Invocation): Promise<'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'> {
    const running = this.#running.get(jobId)
    if (running !== undefined) {
      running.abort.abort(CANCELLED)
      return (await this.#followers.last(jobId, { view: () => this.view(jobId), isLast: () => this.#running.get(jobId) !== running })).state
    }
    const result = await this.#ports.writer.run(this.#ports.tenant, 'move-job', { jobId, state: 'cancelled' }, invocation)
    if (!result.ok) throw new RefusalError(result.refusal)
    this.#followers.tell(jobId)
    return result.value.state
  }

  async view(jobId: string): Promise<JobView> {
    return this.#live(await this.#ports.reader.read(this.#ports.tenant, 'job', { jobId }))
  }

  async list(limit: number): Promise<JobView[]> {
    const { rows } = await this.#ports.reader.read(this.#ports.tenant, 'jobs', { limit })
    return rows.map(view => this.#live(view))
  }

  /** Progress of a job as it comes, ending with its result. */
  follow(jobId: string, signal: AbortSignal | undefined): AsyncGenerator<JobView> {
    return this.#followers.follow(jobId, { signal, view: () => this.view(jobId), isLast: view => isEnded(view) || this.#stopped })
  }

  #wake(kind: JobKind, work: JobWork): void {
    if (this.#stopped) return
    this.#again.add(kind)
    if (this.#working.has(kind)) return
    // A turn later: work that ends at once would leave before it is noted here, and stand here for ever.
    this.#working.set(kind, Promise.resolve().then(() => this.#work(kind, work))
      .catch((error: unknown) => this.#ports.log.error({ error, tenant: this.#ports.tenant, kind }, 'the queue of jobs stopped; the next job or a restart takes it up')))
  }

  async #work(kind: JobKind, work: JobWork): Promise<void> {
    try {
      while (this.#again.delete(kind) && !this.#stopped) {
        const rows = await this.#ports.reader.read(this.#ports.tenant, 'unfinished-jobs', {})
        for (const row of rows.filter(each => each.kind === kind)) {
          if (this.#stopped) return
          await this.#run(row, work)
          this.#again.add(kind)
        }
      }
    } finally {
      // In the same breath as the question whether there is more: a wake between the two would be lost.
      this.#working.delete(kind)
    }
  }

  async #run(row: JobRow, work: JobWork): Promise<void> {
    const { tenant, writer, clock, log } = this.#ports
    const invocation = this.#ports.invocation(row.kind, row.id)
    const abort = new AbortController()
    const run = work.begin(row, { invocation, signal: abort.signal, tell: () => this.#followers.tell(row.id) })
    const running: Running = { row, startedMs: clock.now(), abort, run }
    this.#running.set(row.id, running)
    try {
      const moved = await writer.run(tenant, 'move-job', { jobId: row.id, state: 'running' }, invocation)
      if (!moved.ok || moved.value.state !== 'running') return
      await run.run()
      await this.#end(running, 'succeeded', null)
    } catch (error) {
      if (error === STOPPING || this.#stopped) return
      if (error === CANCELLED) {
        await run.cancelled?.()
        await this.#end(running, 'cancelled', null)
        return
      }
      log.error({ error, tenant, jobId: row.id }, 'a job failed')
      await this.#end(running, 'failed', error instanceof RefusalError ? error.refusal : run.fault)
    } finally {
      this.#running.delete(row.id)
      this.#followers.tell(row.id)
    }
  }

  async #end({ row, run, startedMs }: Running, state: 'succeeded' | 'failed' | 'cancelled', error: Refusal | null): Promise<void> {
    const { tenant, writer, clock } = this.#ports
    const { result, event } = await run.end()
    // A restart in between began its own count: unless the work says otherwise, the duration is of the last run.
    const moved = await writer.run(tenant, 'move-job', { jobId: row.id, state, result: { durationMs: clock.now() - startedMs, ...result, error }, ...(event === null ? {} : { event }) }, this.#ports.invocation(row.kind, row.id))
    if (!moved.ok) throw new RefusalError(moved.refusal)
  }

  #live(view: JobView): JobView {
    const complete = this.#ports.works[view.kind]?.complete?.(view) ?? view
    const running = this.#running.get(view.id)
    // What has ended says itself how: its run may not know of its end yet.
    return running === undefined || isEnded(view) ? complete : { ...complete, ...running.run.live(Math.max(0.001, (this.#ports.clock.now() - running.startedMs) / 1000)) }
  }
}

function isEnded({ state }: JobView): boolean {
  return state !== 'queued' && state !== 'running'
}

const STOPPING = new Error('the engine is stopping')
const CANCELLED = new Error('the job was cancelled')

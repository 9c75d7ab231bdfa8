import { join } from 'node:path'
import type { ImportProgress } from '#engine/commands/index.ts'
import { Followers } from '#engine/core/followers.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock } from '#engine/core/ports.ts'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import type { EngineLog } from '#engine/engine.ts'
import { jobView, type JobRow } from '#engine/projections/work-lists.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { ImportFiles } from './import-files.ts'
import { fileSource, rejectsFormat } from '#engine/imports/index.ts'
import { runImport, type ImportInput } from './import-job.ts'

export type JobView = ReturnType<typeof jobView>

export interface JobPorts {
  readonly tenant: string
  readonly files: ImportFiles
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly clock: Clock
  readonly log: EngineLog
  invocation(jobId: string): Invocation
  /** Resolves when nothing of the tenant can be moved on by itself. */
  settled(): Promise<void>
}

interface Running {
  readonly row: JobRow
  readonly startedMs: number
  readonly takenBefore: number
  readonly abort: AbortController
  progress: ImportProgress
  phase: 'reading' | 'deciding'
}

/** Runs the jobs of one tenant, one after the other; takes up unfinished ones after a restart. */
export class JobRunner {
  readonly #ports: JobPorts
  readonly #followers = new Followers()
  #running: Running | null = null
  #working: Promise<void> | null = null
  #stopped = false
  #again = false

  constructor(ports: JobPorts) {
    this.#ports = ports
  }

  wake(): void {
    if (this.#stopped) return
    this.#again = true
    this.#working ??= this.#work()
      .catch((error: unknown) => this.#ports.log.error({ error, tenant: this.#ports.tenant }, 'the queue of jobs stopped; the next job or a restart takes it up'))
      .finally(() => { this.#working = null })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#running?.abort.abort(STOPPING)
    await this.#working
  }

  /** Asks a job to end. What it did so far stays. */
  async cancel(jobId: string, invocation: Invocation): Promise<'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'> {
    if (this.#running?.row.id === jobId) {
      this.#running.abort.abort(CANCELLED)
      while (this.#running?.row.id === jobId) await new Promise(resolve => setImmediate(resolve))
      return (await this.view(jobId)).state
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
    return this.#followers.follow(jobId, { signal, view: () => this.view(jobId), isLast: ({ state }) => (state !== 'queued' && state !== 'running') || this.#stopped })
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false
      const rows = await this.#ports.reader.read(this.#ports.tenant, 'unfinished-jobs', {})
      for (const row of rows) {
        if (this.#stopped) return
        await this.#run(row)
        this.#again = true
      }
    }
  }

  async #run(row: JobRow): Promise<void> {
    const { tenant, writer, clock, log } = this.#ports
    const invocation = this.#ports.invocation(row.id)
    const input = JSON.parse(row.input) as ImportInput
    const progress = JSON.parse(row.progress) as ImportProgress
    const startedMs = clock.now()
    const running: Running = { row, startedMs, takenBefore: progress.taken, abort: new AbortController(), progress, phase: 'reading' }
    this.#running = running
    try {
      const moved = await writer.run(tenant, 'move-job', { jobId: row.id, state: 'running' }, invocation)
      if (!moved.ok || moved.value.state !== 'running') return
      running.progress = await runImport({
        tenant, jobId: row.id, input, progress, invocation, writer, signal: running.abort.signal,
        onProgress: now => {
          running.progress = now
          this.#followers.tell(row.id)
        },
      })
      running.phase = 'deciding'
      this.#followers.tell(row.id)
      await this.#ports.settled()
      await this.#end(running, input, 'succeeded', null)
    } catch (error) {
      if (error === STOPPING || this.#stopped) return
      if (error === CANCELLED) {
        running.phase = 'deciding'
        this.#followers.tell(row.id)
        await this.#ports.settled()
        await this.#end(running, input, 'cancelled', null)
        return
      }
      log.error({ error, tenant, jobId: row.id }, 'a job failed')
      await this.#end(running, input, 'failed', error instanceof RefusalError ? error.refusal : {
        code: 'KS-BUG', message: 'The import met a fault of Keelson.', remedy: 'What was taken in so far stays. Import the file again; if it fails again, send the log.',
      })
    } finally {
      this.#running = null
      this.#followers.tell(row.id)
    }
  }

  async #end(running: Running, input: ImportInput, state: 'succeeded' | 'failed' | 'cancelled', error: Refusal | null): Promise<void> {
    const { tenant, writer, clock, reader, files } = this.#ports
    const { row, progress } = running
    if (progress.rejectsWritten > 0) {
      await files.write(row.id, input.rejectsName, rejectsText(input, after => reader.read(tenant, 'rejects', { jobId: row.id, after, limit: 5000 }, 'bulk')))
    }
    // A restart in between began its own count: the duration is of the last run, from where it took the job up.
    const result = { durationMs: clock.now() - running.startedMs, error }
    const finish = { file: input.file.name, digest: input.digest, counts: progress.counts }
    const moved = await writer.run(tenant, 'move-job', { jobId: row.id, state, result, finish }, this.#ports.invocation(row.id))
    if (!moved.ok) throw new RefusalError(moved.refusal)
  }

  /** Adds what only the running process knows: rate, time left, phase; and where the rejects lie. */
  #live(view: JobView): JobView {
    const running = this.#running
    const rejects = view.rejectsFile === null ? null : join(this.#ports.files.jobFolder(view.id), view.rejectsFile)
    if (running === null || running.row.id !== view.id) return { ...view, rejectsFile: view.state === 'running' ? null : rejects }
    const { progress, startedMs, phase } = running
    const seconds = Math.max(0.001, (this.#ports.clock.now() - startedMs) / 1000)
    const rate = progress.counts.lines.read / seconds
    const fraction = progress.bytesTotal > 0 ? Math.min(1, progress.bytesRead / progress.bytesTotal) : null
    return {
      ...view, rejectsFile: null, counts: progress.counts, phase, ratePerSecond: Math.round(rate), fraction: phase === 'deciding' ? null : fraction,
      secondsLeft: phase === 'deciding' || fraction === null || fraction === 0 ? null : Math.ceil(seconds * (1 - fraction) / fraction),
    }
  }
}

interface RejectPage {
  readonly rows: readonly { readonly ordinal: number; readonly rows: string; readonly codes: readonly string[]; readonly message: string; readonly original: string }[]
}

/** The rejects as a file in the form of what was imported, so that they can be mended and imported again. */
async function* rejectsText(input: ImportInput, page: (after: number) => Promise<RejectPage>): AsyncGenerator<string> {
  const format = await rejectsFormat(await fileSource(input.file.path, input.file.name), input.mapping)
  yield format.head
  let after = 0
  for (;;) {
    const { rows } = await page(after)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(r => format.line({ row: r.rows, codes: r.codes, reasons: [r.message], original: r.original })).join('')
    after = last.ordinal
  }
}

const STOPPING = new Error('the engine is stopping')
const CANCELLED = new Error('the job was cancelled')

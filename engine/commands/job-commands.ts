import type { ImportCounts } from '#engine/core/import-counts.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import { command, internal } from './handler.ts'

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Puts a job into the queue; the runner takes it from there, also after a restart. */
export const queueJob = command<{ readonly jobId: string; readonly kind: string; readonly title: string; readonly input: unknown; readonly progress: unknown }, { readonly jobId: string }>((writer, job, invocation) => {
  const now = writer.clock.now()
  writer.statements.get<[string, string, string, string, string, string, number, number], unknown>(
    `INSERT INTO jobs (id, kind, state, title, started_by, input, progress, created_at, updated_at) VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?)`)
    .run(job.jobId, job.kind, job.title, invocation.actor.id, JSON.stringify(job.input), JSON.stringify(job.progress), now, now)
  return ok({ jobId: job.jobId })
})

/** Moves a job that has not ended. `finish` puts what an import came to into the log. */
export const moveJob = internal<{
  readonly jobId: string; readonly state: JobState; readonly result?: unknown
  readonly finish?: { readonly file: string; readonly digest: string; readonly counts: ImportCounts }
}, { readonly state: JobState }>((writer, input, invocation) => {
  const job = writer.statements.get<[string], { state: JobState }>('SELECT state FROM jobs WHERE id = ?').get(input.jobId)
  if (job === undefined) return refuse('KS-JOB-UNKNOWN', 'There is no such job.', 'Look at the list of jobs.')
  if (job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled') return ok({ state: job.state })
  const result = input.result === undefined ? null : JSON.stringify(input.result)
  writer.statements.get<[string, string | null, string | null, number, string], unknown>(`
    UPDATE jobs SET state = ?, progress = CASE WHEN ? IS NULL THEN progress ELSE json_set(progress, '$.result', json(?)) END, updated_at = ? WHERE id = ?`)
    .run(input.state, result, result, writer.clock.now(), input.jobId)
  if (input.finish !== undefined) {
    writer.append('keelson.import.finished.v1', { jobId: input.jobId, file: input.finish.file, digest: input.finish.digest, state: input.state, counts: input.finish.counts },
      invocation, { orgpath: writer.store.rootPath() })
  }
  return ok({ state: input.state })
})

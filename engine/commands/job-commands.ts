import type { ImportCounts } from '#engine/core/import-counts.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import type { CoreEvents, RunCounts } from '#engine/log/event-types.ts'
import { command, internal } from './handler.ts'

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** What the log says of a job that ended, beside its id and how it ended. */
export type JobEnding =
  | { readonly type: 'keelson.import.finished.v1'; readonly data: { readonly file: string; readonly digest: string; readonly counts: ImportCounts } }
  | { readonly type: 'keelson.run.finished.v1'; readonly data: { readonly counts: RunCounts } }

/**
 * Puts a job into the queue; the runner takes it from there, also after a restart. `started` puts a run into the log. The id of
 * the job is new each time, so it does not say what was asked for: whoever asks twice by one invocation is told the first.
 */
export const queueJob = command<{
  readonly jobId: string; readonly kind: string; readonly title: string; readonly input: unknown; readonly progress: unknown
  readonly started?: CoreEvents['keelson.run.started.v1']
}, { readonly jobId: string }>((writer, job, invocation) => {
  const now = writer.clock.now()
  writer.statements.get<[string, string, string, string, string, string, number, number], unknown>(
    `INSERT INTO jobs (id, kind, state, title, started_by, input, progress, created_at, updated_at) VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?)`)
    .run(job.jobId, job.kind, job.title, invocation.actor.id, JSON.stringify(job.input), JSON.stringify(job.progress), now, now)
  if (job.started !== undefined) writer.append('keelson.run.started.v1', job.started, invocation, { orgpath: writer.store.rootPath() })
  return ok({ jobId: job.jobId })
}, ({ kind, input, started }) => ({ kind, input, ...(started === undefined ? {} : { started: { ...started, runId: null } }) }))

const NOTHING_COMPARED: JobEnding = { type: 'keelson.run.finished.v1', data: { counts: { orders: 0, unchanged: 0, changed: 0, failed: 0 } } }

/** Moves a job that has not ended. `event` puts what it came to into the log. */
export const moveJob = internal<{
  readonly jobId: string; readonly state: JobState; readonly result?: unknown
  readonly event?: JobEnding
}, { readonly state: JobState }>((writer, input, invocation) => {
  const job = writer.statements.get<[string], { state: JobState; kind: string }>('SELECT state, kind FROM jobs WHERE id = ?').get(input.jobId)
  if (job === undefined) return refuse('KS-JOB-UNKNOWN', 'There is no such job.', 'Look at the list of jobs.')
  if (job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled') return ok({ state: job.state })
  const result = input.result === undefined ? null : JSON.stringify(input.result)
  writer.statements.get<[string, string | null, string | null, number, string], unknown>(`
    UPDATE jobs SET state = ?, progress = CASE WHEN ? IS NULL THEN progress ELSE json_set(progress, '$.result', json(?)) END, updated_at = ? WHERE id = ?`)
    .run(input.state, result, result, writer.clock.now(), input.jobId)
  const { state, jobId } = input
  // A run that was cancelled before its turn came ends in the log as well.
  const event = input.event ?? (job.kind === 'impact' && state === 'cancelled' ? NOTHING_COMPARED : undefined)
  const at = { orgpath: writer.store.rootPath() }
  if (event?.type === 'keelson.import.finished.v1') writer.append(event.type, { jobId, ...event.data, state }, invocation, at)
  if (event?.type === 'keelson.run.finished.v1') writer.append(event.type, { runId: jobId, state, ...event.data }, invocation, at)
  return ok({ state: input.state })
})

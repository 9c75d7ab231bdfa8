import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Permission } from '#engine/access/index.ts'
import type { ReplayChoice } from '#engine/commands/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { JobView } from '#engine/jobs/job-runner.ts'
import type { JobKind } from '#engine/projections/work-lists.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import { actorOf } from './actors.ts'
import { dryRun, recognise, startImport, tryFile } from './import-procedures.ts'
import { need, unwrap, type Gated } from './procedures.ts'

const PART_BYTES = 1024 * 1024

/** Long work and parked work: imports, jobs, dead letters. */
export function workProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  return {
    commands: {
      'begin-upload': commands['begin-upload'].handler(async ({ input }) => {
        const uploadId = runtime.options.ids.next()
        await runtime.tenant(input.tenant).files.beginUpload(uploadId, input.name, input.bytes)
        return { uploadId }
      }),
      'append-upload': commands['append-upload'].handler(async ({ input }) => ({
        received: await runtime.tenant(input.tenant).files.appendUpload(input.uploadId, input.offset, Buffer.from(input.data, 'base64')),
      })),
      'start-import': commands['start-import'].handler(async ({ input, context }) => {
        if (input.path !== undefined) need(context.actor, 'site.files', 'import a file by its path on the site')
        return await startImport(runtime, runtime.tenant(input.tenant), input, context.invocation)
      }),
      'cancel-job': commands['cancel-job'].handler(async ({ input, context }) => {
        const { jobs } = runtime.tenant(input.tenant)
        const { kind } = await jobs.view(input.jobId)
        need(context.actor, CANCELS[kind], 'cancel this job')
        return { state: await jobs.cancel(input.jobId, context.invocation) }
      }),
      'start-replay': commands['start-replay'].handler(async ({ input, context }) => {
        const { replays, jobs } = runtime.tenant(input.tenant)
        const started = unwrap(await replays.start(choiceOf(input), context.invocation))
        jobs.wake()
        return started
      }),
      'replay-dead-letters': commands['replay-dead-letters'].handler(({ input, context }) => replay(runtime.tenant(input.tenant), choiceOf(input), context.invocation)),
      'correct-dead-letter': commands['correct-dead-letter'].handler(async ({ input: { tenant, id, payload }, context }) => {
        const at = runtime.tenant(tenant)
        unwrap(await at.run('correct-dead-letter', { id, payload }, context.invocation))
        return await replay(at, { ids: [id] }, { ...context.invocation, id: `${context.invocation.id}:replay` })
      }),
      'discard-dead-letter': commands['discard-dead-letter'].handler(async ({ input, context }) => {
        unwrap(await runtime.tenant(input.tenant).run('discard-dead-letter', { id: input.id }, context.invocation))
        return {}
      }),
    },
    streams: {
      'job': gate.streams.job.handler(async function* ({ input, signal }) {
        for await (const job of runtime.tenant(input.tenant).jobs.follow(input.jobId, signal)) yield withStarter(runtime, job)
      }),
    },
    queries: {
      'dead-letters': queries['dead-letters'].handler(({ input: { tenant, ...input } }) => runtime.reader.read(tenant, 'dead-letters', input).then(page => ({
        ...page, rows: page.rows.map(row => ({ ...row, corrections: row.corrections.map(each => ({ ...each, by: actorOf(runtime.site, each.by) })) })),
      }))),
      'count-dead-letters': queries['count-dead-letters'].handler(({ input: { tenant, ...input } }) => runtime.reader.read(tenant, 'count-dead-letters', input).then(({ total, groups }) => ({ total, groups }))),
      'jobs': queries.jobs.handler(async ({ input }) => ({ rows: (await runtime.tenant(input.tenant).jobs.list(input.limit)).map(job => withStarter(runtime, job)) })),
      'job': queries.job.handler(async ({ input }) => withStarter(runtime, await runtime.tenant(input.tenant).jobs.view(input.jobId))),
      'job-rejects': queries['job-rejects'].handler(async ({ input }) => {
        const job = await runtime.tenant(input.tenant).jobs.view(input.jobId)
        const { rows, total } = await runtime.reader.read(input.tenant, 'rejects', { jobId: input.jobId, after: 0, limit: input.limit })
        return {
          rows: rows.map(r => ({ row: r.rows, codes: r.codes, message: r.message, original: r.original })), total,
          fileName: job.rejectsFile === null ? null : basename(job.rejectsFile),
        }
      }),
      'job-rejects-file': queries['job-rejects-file'].handler(async ({ input }) => {
        const { rejectsFile } = await runtime.tenant(input.tenant).jobs.view(input.jobId)
        if (rejectsFile === null) throw new RefusalError({ code: 'KS-JOB-NO-REJECTS', message: 'This job has no rejects file.', remedy: 'There is nothing to download.' })
        const file = await open(rejectsFile, 'r')
        try {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(PART_BYTES), 0, PART_BYTES, input.offset)
          return {
            fileName: basename(rejectsFile), data: buffer.subarray(0, bytesRead).toString('base64'),
            nextOffset: bytesRead < PART_BYTES ? null : input.offset + bytesRead,
          }
        } finally {
          await file.close()
        }
      }),
      'recognise-import': queries['recognise-import'].handler(({ input }) => recognise(runtime, runtime.tenant(input.tenant), input.uploadId)),
      'dry-run-import': queries['dry-run-import'].handler(({ input }) => dryRun(runtime, runtime.tenant(input.tenant), input)),
      'try-file': queries['try-file'].handler(async ({ input, context }) => {
        if (input.path !== undefined) need(context.actor, 'site.files', 'read a file by its path on the site')
        return await tryFile(runtime, runtime.tenant(input.tenant), input) as never
      }),
    },
  }
}

function withStarter(runtime: SiteRuntime, job: JobView) {
  return { ...job, startedBy: actorOf(runtime.site, job.startedBy) }
}

/** What it takes to cancel a job is what it took to start it. */
const CANCELS = { import: 'imports.run', demo: 'imports.run', impact: 'decisions.try', replay: 'failures.replay' } as const satisfies Record<JobKind, Permission>

function choiceOf({ ids, pack }: { readonly ids?: readonly string[] | undefined; readonly pack?: string | undefined }): ReplayChoice {
  return { ...(ids === undefined ? {} : { ids }), ...(pack === undefined ? {} : { pack }) }
}

/** Tries parked work again and waits for what comes of it. */
async function replay(tenant: TenantRuntime, choice: ReplayChoice, invocation: Invocation) {
  const { settled, parked } = unwrap(await tenant.replays.now(choice, invocation))
  return { replayed: settled + parked, resolved: settled, failed: parked }
}

import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import { refusalFrom } from '#src/server/wire-refusal.ts'
import type { Recover } from './open-engine.ts'
import { count } from './output.ts'

export type Job = Awaited<ReturnType<KeelsonClient['queries']['job']>>

/**
 * Waits until a job has ended, telling how far it is; an engine that dies meanwhile goes on with the job when it is back.
 * Ctrl-C cancels the job instead of leaving it behind; a second one ends the command at once.
 */
export async function followJob(client: KeelsonClient, recover: Recover, tenant: string, jobId: string, progress: (line: string) => void): Promise<Job> {
  const cancel = (): void => {
    progress('Cancelling…')
    client.commands['cancel-job']({ tenant, jobId }).catch(() => undefined)
  }
  process.once('SIGINT', cancel).once('SIGTERM', cancel)
  try {
    for (;;) {
      try {
        return await followUntilLost(client, tenant, jobId, progress)
      } catch (error) {
        if (!await recover(error)) throw error
      }
    }
  } finally {
    progress('')
    process.off('SIGINT', cancel).off('SIGTERM', cancel)
  }
}

/** Why a job failed, as a refusal to throw; `otherwise` where it does not say. */
export function failureOf({ error }: Job, otherwise: Refusal): RefusalError {
  return new RefusalError(refusalFrom(error ?? otherwise))
}

async function followUntilLost(client: KeelsonClient, tenant: string, jobId: string, progress: (line: string) => void): Promise<Job> {
  let last = await client.queries.job({ tenant, jobId })
  while (last.state === 'queued' || last.state === 'running') {
    for await (const job of await client.streams.job({ tenant, jobId })) {
      last = job
      progress(describe(job))
    }
    if (last.state === 'queued' || last.state === 'running') last = await client.queries.job({ tenant, jobId })
  }
  return last
}

function describe(job: Job): string {
  const part = job.fraction === null ? '' : ` ${Math.floor(job.fraction * 100)} %`
  const orders = job.run !== null ? `, ${count(job.run.orders, 'order', 'orders')}, ${job.run.changed} otherwise` : job.counts === null ? '' : `, ${count(job.counts.orders.accepted, 'order', 'orders')}`
  const letters = job.replay === null ? '' : `, ${job.replay.settled} settled, ${job.replay.parked} parked again`
  const rejected = job.counts === null || job.counts.lines.rejected === 0 ? '' : `, ${count(job.counts.lines.rejected, 'line', 'lines')} rejected`
  const left = job.secondsLeft === null ? '' : `, ${Math.ceil(job.secondsLeft)} s left`
  return `${job.phase}${part}${orders}${letters}${rejected}${left}`
}

import { useQueryClient } from '@tanstack/react-query'
import { client } from '../app/client.ts'
import { useEngineQuery, type QueryOutput } from '../app/queries.ts'
import { useFollowed } from '../app/use-followed.ts'

export type Job = QueryOutput<'job'>

export function hasEnded(job: Pick<Job, 'state'>): boolean {
  return job.state !== 'queued' && job.state !== 'running'
}

/** One job as it goes on: asked for once, then followed. */
export function useJob(tenant: string, jobId: string): ReturnType<typeof useEngineQuery<'job'>> {
  const queries = useQueryClient()
  const job = useEngineQuery('job', { tenant, jobId })
  const key = ['job', { tenant, jobId }]
  useFollowed({
    key,
    follow: job.data !== undefined && !hasEnded(job.data),
    stream: signal => client.streams.job({ tenant, jobId }, { signal }),
    onEnd: () => queries.invalidateQueries({ queryKey: key }),
  })
  return job
}

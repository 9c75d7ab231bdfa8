import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from '../app/client.ts'
import { useEngineView } from '../app/engine-state.ts'
import { useEngineQuery, type QueryOutput } from '../app/queries.ts'

export type Job = QueryOutput<'job'>

const AGAIN_AFTER_MS = 1000

export function hasEnded(job: Pick<Job, 'state'>): boolean {
  return job.state !== 'queued' && job.state !== 'running'
}

/** One job as it goes on: asked for once, then followed by its stream, which is begun anew when the engine comes back. */
export function useJob(tenant: string, jobId: string): ReturnType<typeof useEngineQuery<'job'>> {
  const queries = useQueryClient()
  const { generation } = useEngineView()
  const job = useEngineQuery('job', { tenant, jobId })
  const follow = job.data !== undefined && !hasEnded(job.data)
  useEffect(() => {
    if (!follow) return undefined
    const stop = new AbortController()
    const listen = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        try {
          for await (const now of await client.streams.job({ tenant, jobId }, { signal: stop.signal })) {
            queries.setQueryData(['job', { tenant, jobId }], now)
          }
          // The stream ends with its job; the answer of record is asked for once more.
          await queries.invalidateQueries({ queryKey: ['job', { tenant, jobId }] })
        } catch {
          // A stream that broke is begun again; failing calls tell the person why.
        }
        await new Promise(resolve => setTimeout(resolve, AGAIN_AFTER_MS))
      }
    }
    void listen()
    return () => { stop.abort() }
  }, [tenant, jobId, follow, generation, queries])
  return job
}

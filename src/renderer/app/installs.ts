import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from './client.ts'
import { useEngineView } from './engine-state.ts'
import { useEngineQuery, type QueryOutput } from './queries.ts'

export type Install = QueryOutput<'install'>

const AGAIN_AFTER_MS = 1000

export function installEnded({ state }: Pick<Install, 'state'>): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** One install as it goes on: asked for once, then followed by its stream, which is begun anew when the engine comes back. */
export function useInstall(install: string): ReturnType<typeof useEngineQuery<'install'>> {
  const queries = useQueryClient()
  const { generation } = useEngineView()
  const answer = useEngineQuery('install', { install })
  const follow = answer.data !== undefined && !installEnded(answer.data)
  useEffect(() => {
    if (!follow) return undefined
    const stop = new AbortController()
    const listen = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        try {
          for await (const now of await client.streams.install({ install }, { signal: stop.signal })) queries.setQueryData(['install', { install }], now)
          // The stream ends with its install; the answer of record is asked for once more, and what it brought.
          await queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => name === 'install' || name === 'packs' || name === 'pack-ui' || name === 'profile' })
        } catch {
          // A stream that broke is begun again; failing calls tell the person why.
        }
        await new Promise(resolve => setTimeout(resolve, AGAIN_AFTER_MS))
      }
    }
    void listen()
    return () => { stop.abort() }
  }, [install, follow, generation, queries])
  return answer
}

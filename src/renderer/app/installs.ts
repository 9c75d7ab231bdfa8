import { useQueryClient } from '@tanstack/react-query'
import { client } from './client.ts'
import { useEngineQuery, type QueryOutput } from './queries.ts'
import { useFollowed } from './use-followed.ts'

export type Install = QueryOutput<'install'>

export function installEnded({ state }: Pick<Install, 'state'>): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** One install as it goes on: asked for once, then followed. */
export function useInstall(install: string): ReturnType<typeof useEngineQuery<'install'>> {
  const queries = useQueryClient()
  const answer = useEngineQuery('install', { install })
  useFollowed({
    key: ['install', { install }],
    follow: answer.data !== undefined && !installEnded(answer.data),
    stream: signal => client.streams.install({ install }, { signal }),
    // What it brought has changed as well.
    onEnd: () => queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => name === 'install' || name === 'packs' || name === 'pack-ui' || name === 'profile-packs' || name === 'profile' }),
  })
  return answer
}

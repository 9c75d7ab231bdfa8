import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query'
import { invocation, issue, type CommandInput, type CommandOutput } from '../../app/queries.ts'

export type Media = CommandOutput<'open-media'>
export type AcceptExpired = NonNullable<CommandInput<'open-media'>['acceptExpired']>

const keyOf = (folder: string): readonly [string, string] => ['open-media', folder]

const acceptedKey = (folder: string): readonly [string, string] => ['accepted-expired', folder]

/** Who took the media although it has expired; for every step that reads it. */
export function useAcceptedExpired(folder: string): { readonly acceptExpired?: AcceptExpired } {
  const accepted = useQueryClient().getQueryData<AcceptExpired>(acceptedKey(folder))
  return accepted === undefined ? {} : { acceptExpired: accepted }
}

/** Opens media and keeps what it says for the steps that follow. */
export function useOpenMedia(onOpened: (media: Media) => void): UseMutationResult<Media, Error, { folder: string; acceptExpired?: AcceptExpired }> {
  const queries = useQueryClient()
  return useMutation<Media, Error, { folder: string; acceptExpired?: AcceptExpired }>({
    mutationFn: input => issue('open-media', { ...input, invocation: invocation() }),
    onSuccess: (media, { folder, acceptExpired }) => {
      queries.setQueryData(keyOf(folder), media)
      if (acceptExpired !== undefined) queries.setQueryData(acceptedKey(folder), acceptExpired)
      onOpened(media)
    },
  })
}

/** What the media said when it was opened; it is opened again where nobody did, as after a reload. */
export function useMedia(folder: string): UseQueryResult<Media> {
  return useQuery({ queryKey: keyOf(folder), queryFn: () => issue('open-media', { folder, invocation: invocation() }), staleTime: Infinity, retry: false })
}

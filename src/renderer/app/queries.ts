import {
  keepPreviousData, QueryClient, queryOptions, useMutation, useQuery, useQueryClient,
  type UseMutationResult, type UseQueryResult,
} from '@tanstack/react-query'
import { ulid } from 'ulid'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { client, OutOfReachError } from './client.ts'

type Queries = KeelsonClient['queries']
export type QueryName = keyof Queries
export type QueryInput<N extends QueryName> = Parameters<Queries[N]>[0]
export type QueryOutput<N extends QueryName> = Awaited<ReturnType<Queries[N]>>

type Commands = KeelsonClient['commands']
export type CommandName = keyof Commands
export type CommandInput<N extends CommandName> = Parameters<Commands[N]>[0]
export type CommandOutput<N extends CommandName> = Awaited<ReturnType<Commands[N]>>

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000, gcTime: 10 * 60_000, refetchOnWindowFocus: false,
      // A refusal stays one; only a call that got lost is tried again.
      retry: (failures, error) => error instanceof OutOfReachError && failures < 2,
      retryDelay: 400,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

type Call<I, O> = (input: I, options?: { signal?: AbortSignal }) => Promise<O>

/** One query outside of React, e.g. to page by hand. */
export function ask<N extends QueryName>(name: N, input: QueryInput<N>, signal?: AbortSignal): Promise<QueryOutput<N>> {
  const call = client.queries[name] as unknown as Call<QueryInput<N>, QueryOutput<N>>
  return call(input, signal === undefined ? {} : { signal })
}

/** Query keys are `[name, input]`, so that a topic can refetch by name. */
export function engineQuery<N extends QueryName>(name: N, input: QueryInput<N>) {
  return queryOptions<QueryOutput<N>, Error, QueryOutput<N>, readonly [N, QueryInput<N>]>({
    queryKey: [name, input] as const,
    queryFn: ({ signal }) => ask(name, input, signal),
  })
}

export function useEngineQuery<N extends QueryName>(
  name: N, input: QueryInput<N>,
  options: { enabled?: boolean; keepPrevious?: boolean; refetchMs?: number; staleMs?: number } = {},
): UseQueryResult<QueryOutput<N>> {
  return useQuery({
    ...engineQuery(name, input),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
    ...(options.refetchMs === undefined ? {} : { refetchInterval: options.refetchMs }),
    ...(options.staleMs === undefined ? {} : { staleTime: options.staleMs }),
  })
}

/** One command outside of React. */
export function issue<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
  const call = client.commands[name] as unknown as Call<CommandInput<N>, CommandOutput<N>>
  return call(input)
}

/** What a person's click carries: a fresh id, so that a repeat on a bad line is the same command, and the reason given. */
export function invocation(reason?: string): { id: string; locale: string; reason?: string } {
  const base = { id: ulid(), locale: document.documentElement.lang }
  return reason === undefined || reason.trim() === '' ? base : { ...base, reason: reason.trim() }
}

/** A command as a mutation; everything it may have changed is fetched anew, also after a refusal (it may be stale). */
export function useCommand<N extends CommandName>(
  name: N, onDone?: (output: CommandOutput<N>, input: CommandInput<N>) => void,
): UseMutationResult<CommandOutput<N>, Error, CommandInput<N>> {
  const queries = useQueryClient()
  return useMutation<CommandOutput<N>, Error, CommandInput<N>>({
    mutationKey: [name],
    mutationFn: input => issue(name, input),
    onSuccess: (output, input) => { onDone?.(output, input) },
    onSettled: () => { void queries.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'orders' }) },
  })
}

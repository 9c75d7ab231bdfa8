import { useEffect, useRef } from 'react'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { checkReach, client } from './client.ts'
import { useEngineView } from './engine-state.ts'
import type { QueryName } from './queries.ts'

export type Topic = 'orders' | 'approvals' | 'dead-letters' | 'jobs' | 'status' | 'pack-rows' | 'profiles'

/**
 * Which queries a topic refetches. Lists of orders are left out on purpose: they announce what is new and never jump
 * under the pointer (see features/orders).
 */
const TOPIC_QUERIES: Readonly<Record<Topic, readonly QueryName[]>> = {
  'orders': ['order', 'order-counts', 'tenants', 'accounts', 'items'],
  'approvals': ['approvals', 'order-counts'],
  'dead-letters': ['dead-letters', 'count-dead-letters', 'order-counts'],
  'jobs': ['jobs', 'job', 'impact-result', 'job-rejects', 'order-counts'],
  'status': ['site-status', 'profile', 'shell', 'pack-ui', 'packs', 'profile-packs'],
  'profiles': ['profile-drafts', 'profile-draft', 'profile-versions', 'profile-version', 'profile-proposals', 'profile-proposal', 'check-publication', 'compare-profile-versions', 'profile-cases', 'verify-profile', 'order-counts'],
  'pack-rows': ['pack-query', 'pack-tables'],
}

const AT_MOST_EVERY_MS = 500
const AGAIN_AFTER_MS = 1000
const AGAIN_AT_MOST_AFTER_MS = 15_000

const listeners = new Set<(tenant: string, topics: readonly Topic[]) => void>()

/** For screens that decide by themselves what a change means. */
export function useTopic(tenant: string, topic: Topic, onChange: () => void): void {
  const newest = useRef(onChange)
  useEffect(() => { newest.current = onChange })
  useEffect(() => {
    const hear = (changed: string, topics: readonly Topic[]): void => { if (changed === tenant && topics.includes(topic)) newest.current() }
    listeners.add(hear)
    return () => { listeners.delete(hear) }
  }, [tenant, topic])
}

/** One stream per window: notices become refetches, at most twice a second. Begins anew with each engine generation. */
export function useChanges(tenant: string | null): void {
  const queries = useQueryClient()
  const { generation } = useEngineView()
  useEffect(() => {
    if (tenant === null) return undefined
    const stop = new AbortController()
    const pending = new Set<Topic>()
    let timer: ReturnType<typeof setTimeout> | null = null
    const flush = (): void => {
      timer = null
      const topics = [...pending]
      pending.clear()
      refetch(queries, tenant, topics)
    }
    const follow = async (): Promise<void> => {
      let wait = AGAIN_AFTER_MS
      while (!stop.signal.aborted) {
        try {
          for await (const notice of await client.streams.changes({ tenant }, { signal: stop.signal })) {
            wait = AGAIN_AFTER_MS
            for (const topic of notice.topics) pending.add(topic)
            timer ??= setTimeout(flush, AT_MOST_EVERY_MS)
          }
        } catch {
          // Calls say why to the person; here the stream is only begun again.
        }
        if (stop.signal.aborted) return
        // An engine that ends takes its streams with it: this is where a window hears of it first.
        void checkReach()
        await new Promise(resolve => setTimeout(resolve, wait))
        wait = Math.min(wait * 2, AGAIN_AT_MOST_AFTER_MS)
      }
    }
    void follow()
    return () => {
      stop.abort()
      if (timer !== null) clearTimeout(timer)
    }
  }, [tenant, generation, queries])
}

function refetch(queries: QueryClient, tenant: string, topics: readonly Topic[]): void {
  const names = new Set<string>(topics.flatMap(topic => TOPIC_QUERIES[topic]))
  void queries.invalidateQueries({ predicate: query => typeof query.queryKey[0] === 'string' && names.has(query.queryKey[0]) })
  for (const listener of [...listeners]) listener(tenant, topics)
}

import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useTopic } from '../../app/changes.ts'
import { ask, type QueryInput, type QueryOutput } from '../../app/queries.ts'
import type { OrdersSearch } from './routes.tsx'

type OrdersAnswer = QueryOutput<'orders'>
export type OrderRow = OrdersAnswer['rows'][number]
type Pages = InfiniteData<OrdersAnswer, string | null>

const PAGE = 100

/**
 * The list by keyset pages. What changes is patched into the rows where they stand; what is new is only counted, until
 * the person asks for it: rows never move under the pointer.
 */
export function useOrderList(tenant: string, search: OrdersSearch) {
  const queries = useQueryClient()
  const { state, attention, account, org, import: job, q, sort } = search
  const input = useMemo<QueryInput<'orders'>>(() => ({
    tenant, limit: PAGE, sort: sort ?? 'newest',
    ...(state === undefined ? {} : { states: state }), ...(attention === undefined ? {} : { attention }),
    ...(account === undefined ? {} : { account }), ...(org === undefined ? {} : { orgpath: org }),
    ...(job === undefined ? {} : { import: job }), ...(q === undefined ? {} : { search: q }),
  }), [tenant, state, attention, account, org, job, q, sort])
  const key = useMemo(() => ['orders', 'pages', input] as const, [input])
  const [fresh, setFresh] = useState<{ of: QueryInput<'orders'>; count: number }>({ of: input, count: 0 })

  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask('orders', { ...input, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    placeholderData: before => before,
    staleTime: Infinity,
    refetchOnMount: 'always',
  })
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.rows) ?? [], [list.data])

  const looking = useRef(false)
  const look = useCallback(async () => {
    const before = queries.getQueryData<Pages>(key)
    if (before === undefined || looking.current) return
    looking.current = true
    try {
      const first = await ask('orders', input)
      const known = new Set(before.pages.flatMap(page => page.rows.map(row => row.id)))
      const changed = new Map(first.rows.map(row => [row.id, row]))
      if (known.size === 0) {
        await queries.invalidateQueries({ queryKey: key })
        return
      }
      queries.setQueryData<Pages>(key, now => now === undefined ? now : {
        ...now, pages: now.pages.map(page => ({ ...page, rows: page.rows.map(row => changed.get(row.id) ?? row) })),
      })
      setFresh({ of: input, count: first.rows.filter(row => !known.has(row.id)).length })
    } catch {
      // The status bar already says that the engine is away; the next notice looks again.
    } finally {
      looking.current = false
    }
  }, [queries, key, input])
  useTopic(tenant, 'orders', () => { void look() })

  const showNew = useCallback(async () => {
    setFresh({ of: input, count: 0 })
    await queries.resetQueries({ queryKey: key })
  }, [queries, key, input])

  return { list, rows, newCount: fresh.of === input ? fresh.count : 0, showNew, look }
}

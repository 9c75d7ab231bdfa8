import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useTopic } from '../../app/changes.ts'
import { ask, type QueryInput, type QueryOutput } from '../../app/queries.ts'
import type { OrdersSearch } from './routes.tsx'

type OrdersAnswer = QueryOutput<'orders'>
export type OrderRow = OrdersAnswer['rows'][number]
type Pages = InfiniteData<OrdersAnswer, string | null>

const PAGE = 100
const FRESHEN_AFTER_MS = 150
/** The engine answers no more in one list. */
const ATTRIBUTES_AT_MOST = 20

/** The status bar already says that the engine is away; the next notice looks again. */
function ignoreAway(_error: unknown): void {}

/**
 * The list by keyset pages. What changes is patched into the rows where they stand; what is new is only counted, until
 * the person asks for it: rows never move under the pointer.
 */
export function useOrderList(tenant: string, search: OrdersSearch, attributes: readonly string[]) {
  const queries = useQueryClient()
  const { state, attention, account, org, import: job, q, sort } = search
  const input = useMemo<QueryInput<'orders'>>(() => ({
    tenant, limit: PAGE, sort: sort ?? 'newest',
    ...(state === undefined ? {} : { states: state }), ...(attention === undefined ? {} : { attention }),
    ...(account === undefined ? {} : { account }), ...(org === undefined ? {} : { orgpath: org }),
    ...(job === undefined ? {} : { import: job }), ...(q === undefined ? {} : { search: q }),
    ...(attributes.length === 0 ? {} : { attributes: attributes.slice(0, ATTRIBUTES_AT_MOST) }),
  }), [tenant, state, attention, account, org, job, q, sort, attributes])
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

  // What is on screen, and what of it was asked for before the newest notice.
  const onScreen = useRef<readonly OrderRow[]>([])
  const notices = useRef(0)
  const askedAt = useRef(new Map<string, number>())
  const patch = useCallback((found: readonly OrderRow[]) => {
    const changed = new Map(found.map(row => [row.id, row]))
    queries.setQueryData<Pages>(key, now => now === undefined ? now : {
      ...now, pages: now.pages.map(page => ({ ...page, rows: page.rows.map(row => changed.get(row.id) ?? row) })),
    })
  }, [queries, key])
  const freshen = useCallback(async () => {
    const now = notices.current
    const old = onScreen.current.filter(row => (askedAt.current.get(row.id) ?? 0) < now).map(row => row.id)
    if (old.length === 0) return
    for (const id of old) askedAt.current.set(id, now)
    patch((await ask('orders', { tenant, ids: old, limit: old.length, ...(input.attributes === undefined ? {} : { attributes: input.attributes }) })).rows)
  }, [tenant, patch, input.attributes])
  const scrolled = useDebouncedCallback(() => { freshen().catch(ignoreAway) }, FRESHEN_AFTER_MS)
  const shown = useCallback((now: readonly OrderRow[]) => { onScreen.current = now; scrolled() }, [scrolled])

  const lookOnce = useCallback(async (notice: number) => {
    const before = queries.getQueryData<Pages>(key)
    if (before === undefined) return
    const first = await ask('orders', input)
    const known = new Set(before.pages.flatMap(page => page.rows.map(row => row.id)))
    if (known.size === 0) {
      await queries.invalidateQueries({ queryKey: key })
      return
    }
    for (const row of first.rows) askedAt.current.set(row.id, notice)
    patch(first.rows)
    setFresh({ of: input, count: first.rows.filter(row => !known.has(row.id)).length })
    await freshen()
  }, [queries, key, input, patch, freshen])
  const looking = useRef(false)
  const look = useCallback(async () => {
    notices.current += 1
    if (looking.current) return
    looking.current = true
    try {
      // What was noticed while it looked is looked for once more.
      for (let seen = 0; seen !== notices.current;) await lookOnce(seen = notices.current)
    } catch (error) {
      ignoreAway(error)
    } finally {
      looking.current = false
    }
  }, [lookOnce])
  useTopic(tenant, 'orders', () => { void look() })

  const showNew = useCallback(async () => {
    setFresh({ of: input, count: 0 })
    await queries.resetQueries({ queryKey: key })
  }, [queries, key, input])

  return { list, rows, shown, newCount: fresh.of === input ? fresh.count : 0, newAtLeast: fresh.count >= PAGE, showNew, look }
}

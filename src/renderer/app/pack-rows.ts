import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Row } from '#engine/contracts/v1/index.ts'
import { ask, useEngineQuery, type QueryInput } from './queries.ts'

export interface AskedRows {
  readonly tenant: string
  readonly pack: string
  readonly query: string
  readonly parameters: Readonly<Record<string, string | number | boolean>>
}

const PAGE = 100
/** Most rows of a panel, a list on a detail page, or a chart. */
const AT_MOST = 200

/** A list by keyset pages; rows stand still until the person asks for them anew, or acts. */
export function usePackList({ tenant, pack, query, parameters }: AskedRows) {
  const input = useMemo<QueryInput<'pack-query'>>(() => ({ tenant, pack, query, parameters: { ...parameters }, limit: PAGE }), [tenant, pack, query, parameters])
  const list = useInfiniteQuery({
    queryKey: ['pack-query', 'pages', input] as const,
    queryFn: ({ pageParam, signal }) => ask('pack-query', { ...input, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    placeholderData: before => before,
  })
  const rows = useMemo<readonly Row[]>(() => list.data?.pages.flatMap(page => page.rows as readonly Row[]) ?? [], [list.data])
  return { list, rows, behind: list.data?.pages.at(-1)?.behind ?? 0 }
}

/** A few rows, all at once. */
export function usePackRows({ tenant, pack, query, parameters }: AskedRows, enabled = true) {
  const answer = useEngineQuery('pack-query', { tenant, pack, query, parameters: { ...parameters }, limit: AT_MOST }, { enabled, keepPrevious: true })
  return { ...answer, rows: answer.data?.rows as readonly Row[] | undefined, more: answer.data !== undefined && answer.data.next !== null }
}

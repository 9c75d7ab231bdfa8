import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { settled } from '../../app/search-params.ts'
import { useTenant } from '../../app/session.tsx'
import { useShortcuts, type Shortcut } from '../../app/shortcuts.ts'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { OrderReference } from '../../components/order-reference.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { stepName } from '../../components/step-name.ts'
import { Code, Count, Time } from '../../components/values.tsx'
import { FailurePeek, type DeadLetter } from './failure-peek.tsx'
import { ReplayDialog, ReplayNews, type ReplayWhat } from './replay-job.tsx'
import type { FailuresSearch } from './routes.tsx'
import { useReplay } from './use-replay.ts'
import classes from './failures.module.css'

const PAGE = 100

/** Parked work by pack: why, how old, what it was about, and trying it again. */
export function FailuresPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/failures' })
  const { pack } = search
  const list = useInfiniteQuery({
    queryKey: ['dead-letters', { tenant, pack }], initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => await ask('dead-letters', { tenant, after: pageParam, limit: PAGE, ...(pack === undefined ? {} : { pack }) }, signal),
    getNextPageParam: page => page.next,
    placeholderData: before => before,
  })
  const first = list.data?.pages[0]
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.rows) ?? [], [list.data])
  const columns = useColumns()
  const { replaying, error, told, dismiss, replay } = useReplay()
  const [asking, setAsking] = useState<ReplayWhat | null>(null)
  const mayReplay = may('failures.replay')
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.failures') }], [t]))
  const go = useCallback((change: Partial<Record<keyof FailuresSearch, unknown>>): void => {
    void navigate({ to: '/t/$tenant/failures', params: { tenant }, search: settled({ ...search, ...change }) as FailuresSearch, replace: true })
  }, [navigate, tenant, search])
  const view: ListView = { cols: search.cols, sel: search.sel, peek: search.peek }
  const onView = (change: ListView): void => { go({ ...change }) }

  const byPack = Object.entries(first?.byPack ?? {}).toSorted(([a, counted], [b, counted2]) => counted2 - counted || (a < b ? -1 : 1))
  const all = byPack.reduce((sum, [, count]) => sum + count, 0)
  const count = pack === undefined ? all : first?.byPack[pack] ?? 0
  const peeked = rows.find(row => row.id === search.peek)
  useShortcuts(useMemo<readonly Shortcut[]>(() => (peeked === undefined || !mayReplay
    ? []
    : [{ keys: 't', label: t('failures:keys.again'), group: 'page', run: () => { replay(peeked.id) } }]), [peeked, mayReplay, t, replay]))

  return (
    <Page title={t('common:nav.failures')} fill
      actions={<>
        <ListSettings columns={columns} view={view} onView={onView} />
        {mayReplay && count > 0 && (
          <Button leftSection={<IconRefresh size={14} />} onClick={() => { setAsking(pack === undefined ? {} : { pack }) }}>
            {pack === undefined ? t('failures:again.all', { count }) : t('failures:again.pack', { count, pack })}
          </Button>
        )}
      </>}
      {...(byPack.length === 0 ? {} : { toolbar: <Packs tenant={tenant} byPack={byPack} all={all} pack={pack} /> })}>
      {search.job !== undefined && <div className={classes['news']}><ReplayNews key={search.job} jobId={search.job} onDismiss={() => { go({ job: undefined }) }} /></div>}
      {asking !== null && <ReplayDialog what={asking} onClose={() => { setAsking(null) }} onStarted={job => { setAsking(null); dismiss(); go({ job, sel: undefined }) }} />}
      {(told !== null || error !== null) && (
        <div className={classes['news']}>
          <RefusalAlert error={error}><Button variant="subtle" onClick={dismiss}>{t('failures:dismiss')}</Button></RefusalAlert>
          {told !== null && (
            <RefusalBox tone={told.failed === 0 ? 'ok' : 'warn'} refusal={{ code: '', message: t('jobs:replay.told', { replayed: told.replayed, resolved: told.resolved, failed: told.failed }), remedy: told.failed === 0 ? '' : t('jobs:replay.parked', { count: told.failed }) }}>
              <Button variant="subtle" onClick={dismiss}>{t('failures:dismiss')}</Button>
            </RefusalBox>
          )}
        </div>
      )}
      {list.error !== null && list.data === undefined
        ? <ErrorState error={list.error} onRetry={() => { void list.refetch() }} />
        : (
          <DataList label={t('common:nav.failures')} rows={rows} columns={columns} rowId={row => row.id} rowLabel={row => row.reference ?? row.eventId} view={view} onView={onView}
            loading={list.isFetching && (list.data === undefined || list.isFetchingNextPage)} hasMore={list.hasNextPage} onMore={() => { if (!list.isFetchingNextPage) void list.fetchNextPage() }}
            onOpen={row => { if (row.orderId !== null) void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: row.orderId } }) }}
            peek={row => <FailurePeek key={row.id} letter={row} replaying={replaying} onReplay={() => { replay(row.id) }} />}
            {...(mayReplay ? { bulk: (chosen: readonly DeadLetter[]) => <Button onClick={() => { setAsking({ ids: chosen.map(row => row.id) }) }}>{t('failures:again.selected', { count: chosen.length })}</Button> } : {})}
            empty={<EmptyState title={pack === undefined ? t('failures:empty.title') : t('failures:empty.packTitle', { pack })} text={t('failures:empty.text')}
              {...(pack === undefined ? {} : { action: { label: t('failures:empty.showAll'), onClick: () => { go({ pack: undefined }) } } })} />} />
        )}
    </Page>
  )
}

function Packs({ tenant, byPack, all, pack }: { tenant: string; byPack: readonly (readonly [string, number])[]; all: number; pack: string | undefined }): ReactNode {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('failures:byPack')}>
      <ul className={classes['packs']}>
        <li><Link className={classes['pack']} to="/t/$tenant/failures" params={{ tenant }} search={{}} activeOptions={{ exact: true }} aria-current={pack === undefined ? 'true' : undefined}>{t('failures:allPacks')} <Count value={all} /></Link></li>
        {byPack.map(([name, count]) => (
          <li key={name}><Link className={classes['pack']} to="/t/$tenant/failures" params={{ tenant }} search={{ pack: name }} activeOptions={{ exact: true }} aria-current={pack === name ? 'true' : undefined}><Code>{name}</Code> <Count value={count} /></Link></li>
        ))}
      </ul>
    </nav>
  )
}

function useColumns(): readonly ListColumn<DeadLetter>[] {
  const { t } = useTranslation()
  return useMemo(() => [
    {
      id: 'about', title: t('failures:column.about'), width: 'minmax(8rem, 1fr)', fixed: true,
      cell: row => (row.orderId === null ? <Code>{row.reference ?? row.eventId}</Code> : <OrderReference order={row.orderId} reference={row.reference ?? row.orderId} inList />),
    },
    { id: 'pack', title: t('failures:column.pack'), width: '9rem', cell: row => <Code>{row.pack}</Code> },
    { id: 'handler', title: t('failures:column.handler'), width: '9rem', cell: row => stepName(row.handler, t) },
    { id: 'why', title: t('failures:column.why'), width: 'minmax(16rem, 3fr)', cell: row => <bdi title={translateRefusal(row, t).message}>{translateRefusal(row, t).message}</bdi> },
    { id: 'age', title: t('failures:column.age'), width: '8rem', cell: row => <Time value={row.createdAt} as="ago" /> },
    { id: 'attempts', title: t('failures:column.attempts'), width: '6rem', align: 'end', cell: row => <Count value={row.attempts} /> },
    { id: 'code', title: t('failures:column.code'), width: '14rem', optional: true, cell: row => <Code quiet>{row.code}</Code> },
    { id: 'last', title: t('failures:column.last'), width: '10rem', optional: true, cell: row => <Time value={row.lastAttemptAt} /> },
  ], [t])
}

import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/queries.ts'
import { settled } from '../../app/search-params.ts'
import { useTenant } from '../../app/session.tsx'
import { useShortcuts, type Shortcut } from '../../app/shortcuts.ts'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { OrderReference } from '../../components/order-reference.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState, RefusalBox } from '../../components/refusal.tsx'
import { Code, Count, Money, Time } from '../../components/values.tsx'
import { ApprovalPeek } from './approval-peek.tsx'
import type { ApprovalsSearch } from './routes.tsx'
import { RejectForm } from './reject-form.tsx'
import { roleName } from '../../app/role-names.ts'
import { useDecide, type Verdict, type Waiting } from './use-decide.ts'
import classes from './approvals.module.css'

const PAGE = 100
/** The panel was closed by hand; else the first row stands in it. */
const CLOSED = '-'

/** Orders that wait for a person. What is decided is always what stands in the panel. */
export function ApprovalsPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/approvals' })
  const mine = search.all !== true
  const list = useInfiniteQuery({
    queryKey: ['approvals', { tenant, mine }], initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => await ask('approvals', { tenant, mine, after: pageParam, limit: PAGE }, signal),
    getNextPageParam: page => page.next,
  })
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.rows) ?? [], [list.data])
  const columns = useColumns()
  const { deciding, refused, dismiss, decide } = useDecide()
  const [rejecting, setRejecting] = useState<string | null>(null)
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.approvals') }], [t]))

  const go = useCallback((change: Partial<Record<keyof ApprovalsSearch, unknown>>): void => {
    void navigate({ to: '/t/$tenant/approvals', params: { tenant }, search: settled({ ...search, ...change }) as ApprovalsSearch, replace: true })
  }, [navigate, tenant, search])
  const onView = useCallback((change: ListView): void => {
    setRejecting(null)
    go('peek' in change ? { ...change, peek: change.peek ?? CLOSED } : change)
  }, [go])

  const shownId = search.peek === CLOSED ? undefined : rows.some(row => row.id === search.peek) ? search.peek : rows[0]?.id
  const shown = rows.find(row => row.id === shownId)
  const view: ListView = { cols: search.cols, sel: search.sel, peek: shownId }
  const settle = useCallback(async (chosen: readonly Waiting[], verdict: Verdict): Promise<void> => {
    const at = rows.findIndex(row => row.id === chosen[0]?.id)
    const next = rows.slice(at + 1).find(row => !chosen.includes(row)) ?? rows.find(row => !chosen.includes(row))
    const done = await decide(chosen, verdict)
    setRejecting(null)
    if (done.length > 0) go({ peek: next?.id, sel: undefined })
  }, [rows, decide, go])

  useShortcuts(useMemo<readonly Shortcut[]>(() => {
    if (shown === undefined) return rows.length === 0 ? [] : [{ keys: 'a', label: t('approvals:keys.show'), group: 'page', run: () => { go({ peek: undefined }) } }]
    if (!shown.mayDecide || deciding) return []
    return [
      { keys: 'a', label: t('approvals:keys.approve', { reference: shown.reference }), group: 'page', run: () => { void settle([shown], { kind: 'approve' }) } },
      { keys: 'r', label: t('approvals:keys.reject', { reference: shown.reference }), group: 'page', run: () => { setRejecting(shown.id) } },
    ]
  }, [shown, deciding, rows.length, t, settle, go]))

  return (
    <Page title={t('common:nav.approvals')} fill actions={<ListSettings columns={columns} view={view} onView={onView} />}
      toolbar={<SegmentedControl aria-label={t('approvals:which.label')} value={mine ? 'mine' : 'all'} onChange={value => { go({ all: value === 'all' ? true : undefined, peek: undefined, sel: undefined }) }}
        data={[{ value: 'mine', label: t('approvals:which.mine') }, { value: 'all', label: t('approvals:which.all') }]} />}>
      {refused.length > 0 && (
        <div className={classes['news']}>
          {refused.map(({ row, refusal }) => (
            <RefusalBox key={row.id} refusal={{ ...refusal, message: t('approvals:notDecided', { reference: row.reference, message: refusal.message }) }}>
              <ButtonLink variant="default" to="/t/$tenant/orders/$order" params={{ tenant, order: row.id }}>{t('approvals:openOrder')}</ButtonLink>
              <Button variant="subtle" onClick={dismiss}>{t('approvals:dismiss')}</Button>
            </RefusalBox>
          ))}
        </div>
      )}
      {list.error !== null && list.data === undefined
        ? <ErrorState error={list.error} onRetry={() => { void list.refetch() }} />
        : (
          <DataList label={t('common:nav.approvals')} rows={rows} columns={columns} rowId={row => row.id} rowLabel={row => row.reference} view={view} onView={onView}
            loading={list.isFetching && (list.data === undefined || list.isFetchingNextPage)} hasMore={list.hasNextPage} onMore={() => { if (!list.isFetchingNextPage) void list.fetchNextPage() }}
            onOpen={row => { void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: row.id } }) }}
            peek={row => (
              <ApprovalPeek key={row.id} row={row} deciding={deciding} rejecting={rejecting === row.id} onRejecting={on => { setRejecting(on ? row.id : null) }}
                onVerdict={verdict => { void settle([row], verdict) }} />
            )}
            bulk={(chosen, clear) => <Bulk rows={chosen} deciding={deciding} onVerdict={verdict => { void settle(chosen.filter(row => row.mayDecide), verdict); clear() }} />}
            empty={<EmptyState title={t(mine ? 'approvals:empty.mine' : 'approvals:empty.all')} text={t(mine ? 'approvals:empty.mineText' : 'approvals:empty.allText')}
              {...(mine ? { action: { label: t('approvals:empty.action'), onClick: () => { go({ all: true }) } } } : { action: { label: t('common:notFound.action'), to: '/t/$tenant/orders', params: { tenant } } })} />} />
        )}
    </Page>
  )
}

/** Several at once: how many, and how many of them the person may decide. */
function Bulk({ rows, deciding, onVerdict }: { rows: readonly Waiting[]; deciding: boolean; onVerdict: (verdict: Verdict) => void }): ReactNode {
  const { t } = useTranslation()
  const [rejecting, setRejecting] = useState(false)
  const mine = rows.filter(row => row.mayDecide).length
  if (mine === 0) return <span className="dim">{t('approvals:bulk.none')}</span>
  if (rejecting) return <RejectForm count={mine} reference={rows.find(row => row.mayDecide)?.reference ?? ''} deciding={deciding} onReject={reason => { onVerdict({ kind: 'reject', reason }) }} onCancel={() => { setRejecting(false) }} />
  return (
    <>
      <Button loading={deciding} onClick={() => { onVerdict({ kind: 'approve' }) }}>{t('approvals:bulk.approve', { count: mine })}</Button>
      <Button variant="default" disabled={deciding} onClick={() => { setRejecting(true) }}>{t('approvals:bulk.reject', { count: mine })}</Button>
      {mine < rows.length && <span className="dim">{t('approvals:bulk.notMine', { count: rows.length - mine })}</span>}
    </>
  )
}

function useColumns(): readonly ListColumn<Waiting>[] {
  const { t } = useTranslation()
  return useMemo(() => [
    { id: 'reference', title: t('approvals:column.reference'), width: 'minmax(7rem, 1fr)', fixed: true, cell: row => <OrderReference order={row.id} reference={row.reference} inList /> },
    { id: 'account', title: t('approvals:column.account'), width: 'minmax(7rem, 2fr)', cell: row => <bdi>{row.accountName ?? row.account}</bdi> },
    { id: 'payable', title: t('approvals:column.payable'), width: '8.5rem', align: 'end', cell: row => (row.price === null ? null : <Money minor={row.price.payableMinor} exponent={row.price.exponent} currency={row.price.currency} />) },
    { id: 'waiting', title: t('approvals:column.waiting'), width: '8rem', cell: row => <Time value={row.waitingSince} as="ago" /> },
    { id: 'role', title: t('approvals:column.role'), width: '8rem', cell: row => roleName(row.role, t) },
    { id: 'stage', title: t('approvals:column.stage'), width: '9rem', optional: true, cell: row => <bdi>{row.stage}</bdi> },
    { id: 'lines', title: t('approvals:column.lines'), width: '5rem', align: 'end', optional: true, cell: row => <Count value={row.lineCount} /> },
    { id: 'orgpath', title: t('approvals:column.orgpath'), width: '8rem', optional: true, cell: row => <Code>{row.orgpath}</Code> },
  ], [t])
}

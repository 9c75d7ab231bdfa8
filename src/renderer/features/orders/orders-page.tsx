import { Button, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { Badge } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { DataList, ListSettings, NewRows, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { OrderStateBadge } from '../../components/order-state.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { Code, Count, Money, Time } from '../../components/values.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { OrderFilters } from './order-filters.tsx'
import { OrderPeek } from './order-peek.tsx'
import classes from './orders.module.css'
import { isFiltered, NO_FILTERS, type OrdersSearch } from './routes.tsx'
import { SavedViews } from './saved-views.tsx'
import { useOrderList, type OrderRow } from './use-order-list.ts'

export function OrdersPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useParams({ from: '/t/$tenant/orders' })
  const { may } = useTenant()
  const search = useSearch({ from: '/t/$tenant/orders' })
  const navigate = useNavigate()
  const orders = useOrderList(tenant, search)
  const columns = useColumns(tenant)
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.orders') }], [t]))

  const change = useCallback((next: Partial<{ [K in keyof OrdersSearch]: OrdersSearch[K] | undefined }>, replace = true) => {
    void navigate({ to: '/t/$tenant/orders', params: { tenant }, search: before => ({ ...before, ...next }) as OrdersSearch, replace })
  }, [navigate, tenant])
  const onView = useCallback((view: ListView) => { change(view as Partial<OrdersSearch>) }, [change])
  const open = useCallback((row: OrderRow) => { void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: row.id } }) }, [navigate, tenant])
  const { fetchNextPage } = orders.list
  const more = useCallback(() => { void fetchNextPage() }, [fetchNextPage])

  return (
    <Page fill title={t('common:nav.orders')}
      actions={<>
        <SavedViews key={tenant} tenant={tenant} search={search} onShow={query => { void navigate({ to: '/t/$tenant/orders', params: { tenant }, search: query as OrdersSearch }) }} />
        <ListSettings columns={columns} view={search} onView={onView} />
        {may('orders.enter') && <Button renderRoot={props => <Link {...props} to="/t/$tenant/new-order" params={{ tenant }} />} leftSection={<IconPlus size={14} />}>{t('orders:new')}</Button>}
      </>}
      toolbar={<OrderFilters tenant={tenant} search={search} onChange={change} />}>
      {orders.list.error !== null && orders.rows.length === 0
        ? <ErrorState error={orders.list.error} onRetry={() => { void orders.list.refetch() }} />
        : (
          <DataList label={t('common:nav.orders')} rows={orders.rows} columns={columns} rowId={row => row.id} rowLabel={row => row.reference}
            view={search} onView={onView} onOpen={open} loading={orders.list.isFetching} hasMore={orders.list.hasNextPage} onMore={more} onShown={orders.shown}
            peek={row => <OrderPeek tenant={tenant} row={row} />}
            bulk={(rows, clear) => <BulkActions tenant={tenant} rows={rows} onDone={() => { clear(); void orders.look() }} />}
            announcement={<NewRows count={orders.newCount} atLeast={orders.newAtLeast} onShow={() => { void orders.showNew() }} />}
            empty={<NoOrders tenant={tenant} filtered={isFiltered(search)} onClear={() => { change(NO_FILTERS) }} />} />
        )}
    </Page>
  )
}

function NoOrders({ tenant, filtered, onClear }: { tenant: string; filtered: boolean; onClear: () => void }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  if (filtered) return <EmptyState title={t('orders:none.filtered')} text={t('orders:none.filteredText')} action={{ label: t('orders:filter.clear'), onClick: onClear }} />
  return (
    <EmptyState title={t('orders:none.title')} text={t('orders:none.text')}
      {...(may('imports.run') ? { action: { label: t('common:goTo.import'), to: '/t/$tenant/import', params: { tenant } } } : {})} />
  )
}

function useColumns(tenant: string): readonly ListColumn<OrderRow>[] {
  const { t } = useTranslation()
  return useMemo(() => [
    {
      id: 'reference', title: t('orders:column.reference'), width: '9.5rem', fixed: true,
      cell: row => <Link to="/t/$tenant/orders/$order" params={{ tenant, order: row.id }} tabIndex={-1} className={classes['reference'] ?? ''}><bdi dir="ltr">{row.reference}</bdi></Link>,
    },
    { id: 'account', title: t('orders:column.account'), width: 'minmax(8rem, 1fr)', cell: row => <bdi>{row.accountName ?? row.account}</bdi> },
    { id: 'state', title: t('orders:column.state'), width: '15rem', cell: row => <span className={classes['state']}><OrderStateBadge state={row.state} /><Attention row={row} /></span> },
    {
      id: 'total', title: t('orders:column.total'), width: '9.5rem', align: 'end',
      cell: row => row.price === null ? <span className="dim">{t('orders:notPriced')}</span> : <Money minor={row.price.payableMinor} exponent={row.price.exponent} currency={row.price.currency} />,
    },
    { id: 'lines', title: t('orders:column.lines'), width: '4.5rem', align: 'end', cell: row => <Count value={row.lineCount} /> },
    { id: 'placedOn', title: t('orders:column.placedOn'), width: '8rem', cell: row => row.placedOn === null ? <span className="dim">–</span> : <Time value={row.placedOn} as="date" /> },
    { id: 'updatedAt', title: t('orders:column.updatedAt'), width: '8rem', cell: row => <Time value={row.updatedAt} as="ago" /> },
    { id: 'code', title: t('orders:column.code'), width: '8rem', optional: true, cell: row => <Code>{row.account}</Code> },
    { id: 'org', title: t('orders:column.org'), width: '9rem', optional: true, cell: row => <Code>{row.orgpath}</Code> },
    { id: 'revision', title: t('orders:column.revision'), width: '5rem', align: 'end', optional: true, cell: row => <Count value={row.revision} /> },
  ], [t, tenant])
}

function Attention({ row }: { row: OrderRow }): ReactNode {
  const { t } = useTranslation()
  if (row.needsAttention !== null) return <Tooltip label={row.needsAttention.message} multiline maw={360}><span><Badge tone="warn">{t(`orders:attention.${row.needsAttention.step}`)}</Badge></span></Tooltip>
  return row.awaitsApproval ? <Badge tone="info">{t('orders:attention.waits')}</Badge> : null
}

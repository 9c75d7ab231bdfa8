import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { DataList, ListSettings, NewRows, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { attributesShown, useOrderColumns } from './order-columns.tsx'
import { OrderFilters } from './order-filters.tsx'
import { OrderPeek } from './order-peek.tsx'
import { isFiltered, NO_FILTERS, type OrdersSearch } from './routes.tsx'
import { SavedViews } from './saved-views.tsx'
import { useOrderList, type OrderRow } from './use-order-list.ts'

export function OrdersPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useParams({ from: '/t/$tenant/orders' })
  const { may } = useTenant()
  const search = useSearch({ from: '/t/$tenant/orders' })
  const navigate = useNavigate()
  const columns = useOrderColumns()
  const attributes = useMemo(() => attributesShown(columns, search.cols), [columns, search.cols])
  const orders = useOrderList(tenant, search, attributes)
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

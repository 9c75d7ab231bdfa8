import { Button, Tabs } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { refusalCode } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useShortcuts } from '../../app/shortcuts.ts'
import { Badge } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { OrderAttention } from '../../components/order-attention.tsx'
import { OrderStateBadge } from '../../components/order-state.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { Stepper } from '../../components/stepper.tsx'
import { Code, Time } from '../../components/values.tsx'
import { ApprovalsTab } from './approvals-tab.tsx'
import { AttributesTab } from './attributes-tab.tsx'
import { CompareTab } from './compare-tab.tsx'
import { EvidenceTab } from './evidence-tab.tsx'
import { OrderActions } from './order-actions.tsx'
import { OrderLines } from './order-lines.tsx'
import { orderPath, type OrderPageData } from './order-path.ts'
import { OrderTotals } from './order-totals.tsx'
import { PackPanels } from './pack-panels.tsx'
import classes from './order.module.css'
import { PriceTab } from './price-tab.tsx'
import { ORDER_TABS, type OrderTab } from './routes.tsx'
import { TimelineTab } from './timeline-tab.tsx'

export function OrderPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, order } = useParams({ from: '/t/$tenant/orders/$order' })
  const page = useEngineQuery('order', { tenant, order })
  const reference = page.data?.order.reference ?? order
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.orders'), to: '/t/$tenant/orders', params: { tenant } }, { label: reference, code: true }], [t, tenant, reference]))
  if (page.data !== undefined) return <OrderView key={page.data.order.id} tenant={tenant} page={page.data} />
  return (
    <Page title={reference}>
      {page.error === null ? <LoadingLines lines={14} />
        : refusalCode(page.error) === 'KS-ORDER-UNKNOWN'
          ? <EmptyState title={t('order:unknown.title', { order })} text={t('order:unknown.text')} action={{ label: t('common:goTo.orders'), to: '/t/$tenant/orders', params: { tenant } }} />
          : <ErrorState error={page.error} onRetry={() => { void page.refetch() }} />}
    </Page>
  )
}

function OrderView({ tenant, page }: { tenant: string; page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const { order } = page
  const waits = page.approvals.some(stage => stage.state === 'open')
  const [seen, setSeen] = useState(order.revision)
  const [refused, setRefused] = useState<Error | null>(null)
  return (
    <Page title={t('order:title', { reference: order.reference })}
      heading={<span className={classes['heading']}><bdi dir="ltr">{order.reference}</bdi> <OrderStateBadge state={order.state} />{waits && <Badge tone="info">{t('orders:attention.waits')}</Badge>}</span>}
      actions={<OrderActions tenant={tenant} page={page} />}>
      <div className={classes['columns']}>
        <div className={classes['left']}>
          <OrderHead page={page} />
          {seen !== order.revision && <ChangedMeanwhile tenant={tenant} page={page} seen={seen} onSeen={() => { setSeen(order.revision) }} />}
          {refused !== null && <RefusalAlert error={refused} tone="warn"><Button variant="subtle" onClick={() => { setRefused(null) }}>{t('order:changed.seen')}</Button></RefusalAlert>}
          {order.needsAttention !== null && (
            <OrderAttention attention={order.needsAttention} pack={page.decisions[order.needsAttention.step]?.receipt.parts[0]?.pack ?? null}>
              <AttentionActions tenant={tenant} page={page} />
            </OrderAttention>
          )}
          <OrderLines page={page} />
          <OrderTotals page={page} />
          <PackPanels tenant={tenant} order={order} />
        </div>
        <OrderTabs tenant={tenant} page={page} onRefused={setRefused} />
      </div>
    </Page>
  )
}

function OrderHead({ page: { order, events } }: { page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const steps = orderPath(order, events).map(step => ({
    id: step.state, label: t(`common:orderState.${step.state}`), state: step.at, ...(step.time === null ? {} : { note: <Time value={step.time} as="brief" /> }),
  }))
  return (
    <>
      <p className={classes['facts']}>
        <span>{order.accountName !== null && <bdi>{order.accountName}</bdi>} <Code>{order.account}</Code></span>
        <span>{t('order:branch')} <Code>{order.orgpath}</Code></span>
        {order.placedOn !== null && <span>{t('order:placedOn')} <Time value={order.placedOn} as="date" /></span>}
        <span>{t('order:revision', { revision: order.revision })}</span>
        <span>{t(`order:source.${order.source.kind}`)}{order.source.file !== null && <> <Code quiet>{order.source.file}</Code></>}</span>
      </p>
      <Stepper label={t('order:path')} steps={steps} />
    </>
  )
}

/** The page follows the order; a person must notice that it did. */
function ChangedMeanwhile({ tenant, page, seen, onSeen }: { tenant: string; page: OrderPageData; seen: number; onSeen: () => void }): ReactNode {
  const { t } = useTranslation()
  const { id, revision } = page.order
  return (
    <RefusalBox tone="info" refusal={{ message: t('order:changed.title', { seen, revision }), remedy: t('order:changed.text'), code: `r${seen} → r${revision}` }}>
      <Button variant="default" renderRoot={props => <Link {...props} to="/t/$tenant/orders/$order" params={{ tenant, order: id }} search={{ tab: 'compare', from: String(seen), to: String(revision) }} />}>{t('order:changed.compare')}</Button>
      <Button variant="subtle" onClick={onSeen}>{t('order:changed.seen')}</Button>
    </RefusalBox>
  )
}

function AttentionActions({ tenant, page }: { tenant: string; page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const letter = page.order.needsAttention?.deadLetterId ?? null
  return (
    <>
      <OrderActions tenant={tenant} page={page} only={['retry-order', 'amend-order']} />
      {letter !== null && may('failures.read') && <Button variant="subtle" renderRoot={props => <Link {...props} to="/t/$tenant/failures" params={{ tenant }} />}>{t('common:goTo.failures')}</Button>}
    </>
  )
}

function OrderTabs({ tenant, page, onRefused }: { tenant: string; page: OrderPageData; onRefused: (error: Error | null) => void }): ReactNode {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/orders/$order' })
  const waiting = page.approvals.some(stage => stage.state === 'open')
  // Whoever has just decided stays with the approvals: what they did must not go from under their eyes.
  const [asked, setAsked] = useState(waiting)
  if (waiting && !asked) setAsked(true)
  const tab = search.tab ?? (asked ? 'approvals' : 'price')
  const show = (next: OrderTab): void => {
    void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: page.order.id }, search: before => ({ ...before, tab: next }), replace: true })
  }
  useShortcuts(useMemo(() => ORDER_TABS.map((each, index) => ({
    keys: String(index + 1), label: t(`order:tab.${each}`), group: 'page' as const, run: () => { show(each) },
    // The tab only goes into the URL of this very page.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  })), [t, tenant, page.order.id]))
  return (
    <section className={classes['right']} aria-label={t('order:tabs')}>
      <Tabs value={tab} onChange={value => { const next = ORDER_TABS.find(each => each === value); if (next !== undefined) show(next) }} keepMounted={false}>
        <Tabs.List className={classes['tabs'] ?? ''}>
          {ORDER_TABS.map(each => <Tabs.Tab key={each} value={each}>{t(`order:tab.${each}`)}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value="price" className={classes['panel'] ?? ''}><PriceTab page={page} /></Tabs.Panel>
        <Tabs.Panel value="timeline" className={classes['panel'] ?? ''}><TimelineTab page={page} /></Tabs.Panel>
        <Tabs.Panel value="approvals" className={classes['panel'] ?? ''}><ApprovalsTab tenant={tenant} page={page} onRefused={onRefused} /></Tabs.Panel>
        <Tabs.Panel value="attributes" className={classes['panel'] ?? ''}><AttributesTab tenant={tenant} page={page} /></Tabs.Panel>
        <Tabs.Panel value="evidence" className={classes['panel'] ?? ''}><EvidenceTab tenant={tenant} page={page} /></Tabs.Panel>
        <Tabs.Panel value="compare" className={classes['panel'] ?? ''}><CompareTab tenant={tenant} page={page} from={search.from} to={search.to} /></Tabs.Panel>
      </Tabs>
    </section>
  )
}

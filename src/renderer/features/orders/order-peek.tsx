import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { Badge } from '../../components/badge.tsx'
import { OrderAttention } from '../../components/order-attention.tsx'
import { OrderStateBadge } from '../../components/order-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { Code, Decimal, Money, Time } from '../../components/values.tsx'
import classes from './orders.module.css'
import type { OrderRow } from './use-order-list.ts'

const LINES_SHOWN = 12

/** One order at a glance, beside the list. */
export function OrderPeek({ tenant, row }: { tenant: string; row: OrderRow }): ReactNode {
  const { t } = useTranslation()
  const page = useEngineQuery('order', { tenant, order: row.id })
  return (
    <div className={classes['peek']}>
      <Facts items={[
        [t('orders:column.state'), <span key="s" className={classes['state']}><OrderStateBadge state={row.state} />{row.awaitsApproval && <Badge tone="info">{t('orders:attention.waits')}</Badge>}</span>],
        [t('orders:column.total'), row.price === null ? t('orders:notPriced') : <Money key="m" minor={row.price.payableMinor} exponent={row.price.exponent} currency={row.price.currency} />],
        [t('orders:column.account'), <span key="a">{row.accountName !== null && <><bdi>{row.accountName}</bdi> </>}<Code>{row.account}</Code></span>],
        [t('orders:column.org'), <Code key="o">{row.orgpath}</Code>],
        [t('orders:column.placedOn'), row.placedOn === null ? '–' : <Time key="p" value={row.placedOn} as="date" />],
        [t('orders:column.updatedAt'), <Time key="u" value={row.updatedAt} as="ago" />],
      ]} />
      {row.needsAttention !== null && <OrderAttention attention={row.needsAttention} />}
      <RefusalAlert error={page.error} />
      {page.data === undefined && page.error === null && <LoadingLines lines={5} />}
      {page.data !== undefined && (
        <table className={classes['lines']} aria-label={t('orders:column.lines')}>
          <thead><tr><th scope="col">{t('orders:peek.item')}</th><th scope="col">{t('orders:peek.quantity')}</th></tr></thead>
          <tbody>
            {page.data.lines.slice(0, LINES_SHOWN).map(line => (
              <tr key={line.id}><td><Code>{line.item}</Code> <bdi>{line.description}</bdi></td><td>{line.return && t('orders:peek.return')} <Decimal value={line.quantity} /></td></tr>
            ))}
          </tbody>
          {page.data.lines.length > LINES_SHOWN && <tfoot><tr><td colSpan={2} className="dim">{t('orders:peek.more', { count: page.data.lines.length - LINES_SHOWN })}</td></tr></tfoot>}
        </table>
      )}
      <Button variant="default" renderRoot={props => <Link {...props} to="/t/$tenant/orders/$order" params={{ tenant, order: row.id }} />}>{t('orders:peek.open')}</Button>
    </div>
  )
}

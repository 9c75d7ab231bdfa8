import { Tooltip } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderColumn } from '#engine/core/console-parts.ts'
import { useAttributes } from '../../app/pack-attributes.ts'
import { useShell } from '../../app/shell.tsx'
import { AttributeText } from '../../components/attribute-text.tsx'
import { Badge } from '../../components/badge.tsx'
import type { ListColumn } from '../../components/data-list.tsx'
import { OrderReference } from '../../components/order-reference.tsx'
import { OrderStateBadge } from '../../components/order-state.tsx'
import { Code, Count, Money, Time } from '../../components/values.tsx'
import { arrangeColumns } from './arrange-columns.ts'
import classes from './orders.module.css'
import type { OrderRow } from './use-order-list.ts'

type Column = ListColumn<OrderRow>

/** The columns of the tenant's list: those of its profile in their order, the others to be chosen; attributes of packs among them. */
export function useOrderColumns(): readonly Column[] {
  const core = useCoreColumns()
  const attributes = useAttributeColumns()
  const { columns } = useShell()
  return useMemo(() => arrangeColumns([...core, ...attributes], columns), [core, attributes, columns])
}

/** Attributes that the list has to ask for: no more than are looked at. */
export function attributesShown(columns: readonly Column[], chosen: readonly string[] | undefined): readonly string[] {
  return columns.filter(({ id, optional }) => id.includes('.') && (chosen === undefined ? optional !== true : chosen.includes(id))).map(({ id }) => id)
}

function useCoreColumns(): readonly (Column & { readonly id: OrderColumn })[] {
  const { t } = useTranslation()
  return useMemo(() => [
    {
      id: 'reference', title: t('orders:column.reference'), width: '9.5rem', fixed: true,
      cell: row => <OrderReference order={row.id} reference={row.reference} inList />,
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
  ], [t])
}

/** What packs know of an order or of its account. */
function useAttributeColumns(): readonly Column[] {
  const ofOrder = useAttributes('order')
  const ofAccount = useAttributes('account')
  return useMemo(() => [...ofOrder.names.map(name => ({ name, of: ofOrder })), ...ofAccount.names.filter(name => !ofOrder.names.includes(name)).map(name => ({ name, of: ofAccount }))]
    .map(({ name, of }): Column => ({
      id: name, title: of.words.label(name), width: '9rem', optional: true,
      cell: row => (row.attributes?.[name] === undefined ? <span className="dim">–</span> : <AttributeText name={name} value={row.attributes[name]} words={of.words} />),
    })), [ofOrder, ofAccount])
}

function Attention({ row }: { row: OrderRow }): ReactNode {
  const { t } = useTranslation()
  if (row.needsAttention !== null) return <Tooltip label={row.needsAttention.message} multiline maw={360}><span><Badge tone="warn">{t(`orders:attention.${row.needsAttention.step}`)}</Badge></span></Tooltip>
  return row.awaitsApproval ? <Badge tone="info">{t('orders:attention.waits')}</Badge> : null
}

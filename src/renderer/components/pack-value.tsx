import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RowValue, ShownColumn } from '#engine/contracts/v1/index.ts'
import { usePackWords, type PackUi } from '../app/pack-ui.tsx'
import { Badge } from './badge.tsx'
import { Code, Count, Decimal, Time } from './values.tsx'

type Column = PackUi['queries'][number]['columns'][number]

/** How a column is shown: as the pack says, else by what it holds. */
export function shownAs(shown: ShownColumn, column: Column | undefined): NonNullable<ShownColumn['as']> | 'boolean' | 'json' {
  if (shown.as !== undefined) return shown.as
  switch (column?.type) {
    case 'integer':
    case 'decimal': return 'number'
    case 'date':
    case 'instant':
    case 'boolean':
    case 'json': return column.type
    default: return 'text'
  }
}

/** A value of a pack's row. Codes, numbers and addresses are never mirrored. */
export function PackValue({ pack, table, shown, column, value, tenant }: {
  pack: string; table: string; shown: ShownColumn; column: Column | undefined; value: RowValue | undefined; tenant: string
}): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack)
  if (value === null || value === undefined || value === '') return <span className="dim">–</span>
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value)
  switch (shownAs(shown, column)) {
    case 'number': return typeof value === 'number' ? <Count value={value} /> : /^-?\d+(\.\d+)?$/.test(text) ? <Decimal value={text} /> : <bdi>{text}</bdi>
    case 'date': return <Time value={text} as="date" />
    case 'instant': return <Time value={text} />
    case 'boolean': return <>{t(value === true ? 'common:yes' : 'common:no')}</>
    case 'badge': return <Badge>{words(`option.${table}.${shown.column}.${text}`) ?? <bdi>{text}</bdi>}</Badge>
    case 'account': return <Link to="/t/$tenant/orders" params={{ tenant }} search={{ account: text }}><bdi dir="ltr">{text}</bdi></Link>
    case 'order': return <Link to="/t/$tenant/orders/$order" params={{ tenant, order: text }}><bdi dir="ltr">{text}</bdi></Link>
    case 'email': return <a href={`mailto:${encodeURIComponent(text).replace('%40', '@')}`}><bdi dir="ltr">{text}</bdi></a>
    case 'phone': return <a href={`tel:${text.replaceAll(/[^\d+]/g, '')}`}><bdi dir="ltr">{text}</bdi></a>
    case 'json': return <Code>{text}</Code>
    default: return <bdi>{words(`option.${table}.${shown.column}.${text}`) ?? text}</bdi>
  }
}

import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Row, ShownColumn } from '#engine/contracts/v1/index.ts'
import { usePackWords, type PackUi } from '../app/pack-ui.tsx'
import { Badge } from './badge.tsx'
import { Code, Count, Decimal, DecimalMoney, Time } from './values.tsx'

export type Query = PackUi['queries'][number]
type ShownAs = NonNullable<ShownColumn['as']> | 'boolean' | 'json' | 'money'

/** How a column is shown: as the pack says, else by what it holds. A decimal beside a column `currency` is money in it. */
export function shownAs(shown: ShownColumn, query: Query | undefined): ShownAs {
  if (shown.as !== undefined) return shown.as
  const column = query?.columns.find(({ name }) => name === shown.column)
  switch (column?.type) {
    case 'decimal': return query?.columns.some(({ name, type }) => name === 'currency' && type === 'text') === true ? 'money' : 'number'
    case 'integer': return 'number'
    case 'date':
    case 'instant':
    case 'boolean':
    case 'json': return column.type
    default: return 'text'
  }
}

export function isAmount(as: ShownAs): boolean {
  return as === 'number' || as === 'money'
}

/** A value of a pack's row. Codes, numbers and addresses are never mirrored. */
export function PackValue({ tenant, pack, query, shown, row }: { tenant: string; pack: string; query: Query | undefined; shown: ShownColumn; row: Row }): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack)
  const table = query?.table ?? ''
  const value = row[shown.column]
  if (value === null || value === undefined || value === '') return <span className="dim">–</span>
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value)
  switch (shownAs(shown, query)) {
    case 'money': {
      const { currency } = row
      return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? <DecimalMoney value={text} currency={currency} /> : <Decimal value={text} />
    }
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

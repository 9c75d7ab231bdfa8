import { Button, Select, TextInput } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type QueryInput, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Money } from '../../components/values.tsx'
import { DifferenceText } from './difference-text.tsx'
import classes from './impact.module.css'
import type { ResultSearch } from './routes.tsx'

type Summary = NonNullable<QueryOutput<'impact-result'>['summary']>
type Change = QueryOutput<'impact-changes'>['rows'][number]

const PAGE = 50

/** Orders that would be decided otherwise, the largest changes first; filters stand in the URL. */
export function Changes({ runId, summary }: { runId: string; summary: Summary }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const search = useSearch({ from: '/t/$tenant/impact/$runId' })
  const navigate = useNavigate()
  const set = (change: ResultSearch): void => { void navigate({ to: '/t/$tenant/impact/$runId', params: { tenant, runId }, search: { ...search, ...change }, replace: true, resetScroll: false }) }
  const pages = useChanges(tenant, runId, search)
  const rows = pages.data?.pages.flatMap(page => page.rows) ?? []
  const total = pages.data?.pages[0]?.total ?? 0
  const kinds = [...new Set(summary.kinds.map(({ kind }) => kind))]
  const currencies = [...new Set(summary.kinds.flatMap(({ currency }) => currency ?? []))]
  return (
    <div className={classes['inset']} id="changes">
      <div className={classes['filters']}>
        <TextInput label={t('impact:changes.search')} value={search.q ?? ''} onChange={event => { set({ q: event.currentTarget.value }) }} />
        <Select label={t('impact:changes.kind')} clearable placeholder={t('impact:changes.every')} value={search.kind ?? null} data={kinds.map(kind => ({ value: kind, label: t(`impact:kind.${kind}`) }))} onChange={kind => { set({ kind: kind ?? '' }) }} />
        {currencies.length > 1 && <Select label={t('impact:changes.currency')} clearable placeholder={t('impact:changes.every')} value={search.currency ?? null} data={currencies} onChange={currency => { set({ currency: currency ?? '' }) }} />}
        <Select label={t('impact:changes.sort')} allowDeselect={false} value={search.sort ?? 'largest'} data={[{ value: 'largest', label: t('impact:changes.largest') }, { value: 'order', label: t('impact:changes.inOrder') }]} onChange={sort => { set({ sort: sort === 'order' ? 'order' : 'largest' }) }} />
        {search.class !== undefined && <Button variant="default" onClick={() => { set({ class: '' }) }}>{t('impact:changes.everyClass')}</Button>}
      </div>
      <RefusalAlert error={pages.error} />
      {pages.data === undefined ? pages.error === null && <LoadingLines lines={8} /> : (
        <>
          <p className="dim small" role="status">{t('impact:changes.shown', { count: total, shown: rows.length })}</p>
          <ChangeTable runId={runId} rows={rows} />
          {pages.hasNextPage && <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => { void pages.fetchNextPage() }}>{t('impact:changes.more')}</Button>}
        </>
      )}
    </div>
  )
}

function useChanges(tenant: string, runId: string, search: ResultSearch) {
  const input: QueryInput<'impact-changes'> = {
    tenant, runId, sort: search.sort ?? 'largest', limit: PAGE, search: search.q ?? '',
    ...(search.kind === undefined ? {} : { kind: search.kind as Summary['kinds'][number]['kind'] }), ...(search.currency === undefined ? {} : { currency: search.currency }),
    ...(search.class === undefined ? {} : { class: Number(search.class) }),
  }
  return useInfiniteQuery({
    queryKey: ['impact-changes', input], initialPageParam: null as string | null, placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => ask('impact-changes', { ...input, after: pageParam }, signal), getNextPageParam: page => page.next,
  })
}

function ChangeTable({ runId, rows }: { runId: string; rows: readonly Change[] }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  if (rows.length === 0) return <p className="dim">{t('impact:changes.none')}</p>
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('impact:changes.title')}>
      <table className={table['table']}>
        <thead><tr>
          <th scope="col">{t('impact:changes.order')}</th><th scope="col">{t('impact:changes.account')}</th><th scope="col" className={table['end']}>{t('impact:changes.before')}</th>
          <th scope="col" className={table['end']}>{t('impact:changes.after')}</th><th scope="col" className={table['end']}>{t('impact:changes.change')}</th><th scope="col">{t('impact:changes.differs')}</th>
        </tr></thead>
        <tbody>
          {rows.map(({ orderId, reference, account, currency, exponent, beforeMinor, afterMinor, differences }) => {
            const money = (minor: number | null): ReactNode => (minor === null || currency === null || exponent === null ? '–' : <Money minor={minor} currency={currency} exponent={exponent} />)
            return (
              <tr key={orderId}>
                <th scope="row" aria-label={reference}><Link to="/t/$tenant/impact/$runId/$order" params={{ tenant, runId, order: orderId }}><Code>{reference}</Code></Link></th>
                <td><Code>{account}</Code></td><td className={table['end']}>{money(beforeMinor)}</td><td className={table['end']}>{money(afterMinor)}</td>
                <td className={table['end']}>{money(beforeMinor === null || afterMinor === null ? null : afterMinor - beforeMinor)}</td>
                <td><ul className={classes['differences']}>{differences.map(each => <li key={each.field}><DifferenceText difference={each} scale={null} /></li>)}</ul></td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

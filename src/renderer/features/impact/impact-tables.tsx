import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import table from '../../components/table.module.css'
import { Code, Count, Money } from '../../components/values.tsx'
import classes from './impact.module.css'

type Summary = NonNullable<QueryOutput<'impact-result'>['summary']>

/** How many orders differ in which way, and what that is in money, currency by currency. */
export function KindTable({ runId, kinds }: { runId: string; kinds: Summary['kinds'] }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return (
    <div className={`${table['scroll']} ${classes['inset']}`} tabIndex={0} role="region" aria-label={t('impact:kinds.title')}>
      <table className={table['table']}>
        <caption>{t('impact:kinds.caption')}</caption>
        <thead><tr>
          <th scope="col">{t('impact:changes.kind')}</th><th scope="col">{t('impact:changes.currency')}</th><th scope="col" className={table['end']}>{t('impact:counts.orders')}</th>
          <th scope="col" className={table['end']}>{t('impact:changes.before')}</th><th scope="col" className={table['end']}>{t('impact:changes.after')}</th><th scope="col" className={table['end']}>{t('impact:changes.change')}</th>
        </tr></thead>
        <tbody>
          {kinds.map(({ kind, currency, exponent, orders, beforeMinor, afterMinor }) => {
            const money = (minor: number): ReactNode => (currency === null || exponent === null ? '–' : <Money minor={minor} currency={currency} exponent={exponent} />)
            return (
              <tr key={`${kind} ${currency ?? ''}`}>
                <th scope="row"><Link to="/t/$tenant/impact/$runId" params={{ tenant, runId }} search={{ kind, ...(currency === null ? {} : { currency }) }} hash="changes" resetScroll={false}>{t(`impact:kind.${kind}`)}</Link></th>
                <td>{currency === null ? '–' : <Code>{currency}</Code>}</td><td className={table['end']}><Count value={orders} /></td>
                <td className={table['end']}>{money(beforeMinor)}</td><td className={table['end']}>{money(afterMinor)}</td><td className={table['end']}>{money(afterMinor - beforeMinor)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** Orders that a pack could not decide: they say nothing about what would change. */
export function FailureTable({ failures }: { failures: Summary['failures'] }): ReactNode {
  const { t } = useTranslation()
  return (
    <div className={`${table['scroll']} ${classes['inset']}`} tabIndex={0} role="region" aria-label={t('impact:failures.title')}>
      <table className={table['table']}>
        <caption>{t('impact:failures.caption')}</caption>
        <thead><tr><th scope="col">{t('impact:failures.why')}</th><th scope="col">{t('impact:failures.pack')}</th><th scope="col" className={table['end']}>{t('impact:counts.orders')}</th><th scope="col" className={table['end']}>{t('impact:failures.before')}</th></tr></thead>
        <tbody>
          {failures.map(each => (
            <tr key={`${each.step} ${each.pack} ${each.code}`} data-tone="bad">
              <th scope="row" className={classes['wrap']}>{each.message} <span className="dim">{each.remedy}</span> <Code quiet>{each.code}</Code></th>
              <td><Code>{each.pack}</Code></td><td className={table['end']}><Count value={each.orders} /></td><td className={table['end']}><Count value={each.failedBefore} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

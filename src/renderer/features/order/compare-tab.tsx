import { Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { useFormat } from '../../app/use-format.ts'
import { LoadingLines } from '../../components/loading.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { Code } from '../../components/values.tsx'
import { compareRevisions } from './compare-revisions.ts'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

/** Two revisions side by side: only what differs. */
export function CompareTab({ tenant, page, from, to }: { tenant: string; page: OrderPageData; from: string | undefined; to: string | undefined }): ReactNode {
  const { t } = useTranslation()
  const { revision, id } = page.order
  const valid = (wished: string | undefined, usual: number): number => {
    const number = Number(wished)
    return Number.isInteger(number) && number >= 1 && number <= revision ? number : usual
  }
  if (revision === 1) return <p className={`dim ${classes['plain']}`}>{t('order:compare.onlyOne')}</p>
  return <Compare tenant={tenant} orderId={id} revision={revision} from={valid(from, revision - 1)} to={valid(to, revision)} />
}

function Compare({ tenant, orderId, revision, from, to }: { tenant: string; orderId: string; revision: number; from: number; to: number }): ReactNode {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const format = useFormat()
  const before = useEngineQuery('order-revision', { tenant, orderId, revision: from })
  const after = useEngineQuery('order-revision', { tenant, orderId, revision: to })
  const choices = Array.from({ length: revision }, (_, index) => ({ value: String(index + 1), label: t('order:revision', { revision: index + 1 }) }))
  const choose = (change: { from?: string; to?: string }): void => {
    void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: orderId }, search: now => ({ ...now, tab: 'compare', ...change }), replace: true })
  }
  const differences = useMemo(() => before.data === undefined || after.data === undefined ? null : compareRevisions(before.data, after.data, format), [before.data, after.data, format])
  return (
    <>
      <div className={classes['row']}>
        <Select aria-label={t('order:compare.before')} data={choices} value={String(from)} allowDeselect={false} onChange={value => { if (value !== null) choose({ from: value }) }} />
        <Select aria-label={t('order:compare.after')} data={choices} value={String(to)} allowDeselect={false} onChange={value => { if (value !== null) choose({ to: value }) }} />
      </div>
      <RefusalAlert error={before.error ?? after.error} />
      {differences === null ? before.error === null && after.error === null && <LoadingLines lines={6} /> : differences.length === 0
        ? <p className={`dim ${classes['plain']}`}>{t('order:compare.same')}</p>
        : (
          <table className={classes['table']}>
            <thead><tr><th scope="col">{t('order:compare.field')}</th><th scope="col">{t('order:revision', { revision: from })}</th><th scope="col">{t('order:revision', { revision: to })}</th></tr></thead>
            <tbody>
              {differences.map(each => (
                <tr key={`${each.line ?? ''} ${each.field}`}>
                  <td>{each.line === null ? null : <Code quiet>{t('order:compare.line', { line: each.line })} </Code>}{t(`order:compare.fields.${each.field}`, { defaultValue: each.field })}</td>
                  <td><bdi className="num">{each.before ?? t('order:compare.absent')}</bdi></td><td><bdi className="num">{each.after ?? t('order:compare.absent')}</bdi></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </>
  )
}

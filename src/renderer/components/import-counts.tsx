import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../app/queries.ts'
import { Code, Count } from './values.tsx'
import classes from './table.module.css'

export type ImportCounts = NonNullable<QueryOutput<'job'>['counts']>

/** Read, accepted, rejected; whoever adds up finds that nothing is missing. */
export function ImportCountsTable({ counts, caption }: { counts: ImportCounts; caption: string }): ReactNode {
  const { t } = useTranslation()
  return (
    <div className={classes['scroll']}>
      <table className={classes['table']} style={{ maxWidth: '44rem' }}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col"><span className="sr-only">{t('jobs:counts.what')}</span></th>
            <th scope="col" className={classes['end']}>{t('jobs:counts.read')}</th>
            <th scope="col" className={classes['end']}>{t('jobs:counts.accepted')}</th>
            <th scope="col" className={classes['end']}>{t('jobs:counts.unchanged')}</th>
            <th scope="col" className={classes['end']}>{t('jobs:counts.rejected')}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('jobs:counts.orders')}</th>
            <td className={classes['end']}><Count value={counts.orders.read} /></td>
            <td className={classes['end']}><Count value={counts.orders.accepted} /></td>
            <td className={classes['end']}><Count value={counts.orders.unchanged} /></td>
            <td className={classes['end']}><Count value={counts.orders.rejected} /></td>
          </tr>
          <tr>
            <th scope="row">{t('jobs:counts.lines')}</th>
            <td className={classes['end']}><Count value={counts.lines.read} /></td>
            <td className={classes['end']}><Count value={counts.lines.accepted} /></td>
            <td className={classes['end']}><span className="dim" aria-label={t('jobs:counts.notCounted')}>–</span></td>
            <td className={classes['end']}><Count value={counts.lines.rejected} /></td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}

/** Why rows were refused, the commonest reason first. A row with several counts under each. */
export function ReasonsTable({ reasons }: { reasons: ImportCounts['reasons'] }): ReactNode {
  const { t } = useTranslation()
  const rows = Object.entries(reasons).toSorted(([codeA, a], [codeB, b]) => b - a || (codeA < codeB ? -1 : 1))
  const most = rows[0]?.[1] ?? 0
  if (rows.length === 0) return null
  return (
    <div className={classes['scroll']}>
      <table className={classes['table']} style={{ maxWidth: '56rem' }}>
        <caption>{t('jobs:reasons.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('jobs:reasons.reason')}</th>
            <th scope="col" className={classes['end']}>{t('jobs:reasons.rows')}</th>
            <th scope="col" aria-hidden="true" />
            <th scope="col">{t('jobs:reasons.code')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([code, count]) => (
            <tr key={code}>
              <td>{t(`import:reason.${code}`, { defaultValue: t('import:reason.other') })}</td>
              <td className={classes['end']}><Count value={count} /></td>
              <td aria-hidden="true"><span className={classes['bar']}><span style={{ width: `${Math.max(2, 100 * count / most)}%` }} /></span></td>
              <td><Code quiet>{code}</Code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

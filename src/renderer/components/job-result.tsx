import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../app/session.tsx'
import { ButtonLink } from './button-link.tsx'
import { ImportCountsTable, ReasonsTable } from './import-counts.tsx'
import { JobRejects } from './rejects-table.tsx'
import { ReplayResult } from './replay-result.tsx'
import { csvOf, saveFile } from './save-file.ts'
import type { Job } from './use-job.ts'
import classes from './job-result.module.css'

/** What came of a finished job: counts, reasons, and the rows that were refused. */
export function JobResult({ job }: { job: Job }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  if (job.replay !== null) return <ReplayResult replay={job.replay} />
  if (job.counts === null) return null
  return (
    <div className={classes['result']}>
      <ImportCountsTable counts={job.counts} caption={t('jobs:counts.sum')} />
      <ReasonsTable reasons={job.counts.reasons} />
      {may('imports.run') && <div><JobRejects tenant={job.tenant} jobId={job.id} /></div>}
    </div>
  )
}

/** To the orders that an import brought; those that were here before it are not among them. */
export function ShowOrders({ job }: { job: Job }): ReactNode {
  const { t } = useTranslation()
  const count = broughtBy(job)
  return count === 0 ? null : <ButtonLink to="/t/$tenant/orders" params={{ tenant: job.tenant }} search={{ import: job.id }}>{t('jobs:showOrders', { count })}</ButtonLink>
}

export function broughtBy(job: Job): number {
  return job.counts === null ? 0 : job.counts.orders.accepted - job.counts.orders.unchanged
}

/** The result as a file: counts and reasons, one a row. */
export function saveJobAsCsv(job: Job, t: TFunction): void {
  if (job.counts === null) return
  const { lines, orders, reasons } = job.counts
  saveFile(`${job.title.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-${job.id}.csv`, [csvOf([
    [t('jobs:counts.what'), t('jobs:counts.read'), t('jobs:counts.accepted'), t('jobs:counts.unchanged'), t('jobs:counts.rejected')],
    [t('jobs:counts.orders'), orders.read, orders.accepted, orders.unchanged, orders.rejected],
    [t('jobs:counts.lines'), lines.read, lines.accepted, '', lines.rejected],
    [],
    [t('jobs:reasons.code'), t('jobs:reasons.reason'), t('jobs:reasons.rows')],
    ...Object.entries(reasons).map(([code, count]) => [code, t(`import:reason.${code}`, { defaultValue: t('import:reason.other') }), count]),
  ])], 'text/csv')
}

import { Button } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Badge } from '../../components/badge.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { JobProgress } from '../../components/job-progress.tsx'
import { broughtBy, JobResult, saveJobAsCsv, ShowOrders } from '../../components/job-result.tsx'
import { RefusalBox } from '../../components/refusal.tsx'
import type { Job } from '../../components/use-job.ts'
import type { ImportSearch } from './routes.tsx'
import classes from './import.module.css'

/** Fourth step: the import runs, in the engine; this window may be closed. */
export function RunStep({ job }: { job: Job }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return (
    <>
      <JobProgress job={job} />
      <p className="dim small">{t('import:run.leave')} <Link to="/t/$tenant/jobs/$jobId" params={{ tenant, jobId: job.id }}>{t('import:run.page')}</Link></p>
    </>
  )
}

/** Last step: what came of it. */
export function ResultStep({ job, search }: { job: Job; search: ImportSearch }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant } = useTenant()
  const accepted = job.counts?.orders.accepted ?? 0
  return (
    <>
      <div className={classes['line']}>
        <div role="status">
          <Badge tone={job.state === 'succeeded' ? 'ok' : job.state === 'failed' ? 'bad' : 'warn'}>{t(`common:job.state.${job.state}`)}</Badge>
          {' '}{t(`import:result.${job.state === 'succeeded' ? 'done' : job.state === 'failed' ? 'failed' : 'cancelled'}`, { name: job.title, count: accepted })}
          {job.durationMs !== null && <span className="dim num"> · {format.duration(job.durationMs)}</span>}
        </div>
        <div style={{ display: 'flex', gap: 8 }}>
          <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => { saveJobAsCsv(job, t) }}>{t('jobs:export')}</Button>
          <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
        </div>
      </div>
      {job.error !== null && <RefusalBox refusal={translateRefusal(job.error, t)} />}
      <JobResult job={job} />
      <div className={classes['foot']}>
        {broughtBy(job) > 0 ? <ShowOrders job={job} /> : <ButtonLink to="/t/$tenant/orders" params={{ tenant }}>{t('import:result.orders')}</ButtonLink>}
        {job.state !== 'succeeded' && search.upload !== undefined && <ButtonLink variant="default" to="/t/$tenant/import" params={{ tenant }} search={{ step: 'dry-run', upload: search.upload }}>{t('import:result.again')}</ButtonLink>}
        <ButtonLink variant="default" to="/t/$tenant/import" params={{ tenant }} search={{}}>{t('import:result.another')}</ButtonLink>
      </div>
    </>
  )
}

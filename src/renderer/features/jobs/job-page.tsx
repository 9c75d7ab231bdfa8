import { Button } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { JobResult, saveJobAsCsv, ShowOrders } from '../../components/job-result.tsx'
import { JobProgress } from '../../components/job-progress.tsx'
import { jobTitle } from '../../components/job-title.ts'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts, Page, Section } from '../../components/page.tsx'
import { ErrorState, RefusalBox } from '../../components/refusal.tsx'
import { ShowFailures } from '../../components/replay-result.tsx'
import { hasEnded, useJob } from '../../components/use-job.ts'
import { Code, Time } from '../../components/values.tsx'
import { JobStateBadge } from './job-state.tsx'
import classes from './jobs.module.css'

/** One job: how it goes on while it runs, what came of it after; to print and to export. */
export function JobPage(): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant, may } = useTenant()
  const { jobId } = useParams({ from: '/t/$tenant/jobs/$jobId' })
  const query = useJob(tenant, jobId)
  const job = query.data
  const title = job === undefined ? jobId : jobTitle(job, t)
  useBreadcrumbs(useMemo(() => [
    { label: t('common:nav.jobs'), to: '/t/$tenant/jobs', params: { tenant } },
    { label: title },
  ], [t, tenant, title]))
  if (job === undefined) {
    return query.error === null ? <LoadingLines /> : <ErrorState error={query.error} onRetry={() => { void query.refetch() }} />
  }
  const ended = hasEnded(job)
  return (
    <Page title={title} heading={<bdi>{title}</bdi>} actions={ended && <>
      {job.counts !== null && <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => { saveJobAsCsv(job, t) }}>{t('jobs:export')}</Button>}
      <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
      {job.kind === 'import' && may('imports.run') && <ButtonLink variant="default" to="/t/$tenant/import" params={{ tenant }}>{t('jobs:importAnother')}</ButtonLink>}
      {job.kind === 'impact' && <ButtonLink to="/t/$tenant/impact/$runId" params={{ tenant, runId: job.id }}>{t('jobs:seeImpact')}</ButtonLink>}
      {job.kind === 'replay' && <ShowFailures job={job} />}
      <ShowOrders job={job} />
    </>}>
      <div className={classes['body']}>
        <Facts items={[
          [t('jobs:column.state'), <JobStateBadge key="state" state={job.state} />],
          [t('jobs:column.kind'), t(`jobs:kind.${job.kind}`)],
          [t('jobs:column.startedBy'), <Actor key="by" who={job.startedBy} />],
          [t('jobs:column.createdAt'), <Time key="at" value={job.createdAt} />],
          ...(job.durationMs === null ? [] : [[t('jobs:column.duration'), <bdi key="for" className="num">{format.duration(job.durationMs)}</bdi>] as const]),
          [t('jobs:column.id'), <Code key="id" quiet>{job.id}</Code>],
        ]} />
        {job.error !== null && <RefusalBox refusal={translateRefusal(job.error, t)} />}
        {!ended && <JobProgress job={job} />}
      </div>
      {ended && (job.counts !== null || job.replay !== null) && <Section title={t('jobs:result.title')}><JobResult job={job} /></Section>}
    </Page>
  )
}

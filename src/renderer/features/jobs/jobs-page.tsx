import { Progress } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { settled } from '../../app/search-params.ts'
import { useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { jobTitle } from '../../components/job-title.ts'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { hasEnded, type Job } from '../../components/use-job.ts'
import { Count, Time } from '../../components/values.tsx'
import { JobStateBadge } from './job-state.tsx'
import classes from './jobs.module.css'

const AT_MOST = 200

/** Long work of this tenant, the newest first. */
export function JobsPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const view = useSearch({ from: '/t/$tenant/jobs' })
  const jobs = useEngineQuery('jobs', { tenant, limit: AT_MOST }, { keepPrevious: true })
  const columns = useColumns()
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.jobs') }], [t]))
  const onView = (change: ListView): void => {
    const cols = 'cols' in change ? change.cols : view.cols
    void navigate({ to: '/t/$tenant/jobs', params: { tenant }, search: settled({ cols: cols === undefined ? undefined : [...cols] }), replace: true })
  }
  const importAction = may('imports.run') ? { action: { label: t('jobs:empty.action'), to: '/t/$tenant/import', params: { tenant } } } : {}
  return (
    <Page title={t('common:nav.jobs')} fill actions={<>
      <ListSettings columns={columns} view={view} onView={onView} />
      {may('imports.run') && <ButtonLink to="/t/$tenant/import" params={{ tenant }} leftSection={<IconFileImport size={14} />}>{t('jobs:import')}</ButtonLink>}
    </>}>
      {jobs.error !== null && jobs.data === undefined
        ? <ErrorState error={jobs.error} onRetry={() => { void jobs.refetch() }} />
        : (
          <DataList label={t('common:nav.jobs')} rows={jobs.data?.rows ?? []} columns={columns} rowId={job => job.id} rowLabel={job => jobTitle(job, t)} view={view} onView={onView}
            loading={jobs.data === undefined} onOpen={job => { void navigate({ to: '/t/$tenant/jobs/$jobId', params: { tenant, jobId: job.id } }) }}
            empty={<EmptyState title={t('jobs:empty.title')} text={t('jobs:empty.text')} {...importAction} />} />
        )}
    </Page>
  )
}

function useColumns(): readonly ListColumn<Job>[] {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const format = useFormat()
  return useMemo(() => [
    { id: 'title', title: t('jobs:column.title'), width: 'minmax(11rem, 2fr)', fixed: true, cell: job => <Link to="/t/$tenant/jobs/$jobId" params={{ tenant, jobId: job.id }}><bdi>{jobTitle(job, t)}</bdi></Link> },
    { id: 'kind', title: t('jobs:column.kind'), width: '7rem', cell: job => t(`jobs:kind.${job.kind}`) },
    { id: 'state', title: t('jobs:column.state'), width: '8rem', cell: job => <JobStateBadge state={job.state} /> },
    {
      id: 'progress', title: t('jobs:column.progress'), width: '7rem',
      cell: job => (hasEnded(job) ? null : <span className={classes['inline']}><Progress size="sm" value={(job.fraction ?? 1) * 100} animated={job.fraction === null} aria-label={jobTitle(job, t)} />{job.fraction !== null && <span className="num">{format.percent(job.fraction)}</span>}</span>),
    },
    { id: 'accepted', title: t('jobs:column.accepted'), width: '8rem', align: 'end', cell: job => (job.counts === null ? null : <Count value={job.counts.orders.accepted} />) },
    { id: 'rejected', title: t('jobs:column.rejected'), width: '8rem', align: 'end', cell: job => (job.counts === null ? null : <Count value={job.counts.lines.rejected} />) },
    { id: 'startedBy', title: t('jobs:column.startedBy'), width: '9rem', cell: job => <Actor who={job.startedBy} /> },
    { id: 'createdAt', title: t('jobs:column.createdAt'), width: '8rem', cell: job => <Time value={job.createdAt} as="brief" /> },
    { id: 'duration', title: t('jobs:column.duration'), width: '7rem', align: 'end', optional: true, cell: job => (job.durationMs === null ? null : <bdi className="num">{format.duration(job.durationMs)}</bdi>) },
  ], [t, tenant, format])
}

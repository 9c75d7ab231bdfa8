import { Button } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { translateRefusal } from '../../app/refusal.ts'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { JobProgress } from '../../components/job-progress.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts, Page, Section } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { hasEnded, useJob, type Job } from '../../components/use-job.ts'
import { Code, Count, Time } from '../../components/values.tsx'
import { Changes } from './changes.tsx'
import { Distribution } from './distribution.tsx'
import { saveImpact } from './export-impact.ts'
import { FailureTable, KindTable } from './impact-tables.tsx'
import classes from './impact.module.css'

export type ImpactResult = QueryOutput<'impact-result'>

/** One comparison: how far it is while it runs, what it found after; kept, to print and to export. */
export function ImpactResultPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { runId } = useParams({ from: '/t/$tenant/impact/$runId' })
  const job = useJob(tenant, runId)
  const title = job.data?.title ?? runId
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.impact'), to: '/t/$tenant/impact', params: { tenant } }, { label: title }], [t, tenant, title]))
  if (job.data === undefined) return job.error === null ? <LoadingLines /> : <ErrorState error={job.error} onRetry={() => { void job.refetch() }} />
  return <Run key={runId} job={job.data} />
}

function Run({ job }: { job: Job }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant } = useTenant()
  const ended = hasEnded(job)
  const result = useEngineQuery('impact-result', { tenant, runId: job.id }, { enabled: true, staleMs: ended ? 60_000 : 0 })
  return (
    <Page title={t('impact:of', { title: job.title })} heading={t('impact:of', { title: job.title })} actions={ended && <>
      <Export job={job} result={result.data} />
      <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
      <ButtonLink variant="default" to="/t/$tenant/impact" params={{ tenant }}>{t('impact:another')}</ButtonLink>
    </>}>
      <div className={classes['body']}>
        <Facts items={[
          [t('impact:baseline.label'), result.data === undefined ? '–' : result.data.profileVersion === null ? t('impact:baseline.own') : t('impact:baseline.version', { version: result.data.profileVersion })],
          [t('impact:orders.label'), result.data === undefined ? '–' : <ChosenOrders key="orders" result={result.data} />],
          [t('jobs:column.startedBy'), <Actor key="by" who={job.startedBy} />],
          [t('jobs:column.createdAt'), <Time key="at" value={job.createdAt} />],
          ...(job.durationMs === null ? [] : [[t('jobs:column.duration'), <bdi key="for" className="num">{format.duration(job.durationMs)}</bdi>] as const]),
          [t('jobs:column.id'), <Code key="id" quiet>{job.id}</Code>],
        ]} />
        {job.error !== null && <RefusalBox refusal={translateRefusal(job.error, t)} />}
        <RefusalAlert error={result.error} />
        {!ended && <JobProgress job={job} />}
        {ended && result.data !== undefined && <Headline job={job} result={result.data} />}
      </div>
      {ended && result.data?.summary != null && <Found runId={job.id} result={result.data} />}
    </Page>
  )
}

function ChosenOrders({ result: { orders } }: { result: ImpactResult }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  if ('last' in orders) return t('impact:chosen.last', { count: orders.last })
  if ('ids' in orders) return t('impact:chosen.ids', { count: orders.ids.length })
  const { from, to } = orders
  if (from === null && to === null) return t('impact:orders.all')
  if (from === null) return t('impact:chosen.until', { to: format.date(to ?? '') })
  return to === null ? t('impact:chosen.since', { from: format.date(from) }) : t('impact:chosen.period', { from: format.date(from), to: format.date(to) })
}

/** What it comes to, in a sentence. */
function Headline({ job, result: { counts, planned } }: { job: Job; result: ImpactResult }): ReactNode {
  const { t } = useTranslation()
  return (
    <div role="status" className={classes['headline']}>
      <p className={classes['sentence']}>{counts.orders === 0 ? t('impact:headline.noOrders') : counts.changed === 0 ? t('impact:headline.same', { count: counts.orders }) : t('impact:headline.differ', { count: counts.changed, orders: counts.orders })}</p>
      {job.state === 'cancelled' && <p className={classes['plain']}>{t('impact:headline.cancelled', { orders: counts.orders, planned })}</p>}
      <dl className={classes['counts']}>
        <div><dt>{t('impact:counts.orders')}</dt><dd><Count value={counts.orders} /></dd></div>
        <div><dt>{t('impact:counts.unchanged')}</dt><dd><Count value={counts.unchanged} /></dd></div>
        <div><dt>{t('impact:counts.changed')}</dt><dd><Count value={counts.changed} /></dd></div>
        <div><dt>{t('impact:counts.failed')}</dt><dd><Count value={counts.failed} /></dd></div>
      </dl>
    </div>
  )
}

function Found({ runId, result }: { runId: string; result: ImpactResult }): ReactNode {
  const { t } = useTranslation()
  const { summary, counts } = result
  if (summary === null) return null
  return (
    <>
      {summary.failures.length > 0 && <Section title={t('impact:failures.title')}><FailureTable failures={summary.failures} /></Section>}
      {counts.changed > 0 && <>
        <Section title={t('impact:kinds.title')}><KindTable runId={runId} kinds={summary.kinds} /></Section>
        {summary.distribution.length > 0 && <Section title={t('impact:distribution.title')}><Distribution runId={runId} classes={summary.distribution} /></Section>}
        <Section title={t('impact:changes.title')}><Changes runId={runId} summary={summary} /></Section>
      </>}
    </>
  )
}

function Export({ job, result }: { job: Job; result: ImpactResult | undefined }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  if (result === undefined) return null
  const save = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await saveImpact(tenant, job, result, t)
    } catch (failed) {
      setError(failed)
    } finally {
      setBusy(false)
    }
  }
  return <><Button variant="default" loading={busy} leftSection={<IconDownload size={14} />} onClick={() => { void save() }}>{t('jobs:export')}</Button><RefusalAlert error={error} /></>
}

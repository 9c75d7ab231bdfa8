import { CloseButton, Progress } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useHoldOpen } from '../app/hold-open.ts'
import { useEngineQuery, type QueryOutput } from '../app/queries.ts'
import { useTenant } from '../app/session.tsx'
import { useFormat } from '../app/use-format.ts'
import { Badge } from './badge.tsx'
import { jobTitle } from './job-title.ts'
import classes from './job-toasts.module.css'

type Job = QueryOutput<'job'>

const STAYS_MS = 8000

/** Running jobs in a corner of every page; the end of one stays for a moment with its result. */
export function JobToasts(): ReactNode {
  const { t } = useTranslation()
  const { tenant, user, may } = useTenant()
  const jobs = useEngineQuery('jobs', { tenant, limit: 5 }, { enabled: may('jobs.read'), refetchMs: 30_000 })
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const running = jobs.data?.rows.filter(job => job.state === 'running' || job.state === 'queued') ?? []
  useHoldOpen(running.some(job => job.startedBy.id === user.id) ? 'job' : null)
  const unseen = running.filter(job => !seen.has(job.id))
  if (unseen.length > 0) setSeen(new Set([...seen, ...unseen.map(job => job.id)]))
  // The page that follows a job says more than its toast could.
  const here = useLocation({ select: location => location.href })
  const shown = (jobs.data?.rows ?? []).filter(job => seen.has(job.id) && !hidden.has(job.id) && !here.includes(job.id))
  const hide = (id: string): void => { setHidden(before => new Set([...before, id])) }
  if (shown.length === 0) return null
  return (
    <section className={classes['stack']} aria-label={t('common:job.toasts')}>
      {shown.map(job => <JobToast key={job.id} job={job} tenant={tenant} onHide={() => { hide(job.id) }} />)}
    </section>
  )
}

export function JobToast({ job, tenant, onHide }: { job: Job; tenant: string; onHide: () => void }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const ended = job.state !== 'running' && job.state !== 'queued'
  useEffect(() => {
    if (!ended) return undefined
    const timer = setTimeout(onHide, STAYS_MS)
    return () => { clearTimeout(timer) }
    // Hiding is decided once, when the job ends.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [ended])
  return (
    <div className={classes['toast']}>
      <div className={classes['head']}>
        <Link to="/t/$tenant/jobs/$jobId" params={{ tenant, jobId: job.id }} className="clip">{jobTitle(job, t)}</Link>
        <CloseButton size="sm" aria-label={t('common:job.hide')} onClick={onHide} />
      </div>
      {!ended && <Progress size={4} value={job.fraction === null ? 100 : job.fraction * 100} animated={job.fraction === null} aria-label={jobTitle(job, t)} />}
      <div className={classes['facts']} aria-live="polite">
        {ended ? <Badge tone={job.state === 'succeeded' ? 'ok' : job.state === 'failed' ? 'bad' : 'neutral'}>{t(`common:job.state.${job.state}`)}</Badge> : <span>{t(`jobs:phase.${job.phase}`, { defaultValue: job.phase })}</span>}
        {job.counts !== null && <span>{t('common:job.counts', { accepted: job.counts.orders.accepted, rejected: job.counts.orders.rejected })}</span>}
        {job.run !== null && <span>{t('common:job.runCounts', { orders: job.run.orders, changed: job.run.changed })}</span>}
        {job.replay !== null && <span>{t('common:job.replayCounts', { settled: job.replay.settled, parked: job.replay.parked })}</span>}
        {!ended && job.ratePerSecond !== null && <span>{t('common:job.rate', { rate: format.number(Math.round(job.ratePerSecond)) })}</span>}
      </div>
    </div>
  )
}

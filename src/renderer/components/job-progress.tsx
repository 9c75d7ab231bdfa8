import { Button, Progress } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand } from '../app/queries.ts'
import { useTenant } from '../app/session.tsx'
import { useFormat } from '../app/use-format.ts'
import { Mark, type Tone } from './badge.tsx'
import { jobTitle } from './job-title.ts'
import { RefusalAlert } from './refusal.tsx'
import { hasEnded, type Job } from './use-job.ts'
import { Count } from './values.tsx'
import classes from './job-progress.module.css'

/** What a running job does, how fast, how long still, what it got so far, and what a cancel would leave. */
export function JobProgress({ job }: { job: Job }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const phase = t(`jobs:phase.${job.phase}`, { defaultValue: job.phase })
  const percent = job.fraction === null ? null : Math.min(100, Math.max(0, job.fraction * 100))
  // A screen reader hears of each tenth, not of each row.
  const tenth = percent === null ? null : Math.floor(percent / 10) * 10
  const announced = useMemo(() => (tenth === null ? phase : t('jobs:progress.announced', { phase, percent: format.percent(tenth / 100) })), [phase, tenth, t, format])
  return (
    <div className={classes['progress']}>
      <div className={classes['head']}>
        <span className={classes['phase']}>{phase}</span>
        <span className="num dim">
          {percent !== null && format.percent(percent / 100)}
          {job.secondsLeft !== null && !hasEnded(job) && <> · {t('jobs:progress.left', { duration: format.duration(Math.max(1, job.secondsLeft) * 1000) })}</>}
        </span>
      </div>
      <Progress size="md" value={percent ?? 100} animated={percent === null} striped={percent === null} aria-label={jobTitle(job, t)} />
      <span className="sr-only" role="status">{announced}</span>
      <dl className={classes['numbers']}>
        <Figure name={t('jobs:progress.rate')} value={job.ratePerSecond === null ? '–' : t('jobs:progress.perSecond', { rate: format.number(Math.round(job.ratePerSecond)) })} />
        {job.counts !== null && <>
          <Figure name={t('jobs:progress.linesRead')} value={<Count value={job.counts.lines.read} />} />
          <Figure tone="ok" name={t('jobs:progress.ordersAccepted')} value={<Count value={job.counts.orders.accepted} />} />
          <Figure tone={job.counts.lines.rejected > 0 ? 'warn' : 'neutral'} name={t('jobs:progress.linesRejected')} value={<Count value={job.counts.lines.rejected} />} />
        </>}
        {job.run !== null && <>
          <Figure name={t('jobs:progress.ordersCompared')} value={<Count value={job.run.orders} />} />
          <Figure name={t('jobs:progress.ordersChanged')} value={<Count value={job.run.changed} />} />
          <Figure tone={job.run.failed > 0 ? 'warn' : 'neutral'} name={t('jobs:progress.ordersFailed')} value={<Count value={job.run.failed} />} />
        </>}
        {job.replay !== null && <>
          <Figure name={t('jobs:progress.lettersTried')} value={<><Count value={job.replay.settled + job.replay.parked} /> / <Count value={job.replay.total} /></>} />
          <Figure tone="ok" name={t('jobs:progress.lettersSettled')} value={<Count value={job.replay.settled} />} />
          <Figure tone={job.replay.parked > 0 ? 'warn' : 'neutral'} name={t('jobs:progress.lettersParked')} value={<Count value={job.replay.parked} />} />
        </>}
      </dl>
      <CancelJob job={job} />
    </div>
  )
}

function Figure({ name, value, tone }: { name: string; value: ReactNode; tone?: Tone }): ReactNode {
  return <div><dt>{tone !== undefined && <Mark tone={tone} />}{name}</dt><dd>{value}</dd></div>
}

/** What it takes to cancel a job, as the engine asks for it. */
const CANCELS = { import: 'imports.run', demo: 'imports.run', impact: 'decisions.try', replay: 'failures.replay' } as const

function CancelJob({ job }: { job: Job }): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const cancel = useCommand('cancel-job')
  if (hasEnded(job) || !may(CANCELS[job.kind])) return null
  return (
    <>
      <div className={classes['foot']}>
        <Button variant="default" loading={cancel.isPending || cancel.isSuccess} onClick={() => { cancel.mutate({ tenant, jobId: job.id, invocation: invocation() }) }}>{t(`jobs:cancel.${job.kind}`)}</Button>
        <span className="dim small" role="status">{cancel.isPending || cancel.isSuccess ? t(`jobs:stopping.${job.kind}`) : t(`jobs:cancelStays.${job.kind}`)}</span>
      </div>
      <RefusalAlert error={cancel.error} />
    </>
  )
}

import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { JobProgress } from '../../components/job-progress.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { ReplayGroups, ReplayResult } from '../../components/replay-result.tsx'
import { hasEnded, useJob } from '../../components/use-job.ts'
import classes from './failures.module.css'

/** Which parked work: these, all of a pack, or all. */
export type ReplayWhat = { readonly ids?: string[]; readonly pack?: string }

/** What would be tried, by pack and reason; nothing is, until a person has seen it and says so. */
export function ReplayDialog({ what, onClose, onStarted }: { what: ReplayWhat; onClose: () => void; onStarted: (jobId: string) => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const counted = useEngineQuery('count-dead-letters', { tenant, ...what }, { staleMs: 0, keepPrevious: true })
  const start = useCommand('start-replay', ({ jobId }) => { onStarted(jobId) })
  const total = counted.data?.total
  return (
    <Dialog onClose={onClose} size="lg" title={t('failures:replay.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className={classes['dialog']} onSubmit={event => { event.preventDefault(); start.mutate({ tenant, ...what, invocation: invocation() }) }}>
        <RefusalAlert error={counted.error} />
        {total === undefined && counted.error === null && <LoadingLines lines={3} />}
        {total === 0 && <p>{t('failures:replay.nothing')}</p>}
        {counted.data !== undefined && total !== undefined && total > 0 && <>
          <ReplayGroups caption={t('failures:replay.would', { count: total })} groups={counted.data.groups} />
          <p>{t('failures:replay.text')}</p>
        </>}
        <RefusalAlert error={start.error} />
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose} disabled={start.isPending}>{t('failures:discard.back')}</Button>
          {total !== undefined && total > 0 && <Button type="submit" data-autofocus loading={start.isPending}>{t('failures:replay.submit', { count: total })}</Button>}
        </div>
      </form>
    </Dialog>
  )
}

/** The replay that was begun here, as it goes on and what came of it, until dismissed. */
export function ReplayNews({ jobId, onDismiss }: { jobId: string; onDismiss: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { data: job, error } = useJob(tenant, jobId)
  const dismiss = <Button variant="subtle" onClick={onDismiss}>{t('failures:dismiss')}</Button>
  if (job === undefined) return <RefusalAlert error={error}>{dismiss}</RefusalAlert>
  if (!hasEnded(job)) return <JobProgress job={job} />
  return (
    <>
      {job.error !== null && <RefusalBox refusal={translateRefusal(job.error, t)} />}
      {job.replay !== null && (
        <ReplayResult replay={job.replay}>
          <ButtonLink variant="default" to="/t/$tenant/jobs/$jobId" params={{ tenant, jobId }}>{t('failures:replay.open')}</ButtonLink>
          {dismiss}
        </ReplayResult>
      )}
    </>
  )
}

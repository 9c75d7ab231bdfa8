import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { translateRefusal } from '../app/refusal.ts'
import { useTenant } from '../app/session.tsx'
import { ButtonLink } from './button-link.tsx'
import classes from './job-result.module.css'
import { RefusalBox } from './refusal.tsx'
import { stepName } from './step-name.ts'
import table from './table.module.css'
import type { Job } from './use-job.ts'
import { Code, Count } from './values.tsx'

type Replay = NonNullable<Job['replay']>

/** What came of trying parked work again: how much is settled, what is parked again and why, what was not tried. */
export function ReplayResult({ replay, children }: { replay: Replay; children?: ReactNode }): ReactNode {
  const { t } = useTranslation()
  const { total, settled, parked } = replay
  const rest = Math.max(0, total - settled - parked)
  const message = t('jobs:replay.told', { replayed: settled + parked, resolved: settled, failed: parked })
  return (
    <div className={classes['result']}>
      <RefusalBox tone={parked + rest === 0 ? 'ok' : 'warn'} refusal={{ code: '', message, remedy: parked === 0 ? '' : t('jobs:replay.parked', { count: parked }) }}
        {...(rest === 0 ? {} : { detail: t('jobs:replay.rest', { count: rest }) })}>{children}</RefusalBox>
      {replay.again.length > 0 && <ReplayGroups caption={t('jobs:replay.again')} groups={replay.again} />}
    </div>
  )
}

/** To what is parked again. */
export function ShowFailures({ job: { tenant, replay } }: { job: Job }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  if (replay === null || !may('failures.read')) return null
  return <ButtonLink to="/t/$tenant/failures" params={{ tenant }} search={replay.pack === null ? {} : { pack: replay.pack }}>{t('jobs:replay.show')}</ButtonLink>
}

export interface ReplayGroup {
  readonly pack: string
  readonly code: string
  readonly count: number
  readonly message: string
  readonly step?: string
}

/** Dead letters by pack and reason. */
export function ReplayGroups({ groups, caption }: { groups: readonly ReplayGroup[]; caption: string }): ReactNode {
  const { t } = useTranslation()
  const steps = groups.some(({ step }) => step !== undefined)
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={caption}>
      <table className={table['table']}>
        <caption>{caption}</caption>
        <thead><tr>
          <th scope="col">{t('failures:column.pack')}</th>
          {steps && <th scope="col">{t('failures:column.handler')}</th>}
          <th scope="col">{t('failures:column.why')}</th>
          <th scope="col" className={table['end']}>{t('failures:column.count')}</th>
        </tr></thead>
        <tbody>{groups.map(({ pack, step, code, message, count }) => (
          <tr key={`${pack} ${step ?? ''} ${code}`}>
            <th scope="row"><Code>{pack}</Code></th>
            {steps && <td>{stepName(step ?? '', t)}</td>}
            <td><bdi>{translateRefusal({ code, message, remedy: '', values: { pack } }, t).message}</bdi><div><Code quiet>{code}</Code></div></td>
            <td className={table['end']}><Count value={count} /></td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  )
}

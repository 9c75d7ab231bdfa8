import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { shownRefusal, type ShownRefusal } from '../app/refusal.ts'
import classes from './states.module.css'

/** A refusal as written in the design: the sentence, what to do, buttons, and the code in small type. */
export function RefusalBox({ refusal, tone = 'bad', detail, children }: {
  refusal: Pick<ShownRefusal, 'message' | 'remedy' | 'code'>; tone?: 'bad' | 'warn' | 'info' | 'ok'; detail?: ReactNode; children?: ReactNode
}): ReactNode {
  return (
    <div className={classes['refusal']} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <p className={classes['message']}>{refusal.message}</p>
      {detail !== undefined && <p className={classes['remedy']}>{detail}</p>}
      {refusal.remedy !== '' && <p className={classes['remedy']}>{refusal.remedy}</p>}
      <div className={classes['foot']}>
        {children}
        <bdi dir="ltr" className={`code ${classes['code']}`}>{refusal.code}</bdi>
      </div>
    </div>
  )
}

/** For a failed query or command. */
export function RefusalAlert({ error, tone, children }: { error: unknown; tone?: 'bad' | 'warn'; children?: ReactNode }): ReactNode {
  const { t } = useTranslation()
  if (error === null || error === undefined) return null
  return <RefusalBox refusal={shownRefusal(error, t)} {...(tone === undefined ? {} : { tone })}>{children}</RefusalBox>
}

/** In place of a page that could not be fetched. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const { t } = useTranslation()
  return (
    <div className={classes['state']}>
      <RefusalAlert error={error}>
        {onRetry !== undefined && <Button variant="default" onClick={onRetry}>{t('common:error.retry')}</Button>}
      </RefusalAlert>
    </div>
  )
}

import { Button, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { KeyHint } from '../../components/key-hint.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { Code, Count, Time } from '../../components/values.tsx'
import { stepName } from './step-name.ts'
import classes from './failures.module.css'

export type DeadLetter = QueryOutput<'dead-letters'>['rows'][number]

/** One parked piece of work: what happened, what to do, what it was given, and the two ways out. */
export function FailurePeek({ letter, replaying, onReplay }: { letter: DeadLetter; replaying: boolean; onReplay: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const [discarding, setDiscarding] = useState(false)
  return (
    <div className={classes['peek']}>
      <RefusalBox refusal={translateRefusal(letter, t)} />
      {discarding
        ? <Discard letter={letter} onCancel={() => { setDiscarding(false) }} />
        : (
          <div className={classes['buttons']}>
            {may('failures.replay') && <Button loading={replaying} onClick={onReplay} rightSection={<KeyHint keys="t" />}>{t('failures:again.one')}</Button>}
            {letter.orderId !== null && <ButtonLink variant="default" to="/t/$tenant/orders/$order" params={{ tenant, order: letter.orderId }}>{t('failures:openOrder')}</ButtonLink>}
            {may('failures.discard') && <Button variant="subtle" color="red" onClick={() => { setDiscarding(true) }}>{t('failures:discard.open')}</Button>}
          </div>
        )}
      <Facts items={[
        [t('failures:column.pack'), <Code key="pack">{letter.pack}</Code>],
        [t('failures:column.handler'), stepName(letter.handler, t)],
        [t('failures:column.attempts'), <Count key="attempts" value={letter.attempts} />],
        [t('failures:column.since'), <Time key="since" value={letter.createdAt} />],
        [t('failures:column.last'), <Time key="last" value={letter.lastAttemptAt} />],
        [t('failures:column.event'), <Code key="event" quiet>{letter.eventId}</Code>],
      ]} />
      <section>
        <h3 className="small dim">{t('failures:payload')}</h3>
        <pre className={`code ${classes['payload'] ?? ''}`} dir="ltr" tabIndex={0} role="region" aria-label={t('failures:payload')}>{JSON.stringify(letter.payload, null, 2)}</pre>
      </section>
    </div>
  )
}

/** Giving up is for good, so it says what is lost and asks for a reason. */
function Discard({ letter, onCancel }: { letter: DeadLetter; onCancel: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const discard = useCommand('discard-dead-letter', () => {
    notifications.show({ message: t('failures:discard.told', { about: letter.reference ?? letter.eventId }) })
  })
  const empty = reason.trim() === ''
  return (
    <form className={classes['discard']} onSubmit={event => {
      event.preventDefault()
      setAsked(true)
      if (!empty) discard.mutate({ tenant, id: letter.id, invocation: invocation(reason) })
    }}>
      <Textarea label={t('failures:discard.reason')} description={t('failures:discard.lost', { pack: letter.pack })} autosize minRows={2} maxRows={6} maxLength={1000} value={reason} autoFocus withAsterisk
        error={asked && empty ? t('failures:discard.needed') : null} onChange={event => { setReason(event.currentTarget.value) }}
        onKeyDown={event => { if (event.key === 'Escape') { event.stopPropagation(); onCancel() } }} />
      <RefusalAlert error={discard.error} />
      <div className={classes['buttons']}>
        <Button type="submit" color="red" loading={discard.isPending}>{t('failures:discard.submit')}</Button>
        <Button variant="default" onClick={onCancel} disabled={discard.isPending}>{t('failures:discard.back')}</Button>
      </div>
    </form>
  )
}

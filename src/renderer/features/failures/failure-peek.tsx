import { Button, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { KeyHint } from '../../components/key-hint.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { stepName } from '../../components/step-name.ts'
import { Code, Count, Time } from '../../components/values.tsx'
import classes from './failures.module.css'

export type DeadLetter = QueryOutput<'dead-letters'>['rows'][number]

/** One parked piece of work: what happened, what to do, what it was given, and the two ways out. */
export function FailurePeek({ letter, replaying, onReplay }: { letter: DeadLetter; replaying: boolean; onReplay: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const [open, setOpen] = useState<'discard' | 'correct' | null>(null)
  const close = (): void => { setOpen(null) }
  return (
    <div className={classes['peek']}>
      <RefusalBox refusal={translateRefusal(letter, t)} />
      {open === 'discard' && <Discard letter={letter} onCancel={close} />}
      {open === 'correct' && <Correct letter={letter} onClose={close} />}
      {open === null && (

          <div className={classes['buttons']}>
            {may('failures.replay') && <Button loading={replaying} onClick={onReplay} rightSection={<KeyHint keys="t" />}>{t('failures:again.one')}</Button>}
            {letter.orderId !== null && <ButtonLink variant="default" to="/t/$tenant/orders/$order" params={{ tenant, order: letter.orderId }}>{t('failures:openOrder')}</ButtonLink>}
            {letter.editable && may('failures.correct') && <Button variant="default" onClick={() => { setOpen('correct') }}>{t('failures:correct.open')}</Button>}
            {may('failures.discard') && <Button variant="subtle" color="red" onClick={() => { setOpen('discard') }}>{t('failures:discard.open')}</Button>}
          </div>
        )}
      <Facts items={[
        [t('failures:column.inFull'), <bdi key="said">{letter.message}</bdi>],
        [t('failures:column.pack'), <Code key="pack">{letter.packVersion === null ? letter.pack : `${letter.pack} ${letter.packVersion}`}</Code>],
        [t('failures:column.handler'), stepName(letter.handler, t)],
        [t('failures:column.attempts'), <Count key="attempts" value={letter.attempts} />],
        [t('failures:column.since'), <Time key="since" value={letter.createdAt} />],
        [t('failures:column.last'), <Time key="last" value={letter.lastAttemptAt} />],
        [t('failures:column.event'), <Code key="event" quiet>{letter.eventId}</Code>],
        ...(letter.correlationId === null ? [] : [[t('failures:column.correlation'), <Code key="correlation" quiet>{letter.correlationId}</Code>] as const]),
      ]} />
      <section>
        <h3 className="small dim">{t('failures:payload')}</h3>
        <pre className={`code ${classes['payload'] ?? ''}`} dir="ltr" tabIndex={0} role="region" aria-label={t('failures:payload')}>{JSON.stringify(letter.payload, null, 2)}</pre>
      </section>
      <History letter={letter} />
    </div>
  )
}

/** Every try, and what was corrected between them, newest first. */
function History({ letter }: { letter: DeadLetter }): ReactNode {
  const { t } = useTranslation()
  if (letter.tries.length < 2 && letter.corrections.length === 0) return null
  return (
    <section>
      <h3 className="small dim">{t('failures:history.title')}</h3>
      <ol className={classes['history']}>
        {letter.tries.map(each => (
          <li key={each.try}>
            {letter.corrections.filter(({ afterTry }) => afterTry === each.try).map(correction => (
              <p key={correction.at}>{t('failures:history.corrected')} <Actor who={correction.by} /> · <Time value={correction.at} /> <q dir="auto">{correction.reason}</q></p>
            ))}
            <p>{t('failures:history.try', { n: each.try })} · <Time value={each.at} /> · <Code quiet>{each.code}</Code>{each.packVersion !== null && <> · <Code quiet>{each.packVersion}</Code></>}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The payload as it should have been, beside a reason; the original stays in the log. */
function Correct({ letter, onClose }: { letter: DeadLetter; onClose: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const [text, setText] = useState(() => JSON.stringify(letter.payload, null, 2))
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const correct = useCommand('correct-dead-letter', ({ failed }) => {
    notifications.show({ color: failed === 0 ? 'green' : 'yellow', message: t(failed === 0 ? 'failures:correct.through' : 'failures:correct.again', { about: letter.reference ?? letter.eventId }) })
    onClose()
  })
  const payload = parsed(text)
  const empty = reason.trim() === ''
  const escape = (event: KeyboardEvent): void => { if (event.key === 'Escape') { event.stopPropagation(); onClose() } }
  return (
    <form className={classes['discard']} onSubmit={event => {
      event.preventDefault()
      setAsked(true)
      if (payload !== null && !empty) correct.mutate({ tenant, id: letter.id, payload: payload.value, invocation: invocation(reason) })
    }}>
      <Textarea label={t('failures:correct.payload')} description={t('failures:correct.kept')} classNames={{ input: `code ${classes['payload'] ?? ''}` }} dir="ltr" autosize minRows={6} maxRows={20} value={text} autoFocus spellCheck={false}
        error={asked && payload === null ? t('failures:correct.noJson') : null} onChange={event => { setText(event.currentTarget.value) }} onKeyDown={escape} />
      <Textarea label={t('failures:correct.reason')} autosize minRows={2} maxRows={6} maxLength={1000} value={reason} withAsterisk
        error={asked && empty ? t('failures:correct.needed') : null} onChange={event => { setReason(event.currentTarget.value) }} onKeyDown={escape} />
      <RefusalAlert error={correct.error} />
      <div className={classes['buttons']}>
        <Button type="submit" loading={correct.isPending}>{t('failures:correct.submit')}</Button>
        <Button variant="default" onClick={onClose} disabled={correct.isPending}>{t('failures:discard.back')}</Button>
      </div>
    </form>
  )
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    // Half-typed JSON is no fault yet; the field says so when it is handed in.
    if (error instanceof SyntaxError) return null
    throw error
  }
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

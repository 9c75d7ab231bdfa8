import { Button, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { OrderReference } from '../../components/order-reference.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { Count, Time } from '../../components/values.tsx'
import { CaseResult, type ProfileCase } from './case-result.tsx'
import classes from './profile-cases.module.css'

/** One golden case: what goes in, what must come out, what comes out otherwise now, and its removal. */
export function CasePeek({ of, differences }: { of: ProfileCase; differences: readonly string[] | null }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const [removing, setRemoving] = useState(false)
  return (
    <div className={classes['peek']}>
      <p className={classes['plain']}><bdi>{of.title}</bdi></p>
      {may('profiles.edit') && <div><Button variant="default" onClick={() => { setRemoving(true) }}>{t('profile-cases:remove.open')}</Button></div>}
      <Facts items={[
        [t('profile-cases:column.result'), <CaseResult key="result" differences={differences} />],
        ...(of.from === null ? [[t('profile-cases:column.from'), t('profile-cases:withProfile')] as const] : [
          [t('profile-cases:column.order'), <OrderReference key="order" order={of.from.order} reference={of.reference ?? of.from.order} />] as const,
          [t('profile-cases:revision'), <Count key="revision" value={of.from.revision} />] as const,
          [t('profile-cases:column.from'), <span key="from"><Actor who={of.from.by} /> · <Time value={of.from.at} /></span>] as const,
        ]),
      ]} />
      {differences !== null && differences.length > 0 && (
        <section>
          <h3 className="small dim">{t('profile-cases:otherwise')}</h3>
          <ul className={classes['differences']}>{differences.map(each => <li key={each}><bdi dir="ltr" className="code">{each}</bdi></li>)}</ul>
        </section>
      )}
      <Shown title={t('profile-cases:expect')} value={of.expect} />
      <Shown title={t('profile-cases:input')} value={of.input} />
      {removing && <RemoveDialog title={of.title} onClose={() => { setRemoving(false) }} />}
    </div>
  )
}

function Shown({ title, value }: { title: string; value: unknown }): ReactNode {
  return (
    <section>
      <h3 className="small dim">{title}</h3>
      <pre className={`code ${classes['text'] ?? ''}`} dir="ltr" tabIndex={0} role="region" aria-label={title}>{JSON.stringify(value, null, 2)}</pre>
    </section>
  )
}

/** The case stays in the log; what it guarded is not guarded any more, so it asks for a reason. */
function RemoveDialog({ title, onClose }: { title: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const remove = useCommand('remove-case', ({ cases }) => {
    notifications.show({ color: 'green', message: t('profile-cases:remove.done', { title, count: cases }), closeButtonProps: { 'aria-label': t('common:close') } })
    onClose()
  })
  const empty = reason.trim() === ''
  return (
    <Dialog onClose={onClose} title={t('profile-cases:remove.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className={classes['form']} noValidate onSubmit={event => { event.preventDefault(); setAsked(true); if (!empty) remove.mutate({ tenant, title, invocation: invocation(reason) }) }}>
        <p className={classes['plain']}>{t('profile-cases:remove.text', { title })}</p>
        <Textarea label={t('common:reason')} value={reason} autosize minRows={2} maxLength={1000} withAsterisk data-autofocus error={asked && empty ? t('schema-form:error.needed') : null} onChange={event => { setReason(event.currentTarget.value) }} />
        <RefusalAlert error={remove.error} />
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose} disabled={remove.isPending}>{t('common:cancel')}</Button>
          <Button type="submit" color="red" loading={remove.isPending}>{t('profile-cases:remove.submit')}</Button>
        </div>
      </form>
    </Dialog>
  )
}

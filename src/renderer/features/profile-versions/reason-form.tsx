import { Button, Checkbox, Textarea } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { refusalCode } from '../../app/refusal.ts'
import { RefusalAlert } from '../../components/refusal.tsx'
import classes from './profile-versions.module.css'
import { AT_ONCE, effectiveAtOf, WhenFields } from './when-fields.tsx'

export interface Given { readonly reason: string; readonly effectiveAt: string | null; readonly acceptDifferences: boolean }

/**
 * Why, and if asked for from when: what it takes to have something count, or to take it back. Golden cases that turn out to differ can be
 * accepted here. Ctrl+Enter submits.
 */
export function ReasonForm({ label, danger = false, needed = true, when: asksWhen = false, differing = false, pending, error, children, onSubmit, onCancel }: {
  label: string; danger?: boolean; needed?: boolean; when?: boolean; differing?: boolean; pending: boolean; error: unknown; children?: ReactNode; onSubmit: (given: Given) => void; onCancel?: () => void
}): ReactNode {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [when, setWhen] = useState(AT_ONCE)
  const [accepted, setAccepted] = useState(false)
  const [asked, setAsked] = useState(false)
  const differs = differing || refusalCode(error) === 'KS-PROFILE-CASES-DIFFER'
  const missing = needed && reason.trim() === ''
  const effectiveAt = effectiveAtOf(when)
  const submit = (): void => {
    setAsked(true)
    if (!missing && effectiveAt !== undefined && !pending && (!differs || accepted)) onSubmit({ reason, effectiveAt, acceptDifferences: accepted })
  }
  return (
    <form className={classes['form']} noValidate onSubmit={event => { event.preventDefault(); submit() }}>
      <Textarea label={t('common:reason')} description={t('profile-versions:reasonHint')} autosize minRows={2} maxRows={6} maxLength={1000} value={reason} withAsterisk={needed}
        error={asked && missing ? t('schema-form:error.needed') : null} onChange={event => { setReason(event.currentTarget.value) }}
        onKeyDown={event => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit() } }} />
      {asksWhen && <WhenFields when={when} onWhen={setWhen} asked={asked} />}
      {children}
      {differs && <Checkbox label={t('profile-versions:acceptDifferences')} checked={accepted} error={asked && !accepted ? t('profile-versions:acceptNeeded') : null} onChange={event => { setAccepted(event.currentTarget.checked) }} />}
      <RefusalAlert error={error} />
      <div className={classes['buttons']}>
        <Button type="submit" {...(danger ? { color: 'red' } : {})} loading={pending}>{label}</Button>
        {onCancel !== undefined && <Button variant="default" disabled={pending} onClick={onCancel}>{t('common:cancel')}</Button>}
      </div>
    </form>
  )
}

import { Button, Textarea } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './approvals.module.css'

/** A rejection says why; the reason stays with the order. Ctrl+Enter rejects, Escape goes back. */
export function RejectForm({ count, reference, deciding, onReject, onCancel }: { count: number; reference: string; deciding: boolean; onReject: (reason: string) => void; onCancel: () => void }): ReactNode {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const empty = reason.trim() === ''
  const reject = (): void => {
    setAsked(true)
    if (!empty && !deciding) onReject(reason)
  }
  return (
    <form className={classes['reject']} onSubmit={event => { event.preventDefault(); reject() }}>
      <Textarea label={t('approvals:reject.reason')} description={t('approvals:reject.hint')} autosize minRows={2} maxRows={6} maxLength={1000} value={reason} autoFocus withAsterisk
        error={asked && empty ? t('approvals:reject.needed') : null} onChange={event => { setReason(event.currentTarget.value) }}
        onKeyDown={event => {
          if (event.key === 'Escape') { event.stopPropagation(); onCancel() }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); reject() }
        }} />
      <div className={classes['buttons']}>
        <Button type="submit" color="red" loading={deciding}>{t('approvals:reject.submit', { count, reference })}</Button>
        <Button variant="default" onClick={onCancel} disabled={deciding}>{t('approvals:reject.back')}</Button>
      </div>
    </form>
  )
}

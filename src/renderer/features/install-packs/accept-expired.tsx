import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { refusalCode } from '../../app/refusal.ts'
import classes from './install-packs.module.css'
import type { AcceptExpired } from './media.ts'

/** For media that has expired, and nothing else: two people take it with a reason, which stands in the record. */
export function AcceptExpiredForm({ error, pending, onAccept }: { error: Error | null; pending: boolean; onAccept: (accepted: AcceptExpired) => void }): ReactNode {
  const { t } = useTranslation()
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  if (refusalCode(error) !== 'KS-MEDIA-EXPIRED') return null
  const missing = (text: string): string | null => asked && text.trim() === '' ? t('schema-form:error.needed') : null
  const accept = (): void => {
    setAsked(true)
    if ([first, second, reason].every(text => text.trim() !== '')) onAccept({ by: [first.trim(), second.trim()], reason: reason.trim() })
  }
  return (
    <form noValidate onSubmit={event => { event.preventDefault(); accept() }} className={classes['narrow']}>
      <fieldset className={classes['people']}>
        <legend>{t('install-packs:expiredMedia.title')}</legend>
        <TextInput label={t('install-packs:expiredMedia.first')} value={first} error={missing(first)} withAsterisk onChange={event => { setFirst(event.currentTarget.value) }} />
        <TextInput label={t('install-packs:expiredMedia.second')} value={second} error={missing(second)} withAsterisk onChange={event => { setSecond(event.currentTarget.value) }} />
        <TextInput label={t('common:reason')} value={reason} error={missing(reason)} withAsterisk onChange={event => { setReason(event.currentTarget.value) }} />
      </fieldset>
      <div><Button type="submit" variant="default" loading={pending}>{t('install-packs:expiredMedia.submit')}</Button></div>
    </form>
  )
}

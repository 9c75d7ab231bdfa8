import { Button, Textarea, TextInput } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Install } from '../../app/installs.ts'
import { invocation, useCommand } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { InstallOutcome, SaveRecord } from '../../components/install-view.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import classes from './install-packs.module.css'
import { useAcceptedExpired } from './media.ts'
import type { InstallSearch } from './routes.tsx'

/** Last step: what came of it, its record to print and to keep, and what one does next. */
export function OutcomeStep({ install, search, go }: { install: Install; search: InstallSearch; go: (next: InstallSearch) => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { install: _install, ...before } = search
  return (
    <>
      <InstallOutcome install={install} />
      {install.state === 'succeeded' && <ExportRecord install={install} />}
      {install.error?.code === 'KS-PACK-PROFILE-CASES' && <AcceptDifferences install={install} search={search} go={go} />}
      <div className={classes['foot']}>
        <ButtonLink to="/t/$tenant/packs" params={{ tenant }}>{t('common:goTo.packs')}</ButtonLink>
        {install.state !== 'succeeded' && before.folder !== undefined && <Button variant="default" onClick={() => { go({ ...before, step: 'plan' }) }}>{t('install-packs:outcome.again')}</Button>}
        {install.state === 'succeeded' && <SaveRecord install={install} />}
        <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
      </div>
    </>
  )
}

/** Differences that are meant are said to be, with a reason that stands in the record. */
function AcceptDifferences({ install, search, go }: { install: Install; search: InstallSearch; go: (next: InstallSearch) => void }): ReactNode {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const accepted = useAcceptedExpired(install.folder)
  const start = useCommand('start-install', ({ install: next }) => { go({ ...search, install: next }) })
  const empty = reason.trim() === ''
  const submit = (): void => {
    setAsked(true)
    if (!empty) start.mutate({ folder: install.folder, packs: install.packs.map(({ pack, version }) => ({ pack, version })), tenants: [...search.tenants ?? []], acceptDifferences: true, ...accepted, invocation: invocation(reason) })
  }
  return (
    <form className={classes['narrow']} noValidate onSubmit={event => { event.preventDefault(); submit() }}>
      <p className={classes['plain']}>{t('install-packs:outcome.differences')}</p>
      <Textarea label={t('common:reason')} value={reason} autosize minRows={2} maxLength={1000} withAsterisk error={asked && empty ? t('schema-form:error.needed') : null} onChange={event => { setReason(event.currentTarget.value) }} />
      <RefusalAlert error={start.error} />
      <div><Button type="submit" color="red" loading={start.isPending}>{t('install-packs:outcome.accept')}</Button></div>
    </form>
  )
}

/** The record onto the stick that the packs came on. */
function ExportRecord({ install }: { install: Install }): ReactNode {
  const { t } = useTranslation()
  const [folder, setFolder] = useState(install.folder)
  const record = useCommand('export-install-record')
  return (
    <form className={classes['narrow']} noValidate onSubmit={event => { event.preventDefault(); record.mutate({ install: install.id, folder: folder.trim(), invocation: invocation() }) }}>
      <TextInput label={t('install-packs:outcome.exportTo')} description={t('install-packs:outcome.exportHint')} dir="ltr" value={folder} onChange={event => { setFolder(event.currentTarget.value); record.reset() }} />
      <RefusalAlert error={record.error} tone="warn" />
      {record.data !== undefined && <p role="status" className={classes['plain']}>{t('install-packs:outcome.exported')} <bdi dir="ltr" className="code">{record.data.files.join(', ')}</bdi></p>}
      <div><Button type="submit" variant="default" loading={record.isPending} disabled={folder.trim() === ''}>{t('install-packs:outcome.export')}</Button></div>
    </form>
  )
}

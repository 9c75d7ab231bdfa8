import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, type CommandOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Badge, type Tone } from '../../components/badge.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { Code, Count, Time } from '../../components/values.tsx'
import type { SiteStatus } from './site-problems.ts'
import classes from './site-status.module.css'

const TONES: Readonly<Record<SiteStatus['sync']['state'], Tone>> = { 'not-enrolled': 'neutral', 'in-step': 'ok', 'pushing': 'info', 'out-of-reach': 'warn', 'refused': 'bad', 'fork': 'bad' }

/** What central has and has not, sending it now, and enrolling with a one-time code. */
export function SyncSection({ status }: { status: SiteStatus }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const { sync } = status
  return (
    <div className={classes['sync']}>
      <Facts items={[
        [t('site-status:sync.state'), <Badge key="state" tone={TONES[sync.state]}>{t(`site-status:syncState.${sync.state}`)}</Badge>],
        ...(sync.central === null ? [] : [[t('site-status:sync.central'), <Code key="central">{sync.central}</Code>] as const]),
        ...(sync.state === 'not-enrolled' ? [] : [
          [t('site-status:sync.unsent'), <Count key="unsent" value={sync.unsent} />] as const,
          [t('site-status:sync.oldest'), sync.oldestUnsentAt === null ? '–' : <Time key="oldest" value={sync.oldestUnsentAt} as="ago" />] as const,
          [t('site-status:sync.lastContact'), sync.lastContactAt === null ? t('site-status:sync.never') : <Time key="contact" value={sync.lastContactAt} as="ago" />] as const,
        ]),
      ]} />
      {sync.reason !== null && sync.state !== 'in-step' && <p className="dim" style={{ margin: 0 }}>{sync.reason}</p>}
      {sync.state === 'not-enrolled'
        ? may('site.manage') ? <Enrol /> : <p className="dim" style={{ margin: 0 }}>{t('site-status:enrol.ask')}</p>
        : may('sync.run') && <SyncNow />}
    </div>
  )
}

function SyncNow(): ReactNode {
  const { t } = useTranslation()
  const [told, setTold] = useState<CommandOutput<'sync-now'> | null>(null)
  const sync = useCommand('sync-now', setTold)
  return (
    <>
      <div className={classes['buttons']}>
        <Button loading={sync.isPending} onClick={() => { setTold(null); sync.mutate({ invocation: invocation() }) }}>{t('site-status:sync.now')}</Button>
        <span role="status">{told !== null && t('site-status:sync.told', { pushed: told.pushed, pending: told.pending })}</span>
      </div>
      <RefusalAlert error={sync.error} />
    </>
  )
}

function Enrol(): ReactNode {
  const { t } = useTranslation()
  const [done, setDone] = useState<CommandOutput<'enrol-site'> | null>(null)
  const enrol = useCommand('enrol-site', setDone)
  const form = useForm({
    initialValues: { central: '', code: '' },
    validate: {
      central: value => (/^https?:\/\/[^\s/]+/.test(value.trim()) ? null : t('site-status:enrol.needAddress')),
      code: value => (value.trim() === '' ? t('site-status:enrol.needCode') : null),
    },
  })
  if (done !== null) return <p role="status">{t('site-status:enrol.told', { central: done.central })} <Code>{done.fingerprint}</Code></p>
  return (
    <form className={classes['enrol']} noValidate onSubmit={form.onSubmit(values => { enrol.mutate({ central: values.central.trim(), code: values.code.trim(), invocation: invocation() }) })}>
      <p style={{ margin: 0 }}>{t('site-status:enrol.text')}</p>
      <div className={classes['pair']}>
        <TextInput label={t('site-status:enrol.address')} placeholder="https://central.example:7200" dir="ltr" inputMode="url" {...form.getInputProps('central')} />
        <TextInput label={t('site-status:enrol.code')} dir="ltr" autoComplete="one-time-code" {...form.getInputProps('code')} />
      </div>
      <RefusalAlert error={enrol.error} />
      <div className={classes['buttons']}><Button type="submit" loading={enrol.isPending}>{t('site-status:enrol.submit')}</Button></div>
    </form>
  )
}

import { Button, PasswordInput, SegmentedControl } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isLocale, LOCALES } from '../../app/i18n.ts'
import { usePreferences } from '../../app/preferences.ts'
import { invocation, useCommand } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { MIN_PASSWORD } from '../../components/add-person.tsx'
import { Facts, Section } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { roleNames } from '../../app/role-names.ts'
import classes from './settings.module.css'

/** Language, look and density apply at once and follow the person to other windows; and the own password. */
export function OwnSettings(): ReactNode {
  const { t } = useTranslation()
  const { user } = useTenant()
  return (
    <>
      <Section title={t('settings:own.look')}><Look /></Section>
      <Section title={t('settings:own.who')}>
        <Facts items={[[t('settings:own.name'), <bdi key="name">{user.name}</bdi>], [t('settings:own.roles'), roleNames(user.roles, t)]]} />
      </Section>
      <Section title={t('settings:password.title')}><ChangePassword /></Section>
    </>
  )
}

function Look(): ReactNode {
  const { t } = useTranslation()
  const preferences = usePreferences()
  return (
    <>
      <div className={classes['choices']}>
        <Choice label={t('common:language')} value={preferences.locale} onChange={value => { if (isLocale(value)) preferences.setLocale(value) }}
          data={LOCALES.map(locale => ({ value: locale, label: t(`common:languageName.${locale}`) }))} />
        <Choice label={t('settings:own.theme')} value={preferences.theme} onChange={value => { if (value === 'light' || value === 'dark' || value === 'auto') preferences.setTheme(value) }}
          data={(['light', 'dark', 'auto'] as const).map(value => ({ value, label: t(`settings:theme.${value}`) }))} />
        <Choice label={t('settings:own.density')} value={preferences.density} onChange={value => { if (value === 'comfortable' || value === 'compact') preferences.setDensity(value) }}
          data={(['comfortable', 'compact'] as const).map(value => ({ value, label: t(`settings:density.${value}`) }))} />
      </div>
      <p className="dim small">{t('settings:own.atOnce')}</p>
    </>
  )
}

function Choice({ label, value, data, onChange }: { label: string; value: string; data: { value: string; label: string }[]; onChange: (value: string) => void }): ReactNode {
  return (
    <div className={classes['choice']}>
      <span className={classes['label']} aria-hidden="true">{label}</span>
      <SegmentedControl aria-label={label} value={value} data={data} onChange={onChange} />
    </div>
  )
}

function ChangePassword(): ReactNode {
  const { t } = useTranslation()
  const { user } = useTenant()
  const [done, setDone] = useState(false)
  const form = useForm({
    initialValues: { current: '', next: '', again: '' },
    validate: {
      current: value => (value === '' ? t('settings:password.needCurrent') : null),
      next: value => (value.length < MIN_PASSWORD ? t('settings:password.tooShort', { count: MIN_PASSWORD }) : null),
      again: (value, values) => (value === values.next ? null : t('settings:password.differs')),
    },
  })
  const change = useCommand('change-password', () => { setDone(true); form.reset() })
  const eye = { 'aria-label': t('settings:password.show') }
  return (
    <form className={classes['form']} noValidate onSubmit={form.onSubmit(({ current, next }) => { setDone(false); change.mutate({ current, next, invocation: invocation() }) })}>
      <input type="text" hidden readOnly autoComplete="username" value={user.name} />
      <PasswordInput label={t('settings:password.current')} autoComplete="current-password" visibilityToggleButtonProps={eye} {...form.getInputProps('current')} />
      <PasswordInput label={t('settings:password.next')} description={t('settings:password.hint', { count: MIN_PASSWORD })} autoComplete="new-password" visibilityToggleButtonProps={eye} {...form.getInputProps('next')} />
      <PasswordInput label={t('settings:password.again')} autoComplete="new-password" visibilityToggleButtonProps={eye} {...form.getInputProps('again')} />
      <RefusalAlert error={change.error} />
      <div className={classes['buttons']}>
        <Button type="submit" loading={change.isPending}>{t('settings:password.submit')}</Button>
        <span role="status">{done && t('settings:password.done')}</span>
      </div>
    </form>
  )
}

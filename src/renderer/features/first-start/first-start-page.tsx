import { Button, PasswordInput, Radio, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link, Navigate } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { issue, queryClient, useCommand, useEngineQuery, type CommandOutput } from '../../app/queries.ts'
import { roleNames } from '../../app/role-names.ts'
import { keepToken } from '../../app/token.ts'
import { Entrance } from '../../components/entrance.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import classes from './first-start.module.css'

type SetUp = CommandOutput<'set-up-site'>

/** The first start of a site: a demo to look around in, or one's own. Ends with how to sign in. */
export function FirstStartPage(): ReactNode {
  const { t } = useTranslation()
  const session = useEngineQuery('session', {})
  const [kind, setKind] = useState<'choose' | 'new'>('choose')
  const [done, setDone] = useState<SetUp | null>(null)
  const setUp = useCommand('set-up-site', answer => { setDone(answer) })
  useEffect(() => { document.title = `${t('first-start:title')} · Keelson` }, [t])

  // Whoever made a site of their own has just said who they are.
  const own = setUp.variables?.kind === 'new' ? setUp.variables : null
  if (done !== null) return <Outcome done={done} person={own ?? done.signIn[0] ?? null} />
  if (session.data === undefined) {
    return session.error === null ? <LoadingLines /> : <ErrorState error={session.error} onRetry={() => { void session.refetch() }} />
  }
  if (!session.data.setUpNeeded) return <Navigate to="/" replace />
  return (
    <Entrance title={kind === 'choose' ? t('first-start:title') : t('first-start:new.title')} wide>
      {kind === 'choose' && (
        <>
          <p className="dim">{t('first-start:text')}</p>
          <div className={classes['choices']}>
            <section>
              <h2>{t('first-start:demo.title')}</h2>
              <p>{t('first-start:demo.text')}</p>
              <Button onClick={() => { setUp.mutate({ kind: 'demo' }) }} loading={setUp.isPending}>{t('first-start:demo.action')}</Button>
            </section>
            <section>
              <h2>{t('first-start:new.title')}</h2>
              <p>{t('first-start:new.text')}</p>
              <Button variant="default" onClick={() => { setKind('new') }} disabled={setUp.isPending}>{t('first-start:new.action')}</Button>
            </section>
          </div>
          {setUp.isPending && <p role="status" className="dim small">{t('first-start:demo.working')}</p>}
          <RefusalAlert error={setUp.error} />
        </>
      )}
      {kind === 'new' && <NewSite onBack={() => { setKind('choose') }} setUp={setUp} />}
    </Entrance>
  )
}

const MIN_PASSWORD = 10

function NewSite({ onBack, setUp }: { onBack: () => void; setUp: ReturnType<typeof useCommand<'set-up-site'>> }): ReactNode {
  const { t } = useTranslation()
  const samples = useEngineQuery('sample-profiles', {})
  const form = useForm({
    initialValues: { siteName: '', tenant: '', profile: '', user: '', password: '', again: '' },
    validate: {
      siteName: value => value.trim() === '' ? t('first-start:need.siteName') : null,
      tenant: value => /^[a-z][a-z0-9-]{0,39}$/.test(value) ? null : t('first-start:need.tenant'),
      profile: value => value === '' ? t('first-start:need.profile') : null,
      user: value => value.trim() === '' ? t('first-start:need.user') : null,
      password: value => value.length < MIN_PASSWORD ? t('first-start:need.password', { count: MIN_PASSWORD }) : null,
      again: (value, values) => value === values.password ? null : t('first-start:need.again'),
    },
  })
  return (
    <form className={classes['form']} noValidate onSubmit={form.onSubmit(({ again: _, ...values }) => { setUp.mutate({ kind: 'new', ...values, siteName: values.siteName.trim(), user: values.user.trim() }) })}>
      <TextInput size="sm" label={t('first-start:field.siteName')} description={t('first-start:hint.siteName')} {...form.getInputProps('siteName')} autoFocus />
      <TextInput size="sm" label={t('first-start:field.tenant')} description={t('first-start:hint.tenant')} {...form.getInputProps('tenant')} dir="ltr" />
      {samples.error !== null && <RefusalAlert error={samples.error} />}
      <Radio.Group label={t('first-start:field.profile')} description={t('first-start:hint.profile')} {...form.getInputProps('profile')}>
        <div className={classes['profiles']}>
          {samples.data?.map(profile => <Radio key={profile.name} value={profile.name} label={t(`new-customer:template.${profile.name.split('/').at(-1)}.title`, { defaultValue: profile.title })} description={t(`new-customer:template.${profile.name.split('/').at(-1)}.text`, { defaultValue: profile.description })} />)}
        </div>
      </Radio.Group>
      <TextInput size="sm" label={t('first-start:field.user')} description={t('first-start:hint.user')} autoComplete="username" {...form.getInputProps('user')} />
      <div className={classes['pair']}>
        <PasswordInput size="sm" label={t('first-start:field.password')} autoComplete="new-password" {...form.getInputProps('password')} visibilityToggleButtonProps={{ 'aria-label': t('sign-in:showPassword') }} />
        <PasswordInput size="sm" label={t('first-start:field.again')} autoComplete="new-password" {...form.getInputProps('again')} visibilityToggleButtonProps={{ 'aria-label': t('sign-in:showPassword') }} />
      </div>
      <RefusalAlert error={setUp.error} />
      <div className={classes['buttons']}>
        <Button variant="default" onClick={onBack} disabled={setUp.isPending}>{t('first-start:back')}</Button>
        <Button type="submit" loading={setUp.isPending}>{t('first-start:new.submit')}</Button>
      </div>
    </form>
  )
}

function Outcome({ done, person }: { done: SetUp; person: { readonly user: string; readonly password: string } | null }): ReactNode {
  const { t } = useTranslation()
  const enter = async (): Promise<void> => {
    if (person !== null) keepToken((await issue('sign-in', { user: person.user, password: person.password })).token)
    await queryClient.resetQueries()
  }
  return (
    <Entrance title={t('first-start:done.title')} wide>
      <p>{t('first-start:done.text', { count: done.tenants.length, tenants: done.tenants.join(t('settings:listComma')) })}</p>
      {done.signIn.length > 0 && (
        <table className={classes['table']}>
          <caption>{t('first-start:done.caption')}</caption>
          <thead><tr><th scope="col">{t('sign-in:user')}</th><th scope="col">{t('sign-in:password')}</th><th scope="col">{t('first-start:done.roles')}</th></tr></thead>
          <tbody>{done.signIn.map(each => <tr key={each.user}><td><bdi>{each.user}</bdi></td><td><bdi dir="ltr" className="code">{each.password}</bdi></td><td>{roleNames(each.roles, t)}</td></tr>)}</tbody>
        </table>
      )}
      <Button component={Link} to="/" onClick={() => { void enter() }}>{t('first-start:done.action')}</Button>
    </Entrance>
  )
}

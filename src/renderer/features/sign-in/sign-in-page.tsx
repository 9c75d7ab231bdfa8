import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { roleNames } from '../../app/role-names.ts'
import { keepToken } from '../../app/token.ts'
import { Entrance } from '../../components/entrance.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import classes from './sign-in.module.css'

export function SignInPage(): ReactNode {
  const session = useEngineQuery('session', {}, { staleMs: 0 })
  const { to } = useSearch({ from: '/sign-in' })
  if (session.data === undefined) {
    return session.error === null ? <LoadingLines /> : <ErrorState error={session.error} onRetry={() => { void session.refetch() }} />
  }
  if (session.data.setUpNeeded) return <Navigate to="/first-start" replace />
  if (session.data.user !== null) return <Navigate to={to ?? '/'} replace />
  return <SignInForm demo={session.data.demoSignIn} to={to ?? '/'} />
}

function SignInForm({ demo, to }: { demo: QueryOutput<'session'>['demoSignIn']; to: string }): ReactNode {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const signIn = useCommand('sign-in', answer => {
    keepToken(answer.token)
    void queryClient.resetQueries().then(async () => { await navigate({ href: to, replace: true }) })
  })
  const form = useForm({
    mode: 'uncontrolled', initialValues: { user: '', password: '' },
    validate: {
      user: value => value.trim() === '' ? t('sign-in:needUser') : null,
      password: value => value === '' ? t('sign-in:needPassword') : null,
    },
  })
  useEffect(() => { document.title = `${t('sign-in:title')} · Keelson` }, [t])
  return (
    <Entrance title={t('sign-in:title')}>
      <form className={classes['form']} onSubmit={form.onSubmit(values => { signIn.mutate({ user: values.user.trim(), password: values.password }) })} noValidate>
        <TextInput label={t('sign-in:user')} autoComplete="username" autoFocus required size="sm" key={form.key('user')} {...form.getInputProps('user')} />
        <PasswordInput label={t('sign-in:password')} autoComplete="current-password" required size="sm" key={form.key('password')} {...form.getInputProps('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('sign-in:showPassword') }} />
        <RefusalAlert error={signIn.error} />
        <Button type="submit" size="sm" loading={signIn.isPending}>{t('sign-in:submit')}</Button>
      </form>
      {demo !== null && demo.length > 0 && (
        <section className={classes['demo']}>
          <h2>{t('sign-in:demoTitle')}</h2>
          <p className="dim small">{t('sign-in:demoText')}</p>
          <ul>
            {demo.map(each => (
              <li key={each.user}>
                <Button variant="default" fullWidth justify="space-between" disabled={signIn.isPending} onClick={() => { signIn.mutate({ user: each.user, password: each.password }) }}
                  rightSection={<span className="dim small">{roleNames(each.roles, t)}</span>}>
                  {t('sign-in:demoAs', { user: each.user })}
                </Button>
                <span className="small dim">{t('sign-in:demoPassword')} <bdi dir="ltr" className="code">{each.password}</bdi></span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Entrance>
  )
}

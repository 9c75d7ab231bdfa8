import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery } from '../../app/queries.ts'
import { LoadingLines } from '../../components/loading.tsx'
import { Section } from '../../components/page.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Time } from '../../components/values.tsx'
import { MIN_PASSWORD } from './own-settings.tsx'
import { roleName, roleNames, ROLES } from '../../app/role-names.ts'
import classes from './settings.module.css'

const EVERY_TENANT = '*'

/** Local users of the site; adding one. */
export function Users(): ReactNode {
  const { t } = useTranslation()
  const users = useEngineQuery('users', {})
  const [adding, setAdding] = useState(false)
  return (
    <Section title={t('settings:users.title')} aside={!adding && <Button onClick={() => { setAdding(true) }}>{t('settings:users.add')}</Button>}>
      {adding && <AddUser onClose={() => { setAdding(false) }} />}
      {users.data === undefined
        ? users.error === null ? <LoadingLines lines={4} /> : <ErrorState error={users.error} onRetry={() => { void users.refetch() }} />
        : (
          <div className={table['scroll']}>
            <table className={table['table']}>
              <thead><tr><th scope="col">{t('settings:users.name')}</th><th scope="col">{t('settings:own.roles')}</th><th scope="col">{t('settings:users.tenants')}</th><th scope="col">{t('settings:users.createdAt')}</th></tr></thead>
              <tbody>
                {users.data.map(user => (
                  <tr key={user.id}>
                    <th scope="row"><bdi>{user.name}</bdi></th>
                    <td>{roleNames(user.roles, t)}</td>
                    <td>{user.tenants.includes(EVERY_TENANT) ? t('settings:users.everyTenant') : user.tenants.map(tenant => <span key={tenant}><Code>{tenant}</Code>{' '}</span>)}</td>
                    <td><Time value={user.createdAt} as="date" /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Section>
  )
}

function AddUser({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation()
  const tenants = useEngineQuery('tenants', {})
  const form = useForm({
    initialValues: { user: '', password: '', roles: [] as string[], tenants: [] as string[] },
    validate: {
      user: value => (value.trim() === '' ? t('settings:users.needName') : null),
      password: value => (value.length < MIN_PASSWORD ? t('settings:password.tooShort', { count: MIN_PASSWORD }) : null),
      roles: value => (value.length === 0 ? t('settings:users.needRole') : null),
      tenants: value => (value.length === 0 ? t('settings:users.needTenant') : null),
    },
  })
  const create = useCommand('create-user', (_, input) => {
    notifications.show({ color: 'green', message: t('settings:users.added', { name: input.user }) })
    onClose()
  })
  const everywhere = form.values.tenants.includes(EVERY_TENANT)
  return (
    <form className={`${classes['form'] ?? ''} ${classes['wide'] ?? ''}`} style={{ marginBlockEnd: 'var(--mantine-spacing-xl)' }} noValidate
      onSubmit={form.onSubmit(values => { create.mutate({ ...values, user: values.user.trim(), invocation: invocation() }) })}>
      <div className={classes['pair']}>
        <TextInput label={t('settings:users.name')} autoComplete="off" autoFocus {...form.getInputProps('user')} />
        <PasswordInput label={t('settings:users.firstPassword')} description={t('settings:password.hint', { count: MIN_PASSWORD })} autoComplete="new-password" inputWrapperOrder={['label', 'input', 'description', 'error']}
          visibilityToggleButtonProps={{ 'aria-label': t('settings:password.show') }} {...form.getInputProps('password')} />
      </div>
      <Checkbox.Group label={t('settings:own.roles')} {...form.getInputProps('roles')}>
        <div className={classes['choices']} style={{ gap: 'var(--mantine-spacing-md)', marginBlock: 'var(--mantine-spacing-xs)' }}>
          {ROLES.map(role => <Checkbox key={role} value={role} label={roleName(role, t)} description={t(`settings:roleHint.${role}`)} style={{ width: '13rem' }} />)}
        </div>
      </Checkbox.Group>
      <Checkbox.Group label={t('settings:users.tenants')} {...form.getInputProps('tenants')} onChange={value => { form.setFieldValue('tenants', value.includes(EVERY_TENANT) && !everywhere ? [EVERY_TENANT] : value) }}>
        <div className={classes['choices']} style={{ gap: 'var(--mantine-spacing-md)', marginBlock: 'var(--mantine-spacing-xs)' }}>
          <Checkbox value={EVERY_TENANT} label={t('settings:users.everyTenant')} />
          {tenants.data?.map(each => <Checkbox key={each.tenant} value={each.tenant} label={each.title} disabled={everywhere} />)}
        </div>
      </Checkbox.Group>
      <RefusalAlert error={create.error ?? tenants.error} />
      <div className={classes['buttons']}>
        <Button type="submit" loading={create.isPending}>{t('settings:users.submit')}</Button>
        <Button variant="default" onClick={onClose} disabled={create.isPending}>{t('common:cancel')}</Button>
      </div>
    </form>
  )
}

import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery } from '../app/queries.ts'
import { roleName, ROLES } from '../app/role-names.ts'
import classes from './add-person.module.css'
import { RefusalAlert } from './refusal.tsx'
import { useFocusBack } from './use-focus-back.ts'

export const EVERY_TENANT = '*'
export const MIN_PASSWORD = 10

/** A new user of the site. With `tenant` they work there, and nowhere else is offered; `roles` are those that are wanted. */
export function AddPerson({ tenant, roles = [], onClose }: { tenant?: string; roles?: readonly string[]; onClose: () => void }): ReactNode {
  const { t } = useTranslation()
  useFocusBack()
  const tenants = useEngineQuery('tenants', {}, { enabled: tenant === undefined })
  const form = useForm({
    initialValues: { user: '', password: '', roles: [...roles], tenants: tenant === undefined ? [] : [tenant] },
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
    <form className={classes['form']} noValidate
      onSubmit={form.onSubmit(values => { create.mutate({ ...values, user: values.user.trim(), invocation: invocation() }) })}>
      <div className={classes['pair']}>
        <TextInput label={t('settings:users.name')} autoComplete="off" autoFocus {...form.getInputProps('user')} />
        <PasswordInput label={t('settings:users.firstPassword')} description={t('settings:password.hint', { count: MIN_PASSWORD })} autoComplete="new-password" inputWrapperOrder={['label', 'input', 'description', 'error']}
          visibilityToggleButtonProps={{ 'aria-label': t('settings:password.show') }} {...form.getInputProps('password')} />
      </div>
      <Checkbox.Group label={t('settings:own.roles')} {...form.getInputProps('roles')}>
        <div className={classes['choices']}>
          {ROLES.map(role => <Checkbox key={role} value={role} label={roleName(role, t)} description={t(`settings:roleHint.${role}`)} className={classes['role'] ?? ''} />)}
        </div>
      </Checkbox.Group>
      {tenant === undefined && (
        <Checkbox.Group label={t('settings:users.tenants')} {...form.getInputProps('tenants')} onChange={value => { form.setFieldValue('tenants', value.includes(EVERY_TENANT) && !everywhere ? [EVERY_TENANT] : value) }}>
          <div className={classes['choices']}>
            <Checkbox value={EVERY_TENANT} label={t('settings:users.everyTenant')} />
            {tenants.data?.map(each => <Checkbox key={each.tenant} value={each.tenant} label={each.title} disabled={everywhere} />)}
          </div>
        </Checkbox.Group>
      )}
      <RefusalAlert error={create.error ?? tenants.error} />
      <div className={classes['buttons']}>
        <Button type="submit" loading={create.isPending}>{t('settings:users.submit')}</Button>
        <Button variant="default" onClick={onClose} disabled={create.isPending}>{t('common:cancel')}</Button>
      </div>
    </form>
  )
}

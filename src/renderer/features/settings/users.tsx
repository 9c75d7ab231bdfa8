import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { AddPerson, EVERY_TENANT } from '../../components/add-person.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Section } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Time } from '../../components/values.tsx'
import { roleNames } from '../../app/role-names.ts'

/** Local users of the site; adding one. */
export function Users(): ReactNode {
  const { t } = useTranslation()
  const users = useEngineQuery('users', {})
  const [adding, setAdding] = useState(false)
  return (
    <Section title={t('settings:users.title')} aside={<Button display={adding ? 'none' : 'inline-block'} onClick={() => { setAdding(true) }}>{t('settings:users.add')}</Button>}>
      {adding && <AddPerson onClose={() => { setAdding(false) }} />}
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

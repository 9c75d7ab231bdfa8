import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts } from '../../components/page.tsx'
import { Code } from '../../components/values.tsx'
import { forgetDraft } from './customer-draft.ts'
import classes from './new-customer.module.css'
import { People } from './people.tsx'

/** Last step: the tenant is there, and takes its first order. */
export function OutcomeStep({ made }: { made: string }): ReactNode {
  const { t } = useTranslation()
  const { session, tenant, may } = useTenant()
  const navigate = useNavigate()
  const one = session.tenants.find(each => each.tenant === made)
  if (one === undefined) return <LoadingLines lines={3} />
  return (
    <>
      <h2 className={classes['done']} role="status">{t('new-customer:outcome.title', { title: one.title })}</h2>
      <p className={classes['plain']}>{t('new-customer:outcome.text')}</p>
      <Facts items={[[t('new-customer:field.title'), <bdi key="title">{one.title}</bdi>], [t('new-customer:field.tenant'), <Code key="tenant">{one.tenant}</Code>]]} />
      {may('users.manage') && <div className={classes['flush']}><People tenant={made} /></div>}
      <div className={classes['foot']}>
        {one.permissions.includes('orders.enter') && <ButtonLink to="/t/$tenant/new-order" params={{ tenant: made }}>{t('new-customer:outcome.order')}</ButtonLink>}
        {one.permissions.includes('imports.run') && <ButtonLink variant="default" to="/t/$tenant/import" params={{ tenant: made }}>{t('common:goTo.import')}</ButtonLink>}
        <ButtonLink variant="default" to="/t/$tenant/profile" params={{ tenant: made }}>{t('new-customer:outcome.profile')}</ButtonLink>
        <Button variant="default" onClick={() => { forgetDraft(); void navigate({ to: '/t/$tenant/new-customer', params: { tenant } }) }}>{t('new-customer:outcome.another')}</Button>
      </div>
    </>
  )
}

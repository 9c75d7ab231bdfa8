import { Link, Navigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { WizardSteps } from '../../components/wizard-steps.tsx'
import { BeginStep } from './begin-step.tsx'
import { CheckStep } from './check-step.tsx'
import { useCustomerDraft } from './customer-draft.ts'
import { CustomerStep } from './customer-step.tsx'
import classes from './new-customer.module.css'
import { OutcomeStep } from './outcome-step.tsx'
import { STEPS, type Step } from './routes.tsx'

/** A new customer in four steps: what to begin with, who it is, what has to be put right, and the tenant that takes its first order. */
export function NewCustomerPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const { step, made } = useSearch({ from: '/t/$tenant/new-customer' })
  const draft = useCustomerDraft()
  const title = t('new-customer:title')
  useBreadcrumbs(useMemo(() => [{ label: title }], [title]))
  if (!may('site.manage')) return <Page title={title}><EmptyState title={t('new-customer:notAllowed.title')} text={t('new-customer:notAllowed.text')} /></Page>
  const at: Step = made !== undefined ? 'outcome' : step ?? 'begin'
  if ((at === 'customer' || at === 'check') && draft.beginning === null) return <Navigate to="/t/$tenant/new-customer" params={{ tenant }} replace />
  if (at === 'check' && draft.tenant === '') return <Navigate to="/t/$tenant/new-customer" params={{ tenant }} search={{ step: 'customer' }} replace />
  return (
    <Page title={title}>
      <WizardSteps label={t('new-customer:steps')} current={at} steps={STEPS.map(each => ({
        id: each, text: t(`new-customer:step.${each}`),
        ...(at !== 'outcome' && each !== 'outcome' ? {
          back: (className: string | undefined, content: ReactNode) => <Link className={className} to="/t/$tenant/new-customer" params={{ tenant }} search={each === 'begin' ? {} : { step: each }} activeOptions={{ exact: true }}>{content}</Link>,
        } : {}),
      }))} />
      <div className={classes['body']}>
        {at === 'begin' && <BeginStep draft={draft} />}
        {at === 'customer' && draft.beginning !== null && <CustomerStep draft={draft} beginning={draft.beginning} />}
        {at === 'check' && draft.beginning !== null && <CheckStep draft={draft} beginning={draft.beginning} />}
        {at === 'outcome' && <OutcomeStep made={made ?? ''} />}
      </div>
    </Page>
  )
}

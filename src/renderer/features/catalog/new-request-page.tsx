import { Button, Checkbox, Radio, Select, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { REQUEST_OUTCOMES, suggestedOutcome, type RequestAnswers, type RequestOutcome } from '#engine/core/capability-request.ts'
import { useHoldOpen } from '../../app/hold-open.ts'
import { invocation, useCommand, useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import classes from './catalog.module.css'
import { similarTo } from './entries.ts'

const WHOSE = ['every', 'some', 'one'] as const

/** The short form that says where a request belongs, before anybody builds it. */
export function NewRequestPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may, session } = useTenant()
  const navigate = useNavigate()
  useBreadcrumbs(useMemo(() => [
    { label: t('common:nav.catalog'), to: '/t/$tenant/catalog', params: { tenant } }, { label: t('catalog:requests.title'), to: '/t/$tenant/catalog-requests', params: { tenant } }, { label: t('catalog:requests.new') },
  ], [t, tenant]))
  const form = useForm({
    initialValues: { title: '', text: '', customer: tenant as string | null, whose: 'one' as RequestAnswers['whose'], varies: false, breaksContract: false, exists: false, outcome: null as RequestOutcome | null, reason: '' },
    validate: { title: value => value.trim() === '' ? t('catalog:form.needTitle') : null, reason: value => value.trim() === '' ? t('catalog:form.needReason') : null },
  })
  const { title, whose, varies, breaksContract, exists, outcome } = form.values
  const answers: RequestAnswers = { whose, varies, breaksContract, exists }
  const suggested = suggestedOutcome(answers)
  const classify = useCommand('classify-request', kept => {
    notifications.show({ color: 'green', message: t('catalog:form.kept', { outcome: t(`catalog:outcome.${kept.outcome}`) }) })
    form.reset()
    void navigate({ to: '/t/$tenant/catalog-requests', params: { tenant }, search: { peek: kept.request } })
  })
  useHoldOpen(form.isDirty() && !classify.isSuccess ? 'unsaved' : null)
  if (!may('catalog.classify')) return <Page title={t('catalog:requests.new')}><EmptyState title={t('catalog:form.notAllowed.title')} text={t('catalog:form.notAllowed.text')} /></Page>
  return (
    <Page title={t('catalog:requests.new')}>
      <form className={classes['form']} noValidate onSubmit={form.onSubmit(values => {
        classify.mutate({ title: values.title.trim(), text: values.text.trim(), customer: values.customer, answers, reason: values.reason.trim(), invocation: invocation(), ...(values.outcome === null ? {} : { outcome: values.outcome }) })
      })}>
        <TextInput label={t('catalog:form.title')} description={t('catalog:form.titleHint')} withAsterisk maxLength={200} autoFocus {...form.getInputProps('title')} />
        <Similar title={title} />
        <Textarea autosize minRows={3} label={t('catalog:form.text')} maxLength={4000} {...form.getInputProps('text')} />
        <Select clearable label={t('catalog:form.customer')} placeholder={t('catalog:form.nobody')} data={session.tenants.map(each => ({ value: each.tenant, label: each.title }))} {...form.getInputProps('customer')} />
        <Radio.Group label={t('catalog:form.whose')} {...form.getInputProps('whose')}>
          <div className={classes['choices']}>{WHOSE.map(each => <Radio key={each} size="xs" value={each} label={t(`catalog:whose.${each}`)} />)}</div>
        </Radio.Group>
        <div className={classes['choices']} role="group" aria-label={t('catalog:form.more')}>
          <Checkbox label={t('catalog:answer.varies')} {...form.getInputProps('varies', { type: 'checkbox' })} />
          <Checkbox label={t('catalog:answer.breaksContract')} {...form.getInputProps('breaksContract', { type: 'checkbox' })} />
          <Checkbox label={t('catalog:answer.exists')} {...form.getInputProps('exists', { type: 'checkbox' })} />
        </div>
        <div className={classes['outcome']} aria-live="polite">
          <strong>{t('catalog:form.leads', { outcome: t(`catalog:outcome.${suggested}`) })}</strong>
          <span className="dim">{t(`catalog:outcomeMeans.${suggested}`)}</span>
        </div>
        <Select clearable label={t('catalog:form.outcome')} description={t('catalog:form.outcomeHint')} placeholder={t(`catalog:outcome.${suggested}`)} value={outcome} error={form.errors['outcome']}
          data={REQUEST_OUTCOMES.map(value => ({ value, label: t(`catalog:outcome.${value}`) }))} onChange={value => { form.setFieldValue('outcome', REQUEST_OUTCOMES.find(each => each === value) ?? null) }} />
        <Textarea autosize minRows={2} label={t('catalog:form.reason')} withAsterisk maxLength={2000} {...form.getInputProps('reason')} />
        {classify.error !== null && <RefusalAlert error={classify.error} />}
        <div className={classes['buttons']}>
          <Button variant="default" onClick={() => { void navigate({ to: '/t/$tenant/catalog-requests', params: { tenant } }) }}>{t('common:cancel')}</Button>
          <Button type="submit" loading={classify.isPending}>{t('catalog:form.keep')}</Button>
        </div>
      </form>
    </Page>
  )
}

/** What the catalog has already that sounds like it. */
function Similar({ title }: { title: string }): ReactNode {
  const { t, i18n } = useTranslation()
  const { tenant } = useTenant()
  const catalog = useEngineQuery('catalog', { locale: i18n.language })
  const found = useMemo(() => similarTo(title, catalog.data?.entries ?? []), [title, catalog.data])
  return (
    <div aria-live="polite">
      {found.length > 0 && (
        <>
          <span className="small dim">{t('catalog:form.similar')}</span>
          <ul className={classes['similar']}>{found.map(entry => <li key={entry.id}><Link to="/t/$tenant/catalog/$capability" params={{ tenant, capability: entry.id }}>{entry.title}</Link></li>)}</ul>
        </>
      )}
    </div>
  )
}

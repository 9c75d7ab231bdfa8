import { Autocomplete, Button, Modal, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useBlocker, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useHoldOpen } from '../../app/hold-open.ts'
import { intlLocale } from '../../app/i18n.ts'
import { invocation, issue, queryClient, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { refusalCode, shownRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useShortcuts } from '../../app/shortcuts.ts'
import { localDate, typedDate } from '../../app/typed-date.ts'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { DateField } from '../../components/date-field.tsx'
import { KeyHint } from '../../components/key-hint.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import { Code } from '../../components/values.tsx'
import { SchemaFields } from '../../components/schema-form.tsx'
import { LinesGrid } from './lines-grid.tsx'
import classes from './new-order.module.css'
import { documentOf, emptyForm, formOf, type FormErrors, type OrderForm } from './order-form.ts'
import { PricePreview } from './price-preview.tsx'
import { useEnteredAttributes } from './use-entered-attributes.ts'

const NO_ERRORS: FormErrors = new Map()

export function NewOrderPage(): ReactNode {
  const { tenant } = useParams({ from: '/t/$tenant/new-order' })
  const { amend } = useSearch({ from: '/t/$tenant/new-order' })
  return amend === undefined ? <NewOrder key={tenant} tenant={tenant} amended={null} /> : <AmendOrder key={amend} tenant={tenant} order={amend} />
}

function AmendOrder({ tenant, order }: { tenant: string; order: string }): ReactNode {
  const { t } = useTranslation()
  const page = useEngineQuery('order', { tenant, order }, { staleMs: 0 })
  const [begun, setBegun] = useState<QueryOutput<'order'> | null>(null)
  // What one types belongs to the revision it began from; a newer one is taken only when the person asks for it.
  if (begun === null && page.data !== undefined && !page.isFetching) setBegun(page.data)
  if (begun === null) return page.error === null ? <Page title={t('new-order:amend.loading')}><LoadingLines /></Page> : <ErrorState error={page.error} onRetry={() => { void page.refetch() }} />
  const renew = async (): Promise<void> => { setBegun((await page.refetch()).data ?? begun) }
  return <NewOrder key={begun.order.revision} tenant={tenant} amended={begun} newest={page.data?.order.revision ?? begun.order.revision} onRenew={() => { void renew() }} />
}

function NewOrder({ tenant, amended, newest, onRenew }: { tenant: string; amended: QueryOutput<'order'> | null; newest?: number; onRenew?: () => void }): ReactNode {
  const { t, i18n } = useTranslation()
  const { may } = useTenant()
  const locale = intlLocale(i18n.language)
  const [start] = useState(() => amended === null ? emptyForm(localDate(new Date())) : formOf(amended, locale))
  const [form, setForm] = useState<OrderForm>(start)
  const [errors, setErrors] = useState<FormErrors>(NO_ERRORS)
  const attributes = useEnteredAttributes(amended, locale)
  const { shown, entered } = attributes
  const meant = useMemo(() => documentOf(form, locale, amended, { shown, entered }), [form, locale, amended, shown, entered])
  const saving = useSaving(tenant, amended)
  const dirty = (form !== start || attributes.changed) && !saving.isSuccess
  const title = amended === null ? t('new-order:title') : t('new-order:amend.title', { reference: amended.order.reference })
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.orders'), to: '/t/$tenant/orders', params: { tenant } }, { label: title }], [t, tenant, title]))

  const change = (next: Partial<OrderForm>): void => { setForm(before => ({ ...before, ...next })); setErrors(NO_ERRORS) }
  const save = (submit: boolean): void => {
    const complete = attributes.check(submit)
    if (meant.document === null || !complete) {
      setErrors(meant.errors ?? NO_ERRORS)
      requestAnimationFrame(() => { document.querySelector<HTMLInputElement>('main [aria-invalid="true"]')?.focus() })
      return
    }
    saving.mutate({ document: meant.document, submit })
  }
  const latest = useRef(save)
  latest.current = save
  useShortcuts(useMemo(() => [{ keys: 'mod+enter', label: t(amended === null ? 'new-order:submit' : 'new-order:amend.submit'), group: 'page' as const, whileTyping: true, run: () => { latest.current(true) } }], [t, amended]))

  return (
    <Page title={title}>
      <LeaveGuard dirty={dirty} />
      <div className={classes['columns']}>
        <form className={classes['main']} noValidate onSubmit={event => { event.preventDefault() }}>
          <Head tenant={tenant} form={form} errors={errors} onChange={change} amending={amended !== null} />
          <LinesGrid tenant={tenant} lines={form.lines} errors={errors} onChange={next => { setForm(before => ({ ...before, lines: next(before.lines) })); setErrors(NO_ERRORS) }} />
          {attributes.fields.length > 0 && (
            <section className={classes['attributes']} aria-label={t('pack-pages:attributes.title')}>
              <h2 className={classes['h2']}>{t('pack-pages:attributes.title')}</h2>
              <SchemaFields fields={attributes.fields} values={attributes.values} complaints={attributes.complaints} words={attributes.words} onChange={attributes.change} />
            </section>
          )}
          <Complaints form={form} errors={errors} />
          {amended !== null && newest !== undefined && newest !== amended.order.revision && saving.error === null && <StaleNote revision={newest} onRenew={onRenew} />}
          <SaveError error={saving.error} onRenew={onRenew} />
          <div className={classes['buttons']}>
            <Button loading={saving.isPending} onClick={() => { save(true) }} rightSection={<KeyHint keys="mod+Enter" />}>{t(amended === null ? 'new-order:submit' : 'new-order:amend.submit')}</Button>
            {amended === null && <Button variant="default" disabled={saving.isPending} onClick={() => { save(false) }}>{t('new-order:draft')}</Button>}
            {amended !== null && <span className="small dim">{t('new-order:amend.text', { revision: amended.order.revision + 1 })}</span>}
          </div>
        </form>
        {may('decisions.try') && <PricePreview tenant={tenant} document={meant.document} />}
      </div>
    </Page>
  )
}

/** Draft and submit, or amend. The invocation stays the same while the person repeats the same order. */
function useSaving(tenant: string, amended: QueryOutput<'order'> | null) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const given = useRef<{ for: string; draft: ReturnType<typeof invocation>; submit: ReturnType<typeof invocation> } | null>(null)
  return useMutation({
    mutationFn: async ({ document, submit }: { document: NonNullable<ReturnType<typeof documentOf>['document']>; submit: boolean }) => {
      const text = JSON.stringify(document)
      if (given.current?.for !== text) given.current = { for: text, draft: invocation(), submit: invocation() }
      const { draft, submit: second } = given.current
      if (amended !== null) return await issue('amend-order', { tenant, orderId: amended.order.id, revision: amended.order.revision, document, invocation: draft })
      const drafted = await issue('draft-order', { tenant, document, invocation: draft })
      return submit ? await issue('submit-order', { tenant, orderId: drafted.orderId, revision: drafted.revision, invocation: second }) : drafted
    },
    onSuccess: (saved, { submit }) => {
      notifications.show({ color: 'green', message: t(amended !== null ? 'new-order:done.amended' : submit ? 'new-order:done.submitted' : 'new-order:done.drafted', { reference: saved.reference }) })
      void queryClient.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' })
      void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: saved.orderId }, ignoreBlocker: true })
    },
  })
}

function Head({ tenant, form, errors, onChange, amending }: { tenant: string; form: OrderForm; errors: FormErrors; onChange: (next: Partial<OrderForm>) => void; amending: boolean }): ReactNode {
  const { t, i18n } = useTranslation()
  const [asked] = useDebouncedValue(form.account, 120)
  const accounts = useEngineQuery('accounts', { tenant, search: asked, limit: 10 }, { keepPrevious: true, enabled: !amending })
  const organisation = useEngineQuery('organisation', { tenant }, { staleMs: 300_000 })
  const example = typedDate('2026-12-31', intlLocale(i18n.language))
  const wrong = (field: string): string | null => errors.has(field) ? t(`new-order:error.${errors.get(field)}`, { example }) : null
  const known = accounts.data?.find(account => account.code === form.account.trim())
  return (
    <div className={classes['head']}>
      <TextInput label={t('new-order:field.reference')} value={form.reference} error={wrong('reference')} readOnly={amending} variant={amending ? 'filled' : 'default'} required data-autofocus autoFocus={!amending} maxLength={200} dir="ltr"
        onChange={event => { onChange({ reference: event.currentTarget.value }) }} />
      <Autocomplete label={t('new-order:field.account')} value={form.account} error={wrong('account')} readOnly={amending} variant={amending ? 'filled' : 'default'} required data={accounts.data?.map(account => account.code) ?? []} filter={({ options }) => options}
        renderOption={({ option }) => <span className="clip"><Code>{option.value}</Code> <bdi className="dim">{accounts.data?.find(each => each.code === option.value)?.name}</bdi></span>}
        onChange={account => { onChange({ account }) }} />
      {known?.name === undefined || known.name === null
        ? <TextInput label={t('new-order:field.accountName')} value={form.accountName} readOnly={amending} variant={amending ? 'filled' : 'default'} maxLength={300} onChange={event => { onChange({ accountName: event.currentTarget.value }) }} />
        : <TextInput label={t('new-order:field.accountName')} value={known.name} readOnly variant="filled" />}
      <DateField label={t('new-order:field.placedOn')} value={form.placedOn} error={wrong('placedOn')} onChange={placedOn => { onChange({ placedOn }) }} />
      <TextInput label={t('new-order:field.currency')} placeholder={t('new-order:field.currencyHint')} value={form.currency} error={wrong('currency')} maxLength={3} dir="ltr"
        onChange={event => { onChange({ currency: event.currentTarget.value.toUpperCase() }) }} />
      <Select label={t('new-order:field.orgpath')} placeholder={t('new-order:field.orgpathHint')} clearable value={form.orgpath === '' ? null : form.orgpath}
        data={organisation.data?.map(node => ({ value: node.path, label: node.name })) ?? []} onChange={orgpath => { onChange({ orgpath: orgpath ?? '' }) }} />
    </div>
  )
}

function Complaints({ form, errors }: { form: OrderForm; errors: FormErrors }): ReactNode {
  const { t } = useTranslation()
  const ofLines = [...errors].filter(([field]) => field === 'lines' || field.includes('.'))
  if (ofLines.length === 0) return null
  return (
    <div role="alert">
      <ul className={classes['errors']}>
        {ofLines.map(([field, complaint]) => {
          const [key, name] = field.split('.')
          const line = form.lines.find(each => String(each.key) === key)
          return <li key={field}>{line === undefined ? t(`new-order:error.${complaint}`) : t('new-order:error.inLine', { line: line.id, field: t(`new-order:line.${name}`), complaint: t(`new-order:error.${complaint}`) })}</li>
        })}
      </ul>
    </div>
  )
}

function StaleNote({ revision, onRenew }: { revision: number; onRenew: (() => void) | undefined }): ReactNode {
  const { t } = useTranslation()
  return <p role="status">{t('new-order:amend.stale', { revision })} <Button variant="default" size="compact-xs" onClick={onRenew}>{t('new-order:amend.renew')}</Button></p>
}

/** A conflict is told plainly: somebody else was faster, and what one typed would land on something nobody saw. */
function SaveError({ error, onRenew }: { error: Error | null; onRenew: (() => void) | undefined }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useParams({ from: '/t/$tenant/new-order' })
  const navigate = useNavigate()
  if (error === null) return null
  const { values } = shownRefusal(error, t)
  const known = (refusalCode(error) === 'KS-ORDER-KNOWN-REFERENCE' || refusalCode(error) === 'KS-IMPORT-KNOWN-REFERENCE') && typeof values['orderId'] === 'string' ? values['orderId'] : null
  return (
    <RefusalAlert error={error} tone="warn">
      {refusalCode(error) === 'KS-ORDER-REVISION' && onRenew !== undefined && <Button variant="default" onClick={onRenew}>{t('new-order:amend.renew')}</Button>}
      {known !== null && <Button variant="default" onClick={() => { void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: known } }) }}>{t('orders:peek.open')}</Button>}
    </RefusalAlert>
  )
}

function LeaveGuard({ dirty }: { dirty: boolean }): ReactNode {
  const { t } = useTranslation()
  const blocker = useBlocker({ shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname, withResolver: true, enableBeforeUnload: false })
  useHoldOpen(dirty ? 'unsaved' : null)
  return (
    <Modal opened={blocker.status === 'blocked'} onClose={() => { blocker.reset?.() }} title={t('new-order:leave.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <p style={{ marginTop: 0 }}>{t('new-order:leave.text')}</p>
      <div className={classes['buttons']} style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={() => { blocker.reset?.() }} data-autofocus>{t('new-order:leave.stay')}</Button>
        <Button color="red" onClick={() => { blocker.proceed?.() }}>{t('new-order:leave.discard')}</Button>
      </div>
    </Modal>
  )
}

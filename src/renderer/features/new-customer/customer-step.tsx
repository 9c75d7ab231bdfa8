import { Button, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { currencyCodes, currencyName } from '../../app/currencies.ts'
import { ask, useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { changeDraft, customerOf, type Beginning, type CustomerDraft } from './customer-draft.ts'
import classes from './new-customer.module.css'
import { shortName } from './short-name.ts'

const NAME = /^[a-z][a-z0-9-]{0,39}$/

/** Second step: what the customer is called, to people and in addresses. */
export function CustomerStep({ draft, beginning }: { draft: CustomerDraft; beginning: Beginning }): ReactNode {
  const { t } = useTranslation()
  const { tenant: here } = useTenant()
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const { title, tenant } = draft
  const wrong = { title: title.trim() === '', tenant: !NAME.test(tenant) }
  const next = async (): Promise<void> => {
    setAsked(true)
    if (wrong.title || wrong.tenant) return
    setBusy(true)
    setProblem(null)
    try {
      await ask('prepare-customer', { beginning, customer: customerOf(draft) })
      await navigate({ to: '/t/$tenant/new-customer', params: { tenant: here }, search: { step: 'check' } })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className={classes['narrow']} noValidate onSubmit={event => { event.preventDefault(); void next() }}>
      <TextInput label={t('new-customer:field.title')} description={t('new-customer:hint.title')} value={title} maxLength={100} withAsterisk autoFocus autoComplete="off" error={asked && wrong.title ? t('new-customer:need.title') : null}
        onChange={event => {
          const next = event.currentTarget.value
          setProblem(null)
          // The short name follows the title until somebody gives it another.
          changeDraft({ title: next, ...(tenant === '' || tenant === shortName(title) ? { tenant: shortName(next) } : {}) })
        }} />
      <TextInput label={t('new-customer:field.tenant')} description={t('new-customer:hint.tenant')} value={tenant} maxLength={40} withAsterisk dir="ltr" autoComplete="off" spellCheck={false} error={asked && wrong.tenant ? t('new-customer:need.tenant') : null}
        onChange={event => { setProblem(null); changeDraft({ tenant: event.currentTarget.value }) }} />
      <Currency draft={draft} beginning={beginning} />
      {problem !== null && <RefusalAlert error={problem} />}
      <div className={classes['foot']}><Button type="submit" loading={busy}>{t('new-customer:next')}</Button></div>
    </form>
  )
}

/** What orders are in that state no currency, where the pricing of the profile can be told. */
function Currency({ draft, beginning }: { draft: CustomerDraft; beginning: Beginning }): ReactNode {
  const { t, i18n } = useTranslation()
  const stated = useEngineQuery('prepare-customer', { beginning }).data?.currency ?? null
  const data = useMemo(() => currencyCodes().map(code => ({ value: code, label: currencyName(code, i18n.language) })), [i18n.language])
  if (stated === null) return null
  const chosen = draft.currency ?? stated
  return (
    <Select label={t('new-customer:field.currency')} description={t('new-customer:hint.currency')} placeholder={t('new-customer:field.currencyOfOrder')} searchable data={data} value={chosen === '' ? null : chosen}
      nothingFoundMessage={t('value-form:nothingFound')} allowDeselect={false} clearable={stated === '' && draft.currency !== null} clearButtonProps={{ 'aria-label': t('value-form:clear', { name: t('new-customer:field.currency') }) }} onChange={currency => { changeDraft({ currency }) }} />
  )
}

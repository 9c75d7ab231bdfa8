import { Button, Textarea } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, queryClient, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { ProfileFindings } from '../../components/profile-findings.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Section } from '../../components/page.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code } from '../../components/values.tsx'
import { changeDraft, customerOf, type Beginning, type CustomerDraft } from './customer-draft.ts'
import classes from './new-customer.module.css'

type Prepared = QueryOutput<'prepare-customer'>

/** Third step: what the profile comes to, what is the matter with it, and the click that makes the tenant. */
export function CheckStep({ draft, beginning }: { draft: CustomerDraft; beginning: Beginning }): ReactNode {
  const { t } = useTranslation()
  const { tenant: here } = useTenant()
  const navigate = useNavigate()
  const customer = customerOf(draft)
  const prepared = useEngineQuery('prepare-customer', { beginning, customer, edits: draft.fixes.flat() }, { keepPrevious: true, staleMs: 0 })
  const create = useCommand('create-tenant', ({ tenant }) => {
    void queryClient.invalidateQueries({ queryKey: ['session'] })
    void navigate({ to: '/t/$tenant/new-customer', params: { tenant: here }, search: { made: tenant }, replace: true })
  })
  if (prepared.data === undefined) return prepared.error === null ? <LoadingLines /> : <ErrorState error={prepared.error} onRetry={() => { void prepared.refetch() }} />
  const { document, findings, notes, parts } = prepared.data
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return (
    <>
      <Notes notes={notes} />
      <div className={classes['flush']}>
        <Section title={t('new-customer:check.findings')} aside={draft.fixes.length > 0 && <Button variant="default" onClick={() => { changeDraft({ fixes: draft.fixes.slice(0, -1) }) }}>{t('new-customer:check.undo')}</Button>}>
          <div aria-live="polite">
            {findings.length === 0 ? <p className={classes['plain']}>{t('new-customer:check.none')}</p>
              : <ProfileFindings findings={findings} onFix={edits => { changeDraft({ fixes: [...draft.fixes, [...edits]] }) }} />}
          </div>
        </Section>
        {parts.length > 0 && <Parts parts={parts} />}
      </div>
      <Source key={document} document={document} open={errors > 0 || notes.some(({ code }) => code === 'amounts-kept')} onChanged={text => { changeDraft({ beginning: { from: 'document', document: text }, currency: null, fixes: [] }) }} />
      {prepared.error !== null && <RefusalAlert error={prepared.error} />}
      <RefusalAlert error={create.error} />
      <div className={classes['foot']}>
        <Button loading={create.isPending} disabled={errors > 0 || prepared.isPlaceholderData} onClick={() => { create.mutate({ tenant: customer.tenant, profile: document, invocation: invocation() }) }}>{t('new-customer:check.make', { title: customer.title })}</Button>
        {errors > 0 && <span className={classes['why']}>{t('new-customer:check.errors', { count: errors })}</span>}
      </div>
    </>
  )
}

function Notes({ notes }: { notes: Prepared['notes'] }): ReactNode {
  const { t } = useTranslation()
  if (notes.length === 0) return null
  return <ul className={classes['notes']}>{notes.map((note, index) => <li key={index}>{t(`new-customer:note.${note.code}`, note.values)}</li>)}</ul>
}

function Parts({ parts }: { parts: Prepared['parts'] }): ReactNode {
  const { t } = useTranslation()
  return (
    <Section title={t('settings:profile.capabilities')}>
      <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('settings:profile.capabilities')}>
        <table className={table['table']}>
          <thead><tr><th scope="col">{t('settings:profile.capability')}</th><th scope="col">{t('settings:profile.answeredBy')}</th><th scope="col">{t('settings:profile.packVersion')}</th></tr></thead>
          <tbody>
            {parts.map((part, index) => (
              <tr key={index}>
                <th scope="row">{t(`settings:capability.${part.capability}`, { defaultValue: part.capability })}</th>
                <td>{part.pack === null ? t('settings:profile.core') : <Code>{part.pack}</Code>}</td>
                <td>{part.version === null ? '–' : <Code>{part.version}</Code>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

/** The document itself, for what no click can put right. */
function Source({ document, open, onChanged }: { document: string; open: boolean; onChanged: (text: string) => void }): ReactNode {
  const { t } = useTranslation()
  const [text, setText] = useState(document)
  return (
    <details className={classes['more']} open={open}>
      <summary>{t('new-customer:check.source')}</summary>
      <Textarea className={classes['source'] ?? ''} aria-label={t('new-customer:check.source')} value={text} autosize minRows={8} maxRows={24} spellCheck={false} dir="ltr" onChange={event => { setText(event.currentTarget.value) }} />
      <div><Button variant="default" disabled={text === document} onClick={() => { onChanged(text) }}>{t('new-customer:check.apply')}</Button></div>
    </details>
  )
}

import { Select } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery, type CommandOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { ButtonLink } from '../../components/button-link.tsx'
import { RefusalBox } from '../../components/refusal.tsx'
import type { Check, Draft } from './check-step.tsx'
import classes from './profile-versions.module.css'
import { ReasonForm } from './reason-form.tsx'

export type Publication = CommandOutput<'publish-profile'>

/** Third step: why, from when, and which impact it relies on. */
export function PublishStep({ draft, check, impact: given, onPublished }: { draft: Draft; check: Check; impact: string | undefined; onPublished: (publication: Publication) => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const format = useFormat()
  const [impact, setImpact] = useState(given ?? null)
  const jobs = useEngineQuery('jobs', { tenant, limit: 50 })
  const runs = (jobs.data?.rows ?? []).flatMap(({ id, run, state, createdAt }) => run === null || state !== 'succeeded' ? [] : [{ value: id, label: `${format.dateTime(createdAt)} · ${t('profile-versions:impactRun', { orders: run.orders, changed: run.changed })}` }])
  const publish = useCommand('publish-profile', onPublished)
  return (
    <>
      {check.secondPerson && <p className={classes['plain']}>{t('profile-versions:secondPersonNote')}</p>}
      <ReasonForm label={check.secondPerson ? t('profile-versions:propose') : t('profile-versions:publishSubmit')} when differing={check.cases.mustPass && check.cases.differing.length > 0} pending={publish.isPending} error={publish.error}
        onSubmit={({ reason, effectiveAt, acceptDifferences }) => {
          publish.mutate({
            tenant, draft: { id: draft.id, revision: draft.revision }, ...(effectiveAt === null ? {} : { effectiveAt }), ...(impact === null ? {} : { impactRun: impact }), acceptDifferences, invocation: invocation(reason),
          })
        }}>
        {runs.length > 0 && <Select label={t('profile-versions:impact')} description={t('profile-versions:impactHint')} clearable clearButtonProps={{ 'aria-label': t('profile-versions:noImpact') }} data={runs} value={impact} onChange={setImpact} />}
      </ReasonForm>
    </>
  )
}

/** Last step: what came of it, and what one does next. */
export function OutcomeStep({ publication: { state, version, proposal } }: { publication: Publication }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return (
    <>
      <RefusalBox tone={state === 'active' ? 'ok' : 'info'} refusal={{ code: '', message: t(`profile-versions:done.${state}`, { version: version ?? 0 }), remedy: t(`profile-versions:next.${state}`) }} />
      <div className={classes['buttons']}>
        {version !== null && <ButtonLink to="/t/$tenant/profile/versions/$version" params={{ tenant, version: String(version) }}>{t('profile-versions:version', { version })}</ButtonLink>}
        {proposal !== null && version === null && <ButtonLink to="/t/$tenant/profile/proposals/$proposal" params={{ tenant, proposal }}>{t('profile-versions:proposal')}</ButtonLink>}
        <ButtonLink variant="default" to="/t/$tenant/profile/versions" params={{ tenant }}>{t('profile-versions:title')}</ButtonLink>
      </div>
    </>
  )
}

import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { refusalCode } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import { Time } from '../../components/values.tsx'
import { WizardSteps } from '../../components/wizard-steps.tsx'
import { CheckStep } from './check-step.tsx'
import { Comparison } from './comparison.tsx'
import classes from './profile-versions.module.css'
import { OutcomeStep, PublishStep, type Publication } from './publish-step.tsx'
import { STEPS, type Step } from './routes.tsx'

/** Publishing a draft: what stands against it, what it changes, why and from when, what came of it. */
export function PublishPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const { draft: draftId } = useSearch({ from: '/t/$tenant/profile/publish' })
  const title = t('profile-versions:publish')
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.profile'), to: '/t/$tenant/profile', params: { tenant } }, { label: title }], [t, tenant, title]))
  const [publication, setPublication] = useState<Publication | null>(null)
  const allowed = may('profiles.publish')
  const drafts = useEngineQuery('profile-drafts', { tenant }, { enabled: allowed })
  const chosen = draftId ?? drafts.data?.rows[0]?.id
  const draft = useEngineQuery('profile-draft', { tenant, draftId: chosen ?? '' }, { enabled: allowed && chosen !== undefined && publication === null, staleMs: 0 })
  if (!allowed) return <Page title={title}><EmptyState title={t('profile-versions:publishNotAllowed.title')} text={t('profile-versions:publishNotAllowed.text')} /></Page>
  if (publication !== null) return <Page title={title}><Steps current="outcome" /><div className={classes['body']}><OutcomeStep publication={publication} /></div></Page>
  if (chosen === undefined && drafts.data !== undefined) {
    return <Page title={title}><EmptyState title={t('profile-versions:noDraft.title')} text={t('profile-versions:noDraft.text')} action={{ label: t('profile-versions:edit'), to: '/t/$tenant/profile', params: { tenant } }} /></Page>
  }
  if (refusalCode(draft.error) === 'KS-DRAFT-UNKNOWN') return <Page title={title}><DraftGone error={draft.error} /></Page>
  if (draft.data === undefined) return draft.error === null ? <LoadingLines /> : <ErrorState error={draft.error} onRetry={() => { void draft.refetch() }} />
  return <Page title={title}><Publishing draft={draft.data} onPublished={setPublication} /></Page>
}

/** Somebody was faster: what they published, or that they threw the draft away. */
function DraftGone({ error }: { error: unknown }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const newest = useEngineQuery('profile-versions', { tenant, limit: 1 }).data?.rows[0]
  return (
    <div className={classes['body']}>
      <RefusalAlert error={error} tone="warn" />
      {newest !== undefined && (
        <p className={classes['plain']}>
          {t('profile-versions:newest')} <Link to="/t/$tenant/profile/versions/$version" params={{ tenant, version: String(newest.version) }}>{t('profile-versions:version', { version: newest.version })}</Link>
          {' · '}<Actor who={newest.by} /> · <Time value={newest.publishedAt} as="ago" />{newest.reason !== null && <> · <bdi>{newest.reason}</bdi></>}
        </p>
      )}
      <div><ButtonLink to="/t/$tenant/profile" params={{ tenant }}>{t('profile-versions:edit')}</ButtonLink></div>
    </div>
  )
}

function Publishing({ draft, onPublished }: { draft: QueryOutput<'profile-draft'>; onPublished: (publication: Publication) => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/profile/publish' })
  const check = useEngineQuery('check-publication', { tenant, draftId: draft.id }, { staleMs: 0 })
  const wished = search.step ?? 'check'
  const ready = check.data !== undefined && check.data.refusal === null && !check.data.outdated && !check.data.unchanged && check.data.scheduled === null
  // A step that the check does not let anybody reach yet shows the check.
  const step: Step = wished !== 'check' && wished !== 'outcome' && ready ? wished : 'check'
  const link = (to: Step, label: string): ReactNode => <ButtonLink to="/t/$tenant/profile/publish" params={{ tenant }} search={{ ...search, draft: draft.id, step: to }}>{label}</ButtonLink>
  return (
    <>
      <Steps current={step} />
      <div className={classes['body']}>
        {step === 'check' && (check.data === undefined
          ? check.error === null ? <><p className="dim" role="status">{t('profile-versions:checking')}</p><LoadingLines lines={6} /></> : <ErrorState error={check.error} onRetry={() => { void check.refetch() }} />
          : <><CheckStep draft={draft} check={check.data} />{ready && <div className={classes['foot']}>{link('changes', t('profile-versions:toChanges'))}</div>}</>)}
        {step === 'changes' && (
          <>
            <Comparison before={{ version: draft.active }} after={{ draftId: draft.id }} document={draft.source} view={search.show ?? 'words'}
              onView={show => { void navigate({ to: '/t/$tenant/profile/publish', params: { tenant }, search: { ...search, show }, replace: true }) }} />
            <div className={classes['foot']}>{link('publish', t('profile-versions:toReason'))}</div>
          </>
        )}
        {step === 'publish' && check.data !== undefined && <PublishStep draft={draft} check={check.data} impact={search.impact} onPublished={onPublished} />}
      </div>
    </>
  )
}

function Steps({ current }: { current: Step }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const search = useSearch({ from: '/t/$tenant/profile/publish' })
  return <WizardSteps label={t('profile-versions:steps')} current={current} steps={STEPS.map(step => ({
    id: step, text: t(`profile-versions:step.${step}`),
    ...(current === 'outcome' ? {} : {
      back: (className: string | undefined, content: ReactNode) => <Link className={className} to="/t/$tenant/profile/publish" params={{ tenant }} search={{ ...search, step }} activeOptions={{ exact: true }}>{content}</Link>,
    }),
  }))} />
}

import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { installEnded, useInstall } from '../../app/installs.ts'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { InstallProgress } from '../../components/install-view.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { WizardSteps } from '../../components/wizard-steps.tsx'
import { ContentsStep } from './contents-step.tsx'
import classes from './install-packs.module.css'
import { MediaStep } from './media-step.tsx'
import { OutcomeStep } from './outcome-step.tsx'
import { PlanStep } from './plan-step.tsx'
import { STEPS, type InstallSearch, type Step } from './routes.tsx'

/** Packs from media, in five steps: which media, what is on it and whether to trust it, what it will do, the checks, what came of it. */
export function InstallPacksPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const search = useSearch({ from: '/t/$tenant/install-packs' })
  const navigate = useNavigate()
  const title = t('install-packs:title')
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.packs'), to: '/t/$tenant/packs', params: { tenant } }, { label: title }], [t, tenant, title]))
  const go = useCallback((next: InstallSearch) => { void navigate({ to: '/t/$tenant/install-packs', params: { tenant }, search: next }) }, [navigate, tenant])
  if (!may('packs.install')) return <Page title={title}><EmptyState title={t('install-packs:notAllowed.title')} text={t('install-packs:notAllowed.text')} /></Page>
  return (
    <Page title={title}>
      {search.install === undefined ? <Choosing search={search} go={go} /> : <Running install={search.install} search={search} go={go} />}
    </Page>
  )
}

function Choosing({ search, go }: { search: InstallSearch; go: (next: InstallSearch) => void }): ReactNode {
  const { folder, step } = search
  const at: Step = folder === undefined || step === undefined ? 'media' : step
  return (
    <>
      <Steps current={at} search={search} />
      <div className={classes['body']}>
        {at === 'media' || folder === undefined
          ? <MediaStep folder={folder ?? ''} onChosen={chosen => { go({ step: 'contents', folder: chosen }) }} />
          : at === 'contents'
            ? <ContentsStep key={folder} folder={folder} chosen={search.packs} onChosen={packs => { go({ ...search, step: 'plan', packs: [...packs] }) }} />
            : <PlanStep folder={folder} packs={search.packs ?? []} tenants={search.tenants ?? []} onTenants={tenants => { go({ ...search, tenants: [...tenants] }) }} onStarted={install => { go({ ...search, install }) }} />}
      </div>
    </>
  )
}

function Running({ install: id, search, go }: { install: string; search: InstallSearch; go: (next: InstallSearch) => void }): ReactNode {
  const query = useInstall(id)
  const install = query.data
  if (install === undefined) return query.error === null ? <LoadingLines /> : <ErrorState error={query.error} onRetry={() => { void query.refetch() }} />
  const ended = installEnded(install)
  return (
    <>
      <Steps current={ended ? 'outcome' : 'run'} search={search} />
      <div className={classes['body']}>{ended ? <OutcomeStep install={install} search={search} go={go} /> : <InstallProgress install={install} />}</div>
    </>
  )
}

/** A step can be gone back to until the checks begin. */
function Steps({ current, search }: { current: Step; search: InstallSearch }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { step: _step, ...kept } = search
  return <WizardSteps label={t('install-packs:steps')} current={current} steps={STEPS.map(step => ({
    id: step, text: t(`install-packs:step.${step}`),
    ...(search.install === undefined && (step === 'media' || step === 'contents' || step === 'plan') ? {
      back: (className: string | undefined, content: ReactNode) => (
        <Link className={className} to="/t/$tenant/install-packs" params={{ tenant }} search={step === 'media' ? kept : { ...kept, step }} activeOptions={{ exact: true }}>{content}</Link>
      ),
    } : {}),
  }))} />
}

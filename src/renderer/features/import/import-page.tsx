import { Link, Navigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { hasEnded, useJob } from '../../components/use-job.ts'
import { WizardSteps } from '../../components/wizard-steps.tsx'
import { DryRunStep } from './dry-run-step.tsx'
import { FileStep } from './file-step.tsx'
import { useDraft } from './import-draft.ts'
import { RecognisedStep } from './recognised-step.tsx'
import { STEPS, type ImportSearch, type Step } from './routes.tsx'
import { ResultStep, RunStep } from './run-step.tsx'
import classes from './import.module.css'

/** File → what we recognised → dry run → run → result. The steps stand in the URL, the entries in the session. */
export function ImportPage(): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const search = useSearch({ from: '/t/$tenant/import' })
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.import') }], [t]))
  if (!may('imports.run')) return <Page title={t('import:title')}><EmptyState title={t('import:notAllowed.title')} text={t('import:notAllowed.text')} /></Page>
  return <Page title={t('import:title')}>{search.job === undefined ? <BeforeRun search={search} /> : <AfterStart search={search} jobId={search.job} />}</Page>
}

function BeforeRun({ search }: { search: ImportSearch }): ReactNode {
  const { tenant } = useTenant()
  const draft = useDraft(search.upload)
  const wished = search.step ?? 'file'
  // An upload of another session cannot be gone on with: begin again.
  if (wished !== 'file' && draft === null) return <Navigate to="/t/$tenant/import" params={{ tenant }} replace />
  return (
    <>
      <Steps current={wished} search={search} />
      <div className={classes['body']}>
        {wished === 'file' && <FileStep draft={draft} />}
        {wished === 'recognised' && draft !== null && <RecognisedStep draft={draft} />}
        {wished === 'dry-run' && draft !== null && <DryRunStep draft={draft} />}
      </div>
    </>
  )
}

function AfterStart({ search, jobId }: { search: ImportSearch; jobId: string }): ReactNode {
  const { tenant } = useTenant()
  const job = useJob(tenant, jobId)
  if (job.data === undefined) {
    return job.error === null ? <LoadingLines /> : <ErrorState error={job.error} onRetry={() => { void job.refetch() }} />
  }
  const step = hasEnded(job.data) ? 'result' : 'run'
  return (
    <>
      <Steps current={step} search={search} />
      <div className={classes['body']}>{step === 'run' ? <RunStep job={job.data} /> : <ResultStep job={job.data} search={search} />}</div>
    </>
  )
}

function Steps({ current, search: { upload } }: { current: Step; search: ImportSearch }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return <WizardSteps label={t('import:steps')} current={current} steps={STEPS.map(step => ({
    id: step, text: t(`import:step.${step}`),
    ...(step !== 'run' && step !== 'result' && upload !== undefined && current !== 'run' ? {
      back: (className: string | undefined, content: ReactNode) => <Link className={className} to="/t/$tenant/import" params={{ tenant }} search={{ step, upload }}>{content}</Link>,
    } : {}),
  }))} />
}

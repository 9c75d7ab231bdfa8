import { Link, Navigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { hasEnded, useJob } from '../../components/use-job.ts'
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
      <WizardSteps current={wished} search={search} />
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
      <WizardSteps current={step} search={search} />
      <div className={classes['body']}>{step === 'run' ? <RunStep job={job.data} /> : <ResultStep job={job.data} search={search} />}</div>
    </>
  )
}

/** Where the person is; a step that was taken can be gone back to and has lost nothing. */
function WizardSteps({ current, search }: { current: Step; search: ImportSearch }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant } = useTenant()
  const at = STEPS.indexOf(current)
  return (
    <ol className={classes['steps']} aria-label={t('import:steps')}>
      {STEPS.map((step, index) => {
        const content = <><span className={classes['number']} aria-hidden="true">{index < at ? '✓' : format.number(index + 1)}</span>{t(`import:step.${step}`)}</>
        const open = index < at && step !== 'run' && step !== 'result' && search.upload !== undefined && current !== 'run'
        return (
          <li key={step}>
            {open
              ? <Link className={classes['step']} to="/t/$tenant/import" params={{ tenant }} search={{ step, upload: search.upload }}>{content}<span className="sr-only"> ({t('common:step.done')})</span></Link>
              : <span className={classes['step']} aria-current={index === at ? 'step' : undefined}>{content}</span>}
          </li>
        )
      })}
    </ol>
  )
}

import { Button, Progress } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, issue, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { ImportCountsTable, ReasonsTable } from '../../components/import-counts.tsx'
import { AfterAWhile, LoadingLines } from '../../components/loading.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import { RejectsTable } from '../../components/rejects-table.tsx'
import { Code } from '../../components/values.tsx'
import type { ImportDraft } from './import-draft.ts'
import { importInput } from './import-input.ts'
import classes from './import.module.css'

/** Third step: everything is read, nothing is stored. */
export function DryRunStep({ draft }: { draft: ImportDraft }): ReactNode {
  const { tenant } = useTenant()
  const found = useEngineQuery('recognise-import', { tenant, uploadId: draft.file.uploadId }, { staleMs: Infinity })
  if (found.data === undefined) {
    return found.error === null ? <LoadingLines /> : <ErrorState error={found.error} onRetry={() => { void found.refetch() }} />
  }
  return <DryRun draft={draft} input={importInput(tenant, draft, found.data)} />
}

function DryRun({ draft, input }: { draft: ImportDraft; input: ReturnType<typeof importInput> }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const dryRun = useEngineQuery('dry-run-import', input, { staleMs: Infinity })
  const start = useMutation({
    mutationFn: async () => await issue('start-import', { ...input, invocation: invocation() }),
    onSuccess: ({ jobId }) => { void navigate({ to: '/t/$tenant/import', params: { tenant }, search: { upload: draft.file.uploadId, job: jobId } }) },
  })
  const accepted = dryRun.data?.counts.orders.accepted ?? 0
  return (
    <>
      {dryRun.isFetching && dryRun.data === undefined && (
        <AfterAWhile>
          <div className={classes['narrow']} role="status">
            <span>{t('import:dryRun.working', { name: draft.file.name })}</span>
            <Progress value={100} animated striped aria-label={t('import:dryRun.working', { name: draft.file.name })} />
          </div>
        </AfterAWhile>
      )}
      {dryRun.data !== undefined && <DryRunFound found={dryRun.data} />}
      <RefusalAlert error={dryRun.error}><Button variant="default" onClick={() => { void dryRun.refetch() }}>{t('common:error.retry')}</Button></RefusalAlert>
      <RefusalAlert error={start.error} />
      <div className={classes['foot']}>
        <ButtonLink variant="default" to="/t/$tenant/import" params={{ tenant }} search={{ step: 'recognised', upload: draft.file.uploadId }}>{t('import:back')}</ButtonLink>
        <Button onClick={() => { start.mutate() }} loading={start.isPending} disabled={accepted === 0}>{t('import:dryRun.run', { count: accepted })}</Button>
        <span className={classes['why']} role="status">{dryRun.data === undefined ? '' : accepted === 0 ? t('import:dryRun.nothing') : t('import:dryRun.notYet')}</span>
      </div>
    </>
  )
}

const SHOWN_ORDERS = 5

function DryRunFound({ found }: { found: QueryOutput<'dry-run-import'> }): ReactNode {
  const { t } = useTranslation()
  const { counts, firstOrders, firstRejects } = found
  return (
    <>
      <ImportCountsTable counts={counts} caption={t('import:dryRun.counts')} />
      <ReasonsTable reasons={counts.reasons} />
      {firstRejects.length > 0 && <RejectsTable rows={firstRejects} caption={t(firstRejects.length >= counts.lines.rejected ? 'import:dryRun.allRejects' : 'import:dryRun.firstRejects', { shown: firstRejects.length, count: counts.lines.rejected })} />}
      {firstOrders.length > 0 && (
        <section>
          <h2 className="small dim">{t('import:dryRun.firstOrders')}</h2>
          <ul className={classes['orders']}>
            {firstOrders.slice(0, SHOWN_ORDERS).map(order => (
              <li key={`${order.account} ${order.reference}`}>
                <Code>{order.reference}</Code> · <bdi>{order.account}</bdi> · <span className="dim num">{t('import:dryRun.lines', { count: order.lines.length })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

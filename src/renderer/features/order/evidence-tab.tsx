import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { engineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { Code, Count, Digest } from '../../components/values.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

const KINDS = ['validation', 'pricing', 'approval'] as const

/** What made each decision, the chain of the log, and the proof: decide again and compare. Times in UTC. */
export function EvidenceTab({ tenant, page }: { tenant: string; page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  return (
    <>
      {may('decisions.replay') && <RunAgain tenant={tenant} page={page} />}
      {KINDS.map(kind => {
        const decision = page.decisions[kind]
        return decision === null ? null : <Receipt key={kind} kind={kind} receipt={decision.receipt} />
      })}
      <section>
        <h2 className={classes['h2']}>{t('order:evidence.chain')}</h2>
        <div className={classes['tableWrap']} tabIndex={0} role="region" aria-label={t('order:evidence.chain')}>
          <table className={classes['table']}>
            <thead><tr><th scope="col">{t('order:evidence.position')}</th><th scope="col">{t('order:evidence.event')}</th><th scope="col">{t('order:evidence.time')}</th><th scope="col">{t('order:evidence.hash')}</th></tr></thead>
            <tbody>
              {page.events.map(event => (
                <tr key={event.id}><td><Code>{`${event.epoch}/${event.sequence}`}</Code></td><td><Code>{event.type}</Code></td><td><Code>{event.time}</Code></td><td><Digest value={event.hash} /></td></tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  )
}

function Receipt({ kind, receipt }: { kind: (typeof KINDS)[number]; receipt: NonNullable<OrderPageData['decisions']['pricing']>['receipt'] }): ReactNode {
  const { t } = useTranslation()
  return (
    <section>
      <h2 className={classes['h2']}>{t(`order:evidence.receipt.${kind}`)}</h2>
      <Facts items={[
        ...receipt.parts.flatMap(part => [
          [t('order:evidence.pack'), <Code key="p">{`${part.pack} ${part.version}`}</Code>],
          [t('order:evidence.contract'), <Code key="c">{`${part.contract} ${part.contractVersion}${part.adapter === null ? '' : ` (${part.adapter})`}`}</Code>],
          [t('order:evidence.packDigest'), <Digest key="d" value={part.digest} />],
          [t('order:evidence.configDigest'), <Digest key="g" value={part.configDigest} />],
        ] as const),
        [t('order:evidence.inputDigest'), <Digest key="i" value={receipt.inputDigest} />],
        [t('order:evidence.profile'), <Count key="v" value={receipt.profileVersion} />],
        [t('order:evidence.revision'), <Count key="r" value={receipt.revision} />],
        [t('order:evidence.position'), <Code key="o">{`${receipt.position.epoch}/${receipt.position.sequence}`}</Code>],
        [t('order:evidence.versions'), <Code key="e">{`core ${receipt.versions.core}, SES ${receipt.versions.ses}, V8 ${receipt.versions.v8}`}</Code>],
      ]} />
    </section>
  )
}

function RunAgain({ tenant, page }: { tenant: string; page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const replay = useQuery({ ...engineQuery('replay-decision', { tenant, order: page.order.id }), enabled: false, gcTime: 0 })
  const result: QueryOutput<'replay-decision'> | undefined = replay.data
  return (
    <section className={classes['stages']}>
      <div className={classes['row']}>
        <Button variant="default" loading={replay.isFetching} onClick={() => { void replay.refetch() }}>{t('order:evidence.again.action')}</Button>
        <span className="dim small">{t('order:evidence.again.text')}</span>
      </div>
      <RefusalAlert error={replay.error} />
      {result !== undefined && !replay.isFetching && (
        <RefusalBox tone={result.equal ? 'ok' : 'bad'} detail={result.equal ? undefined : <bdi dir="ltr" className="code">{result.differences.join(', ')}</bdi>}
          refusal={{ message: t(`order:evidence.again.${result.equal ? 'equal' : 'different'}`), remedy: result.equal ? '' : t('order:evidence.again.remedy'), code: `r${page.order.revision}` }} />
      )}
    </section>
  )
}

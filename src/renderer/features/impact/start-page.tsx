import { Button, Radio } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { Page, Section } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Count, Time } from '../../components/values.tsx'
import { CandidateFields, type CandidateInput } from './candidate-fields.tsx'
import classes from './impact.module.css'
import { emptyChoice, OrderChoiceFields, ordersOf } from './order-choice.tsx'

/** What would change: what to compare with, over which orders; and what was compared before. */
export function ImpactStartPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/impact' })
  const [candidate, setCandidate] = useState<CandidateInput | null>(null)
  const [choice, setChoice] = useState(emptyChoice)
  const [baseline, setBaseline] = useState<'active' | 'own'>('active')
  const start = useCommand('start-impact', ({ jobId }) => { void navigate({ to: '/t/$tenant/impact/$runId', params: { tenant, runId: jobId } }) })
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.impact') }], [t]))
  const orders = ordersOf(choice)
  return (
    <Page title={t('impact:title')}>
      <form className={classes['form']} onSubmit={event => {
        event.preventDefault()
        if (candidate !== null && orders !== null) start.mutate({ tenant, orders, candidate, baseline, invocation: invocation() })
      }}>
        <p className={classes['plain']}>{t('impact:intro')}</p>
        <CandidateFields tenant={tenant} given={search} onCandidate={setCandidate} />
        <OrderChoiceFields choice={choice} onChoice={setChoice} />
        <Radio.Group label={t('impact:baseline.label')} value={baseline} onChange={value => { setBaseline(value === 'own' ? 'own' : 'active') }}>
          <div className={classes['choices']}>
            <Radio value="active" label={t('impact:baseline.active')} />
            <Radio value="own" label={t('impact:baseline.own')} />
          </div>
        </Radio.Group>
        <RefusalAlert error={start.error} />
        <div className={classes['foot']}>
          <Button type="submit" loading={start.isPending} disabled={candidate === null || orders === null}>{t('impact:start')}</Button>
          <span className="dim small">{t('impact:harmless')}</span>
        </div>
      </form>
      <EarlierRuns tenant={tenant} />
    </Page>
  )
}

const SHOWN = 10

function EarlierRuns({ tenant }: { tenant: string }): ReactNode {
  const { t } = useTranslation()
  const jobs = useEngineQuery('jobs', { tenant, limit: 200 })
  const runs = (jobs.data?.rows ?? []).filter(job => job.kind === 'impact').slice(0, SHOWN)
  if (runs.length === 0) return null
  return (
    <Section title={t('impact:earlier.title')}>
      <div className={`${table['scroll']} ${classes['inset']}`}>
        <table className={table['table']}>
          <caption>{t('impact:earlier.kept')}</caption>
          <thead><tr>
            <th scope="col">{t('impact:candidate.label')}</th><th scope="col">{t('jobs:column.createdAt')}</th><th scope="col">{t('jobs:column.startedBy')}</th><th scope="col">{t('jobs:column.state')}</th>
            <th scope="col" className={table['end']}>{t('impact:counts.orders')}</th><th scope="col" className={table['end']}>{t('impact:counts.changed')}</th>
          </tr></thead>
          <tbody>
            {runs.map(job => (
              <tr key={job.id}>
                <th scope="row" aria-label={job.title}><Link to="/t/$tenant/impact/$runId" params={{ tenant, runId: job.id }}><bdi>{job.title}</bdi></Link></th>
                <td><Time value={job.createdAt} /></td><td><Actor who={job.startedBy} /></td><td>{t(`common:job.state.${job.state}`)}</td>
                <td className={table['end']}>{job.run !== null && <Count value={job.run.orders} />}</td><td className={table['end']}>{job.run !== null && <Count value={job.run.changed} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

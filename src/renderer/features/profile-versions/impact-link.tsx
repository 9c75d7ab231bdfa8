import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Code } from '../../components/values.tsx'

/** The impact run that a publication relied on. */
export function ImpactLink({ run }: { run: string }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { data } = useEngineQuery('job', { tenant, jobId: run })
  if (data?.run == null) return <Code>{run}</Code>
  return <Link to="/t/$tenant/impact/$runId" params={{ tenant, runId: run }}>{t('profile-versions:impactRun', { orders: data.run.orders, changed: data.run.changed })}</Link>
}

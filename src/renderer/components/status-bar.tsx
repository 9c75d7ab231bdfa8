import { Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineView } from '../app/engine-state.ts'
import { useEngineQuery, type QueryOutput } from '../app/queries.ts'
import { useTenant } from '../app/session.tsx'
import { useFormat, useNow } from '../app/use-format.ts'
import { Mark, type Tone } from './badge.tsx'
import classes from './status-bar.module.css'

type SiteStatus = QueryOutput<'site-status'>

const REFRESH_MS = 15_000

/** The line that never lies: engine, packs, unsent work, central. What it does not know, it says so. */
export function StatusBar(): ReactNode {
  const { tenant, may } = useTenant()
  const engine = useEngineView()
  const status = useEngineQuery('site-status', {}, { enabled: may('site.read'), refetchMs: REFRESH_MS, keepPrevious: true })
  const known = engine.reach === 'running' && !status.isError ? status.data : undefined
  return (
    <div className={classes['bar']}>
      <EnginePart reach={engine.reach} status={known} tenant={tenant} />
      {may('site.read') && (known === undefined ? <Unknown tenant={tenant} /> : <>
        <PacksPart status={known} tenant={tenant} />
        <UnsentPart status={known} tenant={tenant} />
        <CentralPart status={known} tenant={tenant} />
      </>)}
      <JobsPart tenant={tenant} />
    </div>
  )
}

function Part({ tone, text, hint, to, tenant, live = false }: { tone: Tone; text: string; hint?: string | null; to: string; tenant: string; live?: boolean }): ReactNode {
  const link = (
    <Link to={to} params={{ tenant }} className={classes['part']} data-tone={tone}>
      <Mark tone={tone} /><span aria-live={live ? 'polite' : undefined}>{text}</span>
    </Link>
  )
  return hint === undefined || hint === null ? link : <Tooltip label={hint}>{link}</Tooltip>
}

function Unknown({ tenant }: { tenant: string }): ReactNode {
  const { t } = useTranslation()
  return <Part tone="neutral" to="/t/$tenant/site-status" tenant={tenant} text={t('common:status.unknown')} />
}

function EnginePart({ reach, status, tenant }: { reach: ReturnType<typeof useEngineView>['reach']; status: SiteStatus | undefined; tenant: string }): ReactNode {
  const { t } = useTranslation()
  const state = reach === 'running' ? status?.engine.state ?? 'running' : reach
  const tone: Tone = state === 'running' ? 'ok' : state === 'restarting' || state === 'connecting' ? 'info' : state === 'read-only' || state === 'disk-full' ? 'warn' : 'bad'
  return <Part tone={tone} to="/t/$tenant/site-status" tenant={tenant} live text={t(`common:status.engine.${state}`)} hint={status?.engine.reason ?? null} />
}

function PacksPart({ status, tenant }: { status: SiteStatus; tenant: string }): ReactNode {
  const { t } = useTranslation()
  const packs = status.packs.filter(pack => pack.tenant === tenant)
  const unwell = packs.filter(pack => pack.state !== 'ready')
  const troubled = packs.filter(pack => pack.openDeadLetters > 0 || pack.saysUnwell)
  const restarting = status.packHosts.some(host => host.tenant === tenant && host.state === 'restarting')
  const tone: Tone = unwell.length > 0 ? 'bad' : troubled.length > 0 || restarting ? 'warn' : 'ok'
  const names = (unwell.length > 0 ? unwell : troubled).map(pack => pack.title)
  return (
    <Part tone={tone} to="/t/$tenant/site-status" tenant={tenant}
      text={t('common:status.packs', { ready: packs.length - unwell.length, all: packs.length })}
      hint={names.length > 0 ? t('common:status.packsUnwell', { names: names.join(t('settings:listComma')) }) : restarting ? t('common:status.packHostRestarting') : null} />
  )
}

function UnsentPart({ status, tenant }: { status: SiteStatus; tenant: string }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const { unsent, oldestUnsentAt, state, stalled, reason } = status.sync
  if (state === 'not-enrolled') return null
  const old = oldestUnsentAt === null ? 0 : now - Date.parse(oldestUnsentAt)
  return (
    <Part tone={unsent === 0 ? 'ok' : stalled ? 'bad' : old > 60 * 60_000 ? 'warn' : 'info'} hint={stalled ? reason : null} to="/t/$tenant/site-status" tenant={tenant}
      text={unsent === 0 || oldestUnsentAt === null
        ? t('common:status.allSent')
        : t('common:status.unsent', { count: unsent, age: format.ago(oldestUnsentAt, now) })} />
  )
}

function CentralPart({ status, tenant }: { status: SiteStatus; tenant: string }): ReactNode {
  const { t } = useTranslation()
  const { state, reason } = status.sync
  const tone: Tone = state === 'in-step' ? 'ok' : state === 'pushing' ? 'info' : state === 'out-of-reach' ? 'warn' : state === 'refused' || state === 'fork' ? 'bad' : 'neutral'
  return <Part tone={tone} to="/t/$tenant/site-status" tenant={tenant} text={t(`common:status.central.${state}`)} hint={reason} />
}

function JobsPart({ tenant }: { tenant: string }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const counts = useEngineQuery('order-counts', { tenant }, { enabled: may('orders.read'), keepPrevious: true })
  const running = counts.data?.runningJobs ?? 0
  if (running === 0) return null
  return <Part tone="info" to="/t/$tenant/jobs" tenant={tenant} text={t('common:status.jobs', { count: running })} />
}

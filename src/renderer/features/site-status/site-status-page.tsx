import { Button } from '@mantine/core'
import { IconPrinter, IconRefresh } from '@tabler/icons-react'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineView } from '../../app/engine-state.ts'
import { useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat, useNow } from '../../app/use-format.ts'
import { Badge } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts, Page, Section } from '../../components/page.tsx'
import { ErrorState, RefusalBox } from '../../components/refusal.tsx'
import { Code, Time } from '../../components/values.tsx'
import { PackHostsTable, PacksTable, TenantsTable } from './site-tables.tsx'
import { siteProblems, type SiteProblem, type SiteStatus } from './site-problems.ts'
import { SyncSection } from './sync-section.tsx'
import classes from './site-status.module.css'

const REFRESH_MS = 5000

/** Health of the site: first what is wrong and what to do, then every part of it. */
export function SiteStatusPage(): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const status = useEngineQuery('site-status', {}, { enabled: may('site.read'), refetchMs: REFRESH_MS, keepPrevious: true })
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.siteStatus') }], [t]))
  if (!may('site.read')) return <Page title={t('common:nav.siteStatus')}><EmptyState title={t('site-status:notAllowed.title')} text={t('site-status:notAllowed.text')} /></Page>
  return (
    <Page title={t('common:nav.siteStatus')} actions={<>
      <Button variant="default" leftSection={<IconRefresh size={14} />} loading={status.isFetching && status.data === undefined} onClick={() => { void status.refetch() }}>{t('site-status:refresh')}</Button>
      <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
    </>}>
      {status.data === undefined
        ? status.error === null ? <LoadingLines /> : <ErrorState error={status.error} onRetry={() => { void status.refetch() }} />
        : <SiteParts status={status.data} stale={status.isError} at={status.dataUpdatedAt} />}
    </Page>
  )
}

function SiteParts({ status, stale, at }: { status: SiteStatus; stale: boolean; at: number }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const engine = useEngineView()
  const old = stale || engine.reach !== 'running'
  const problems = siteProblems(status, now)
  return (
    <>
      <div className={classes['problems']} role="status">
        {old && <RefusalBox tone="warn" refusal={{ code: 'KS-CONSOLE-OUT-OF-REACH', message: t('site-status:stale.message', { time: format.exactTime(new Date(at).toISOString()) }), remedy: t('site-status:stale.remedy') }} />}
        {problems.length === 0 && !old && <div><Badge tone="ok">{t('site-status:well')}</Badge></div>}
        {problems.map(problem => <Problem key={`${problem.key} ${problem.tenant ?? ''} ${String(problem.values['pack'] ?? '')}`} problem={problem} />)}
      </div>
      <Section title={t('site-status:site.title')}>
        <Facts items={[
          [t('site-status:site.name'), <bdi key="name">{status.siteName}</bdi>],
          [t('site-status:site.engine'), <Badge key="engine" tone={status.engine.state === 'running' ? 'ok' : 'bad'}>{t(`site-status:engineState.${status.engine.state}`)}</Badge>],
          [t('site-status:site.startedAt'), <Time key="since" value={status.engine.startedAt} />],
          [t('site-status:site.version'), <Code key="version">{status.version}</Code>],
          [t('site-status:site.diskFree'), <bdi key="disk" className="num">{format.bytes(status.disk.freeBytes)}</bdi>],
          [t('site-status:site.memory'), <bdi key="memory" className="num">{format.bytes(status.memory.rssBytes)}</bdi>],
          [t('site-status:site.folder'), <Code key="folder">{status.disk.folder}</Code>],
          [t('site-status:site.id'), <Code key="id" quiet>{status.site}</Code>],
        ]} />
      </Section>
      <Section title={t('site-status:packs.title')}><PacksTable status={status} /></Section>
      <Section title={t('site-status:hosts.title')}><PackHostsTable status={status} /></Section>
      <Section title={t('site-status:sync.title')}><SyncSection status={status} /></Section>
      <Section title={t('site-status:tenants.title')}><TenantsTable status={status} /></Section>
    </>
  )
}

/** What is wrong, in a sentence, with what to do about it. */
function Problem({ problem }: { problem: SiteProblem }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant, session } = useTenant()
  const values = { ...problem.values, ...(typeof problem.values['freeBytes'] === 'number' ? { free: format.bytes(problem.values['freeBytes']) } : {}) }
  const message = t(`site-status:problem.${problem.key}.message`, values)
  const toFailures = problem.key === 'dead-letters' ? session.tenants.find(each => each.tenant === (problem.tenant ?? tenant)) : undefined
  return (
    <RefusalBox tone={problem.tone} refusal={{ code: problem.reason ?? '', message, remedy: t(`site-status:problem.${problem.key}.remedy`, values) }}>
      {toFailures !== undefined && <ButtonLink variant="default" to="/t/$tenant/failures" params={{ tenant: toFailures.tenant }}>{t('site-status:openFailures')}</ButtonLink>}
    </RefusalBox>
  )
}

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { refusalCode } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts, Page, Section } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { Time } from '../../components/values.tsx'
import { Comments } from './comments.tsx'
import { Comparison } from './comparison.tsx'
import { ImpactLink } from './impact-link.tsx'
import classes from './profile-versions.module.css'
import { ReasonForm } from './reason-form.tsx'
import { ProposalState } from './version-state.tsx'

/** What one person proposed and another accepts or declines. */
export function ProposalPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { proposal: id } = useParams({ from: '/t/$tenant/profile/proposals/$proposal' })
  const query = useEngineQuery('profile-proposal', { tenant, proposal: id })
  const title = t('profile-versions:proposal')
  useBreadcrumbs(useMemo(() => [
    { label: t('common:nav.profile'), to: '/t/$tenant/profile', params: { tenant } }, { label: t('profile-versions:title'), to: '/t/$tenant/profile/versions', params: { tenant } }, { label: title },
  ], [t, tenant, title]))
  if (refusalCode(query.error) === 'KS-PROPOSAL-UNKNOWN') return <Page title={title}><EmptyState title={t('profile-versions:noProposal.title')} text={t('profile-versions:noProposal.text')} /></Page>
  if (query.data === undefined) return query.error === null ? <LoadingLines /> : <ErrorState error={query.error} onRetry={() => { void query.refetch() }} />
  return <Detail proposal={query.data} title={title} />
}

function Detail({ proposal, title }: { proposal: QueryOutput<'profile-proposal'>; title: string }): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const { show } = useSearch({ from: '/t/$tenant/profile/proposals/$proposal' })
  const { base, decided, own, id } = proposal
  const [doing, setDoing] = useState<'accept' | 'decline' | null>(null)
  const told = (message: string): void => { notifications.show({ message, closeButtonProps: { 'aria-label': t('common:close') } }) }
  const accept = useCommand('accept-profile-proposal', ({ state, version }) => {
    told(t(`profile-versions:done.${state}`, { version: version ?? 0 }))
    if (version !== null) void navigate({ to: '/t/$tenant/profile/versions/$version', params: { tenant, version: String(version) } })
  })
  const decline = useCommand('decline-profile-proposal', () => { told(t('profile-versions:declined')); setDoing(null) })
  const withdraw = useCommand('withdraw-profile-proposal', () => { told(t('profile-versions:proposalWithdrawn')) })
  const open = proposal.state === 'open' && may('profiles.publish')
  return (
    <Page title={title} heading={<>{title} <ProposalState state={proposal.state} /></>} actions={open && (own
      ? <Button variant="default" loading={withdraw.isPending} onClick={() => { withdraw.mutate({ tenant, proposal: id, invocation: invocation() }) }}>{t('profile-versions:withdrawProposal')}</Button>
      : <>
          <Button disabled={proposal.outdated} onClick={() => { setDoing('accept') }}>{t('profile-versions:accept')}</Button>
          <Button variant="default" color="red" onClick={() => { setDoing('decline') }}>{t('profile-versions:decline')}</Button>
        </>)}>
      <RefusalAlert error={withdraw.error} />
      {open && own && <p className={classes['note']} role="status">{t('profile-versions:ownNote')}</p>}
      {open && proposal.outdated && <div className={classes['notice']}><RefusalBox tone="warn" refusal={{ code: 'KS-PROFILE-BASE', message: t('profile-versions:outdatedProposal', { base: base ?? 0 }), remedy: t('profile-versions:outdatedRemedy') }} /></div>}
      {doing === 'accept' && (
        <Section title={t('profile-versions:accept')}>
          <ReasonForm needed={false} label={t('profile-versions:acceptSubmit')} pending={accept.isPending} error={accept.error} onCancel={() => { setDoing(null) }} onSubmit={({ reason }) => { accept.mutate({ tenant, proposal: id, invocation: invocation(reason) }) }} />
        </Section>
      )}
      {doing === 'decline' && (
        <Section title={t('profile-versions:decline')}>
          <ReasonForm danger label={t('profile-versions:declineSubmit')} pending={decline.isPending} error={decline.error} onCancel={() => { setDoing(null) }} onSubmit={({ reason }) => { decline.mutate({ tenant, proposal: id, invocation: invocation(reason) }) }} />
        </Section>
      )}
      <Section title={t('profile-versions:origin')}>
        {proposal.reason !== null && <blockquote className={classes['reason']}><bdi>{proposal.reason}</bdi></blockquote>}
        <Facts items={[
          [t('profile-versions:proposedBy'), <Actor key="by" who={proposal.by} />], [t('profile-versions:proposedAt'), <Time key="at" value={proposal.at} />],
          ...(proposal.effectiveAt === null ? [] : [[t('profile-versions:effectiveAt'), <Time key="effective" value={proposal.effectiveAt} />] as const]),
          ...(base === null ? [] : [[t('profile-versions:madeFrom'), <Link key="base" to="/t/$tenant/profile/versions/$version" params={{ tenant, version: String(base) }}>{t('profile-versions:version', { version: base })}</Link>] as const]),
          ...(proposal.impactRun === null ? [] : [[t('profile-versions:impact'), <ImpactLink key="impact" run={proposal.impactRun} />] as const]),
          ...(proposal.differences.length === 0 ? [] : [[t('profile-versions:differences'), <ul key="differences" className={classes['plainList']}>{proposal.differences.map(each => <li key={each}><bdi>{each}</bdi></li>)}</ul>] as const]),
          ...(decided === null ? [] : [[t(`profile-versions:proposalState.${proposal.state}`), <span key="decided"><Actor who={decided.by} /> · <Time value={decided.at} />{decided.reason !== null && <>: <bdi>{decided.reason}</bdi></>}</span>] as const]),
        ]} />
      </Section>
      {proposal.comments.length > 0 && <Section title={t('profile-versions:comments')}><Comments comments={proposal.comments} /></Section>}
      <Section title={t('profile-versions:changed')}>
        <Comparison before={base === null ? null : { version: base }} after={{ proposal: id }} document={proposal.source} view={show ?? 'words'}
          onView={next => { void navigate({ to: '/t/$tenant/profile/proposals/$proposal', params: { tenant, proposal: id }, search: { show: next }, replace: true }) }} />
      </Section>
    </Page>
  )
}

import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { settled } from '../../app/search-params.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { Count, Digest, Time } from '../../components/values.tsx'
import { VersionState, type Proposal, type Version } from './version-state.tsx'
import classes from './profile-versions.module.css'

/** Every version of the profile, and what waits for a second person. */
export function VersionsPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const view = useSearch({ from: '/t/$tenant/profile/versions' })
  const allowed = may('profile.read')
  const versions = useEngineQuery('profile-versions', { tenant, limit: 200 }, { enabled: allowed, keepPrevious: true })
  const proposals = useEngineQuery('profile-proposals', { tenant }, { enabled: allowed, keepPrevious: true })
  const columns = useColumns(tenant)
  const title = t('profile-versions:title')
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.profile'), to: '/t/$tenant/profile', params: { tenant } }, { label: title }], [t, tenant, title]))
  if (!allowed) return <Page title={title}><EmptyState title={t('profile-versions:notAllowed.title')} text={t('profile-versions:notAllowed.text')} /></Page>
  const onView = (change: ListView): void => {
    const cols = 'cols' in change ? change.cols : view.cols
    void navigate({ to: '/t/$tenant/profile/versions', params: { tenant }, search: settled({ cols: cols === undefined ? undefined : [...cols] }), replace: true })
  }
  const waiting = (proposals.data?.rows ?? []).filter(({ state }) => state === 'open')
  return (
    <Page fill title={title} actions={<>
      <ListSettings columns={columns} view={view} onView={onView} />
      <ButtonLink variant="default" to="/t/$tenant/profile/cases" params={{ tenant }}>{t('profile-cases:link')}</ButtonLink>
      {may('profiles.edit') && <ButtonLink to="/t/$tenant/profile" params={{ tenant }}>{t('profile-versions:edit')}</ButtonLink>}
    </>}>
      {waiting.length > 0 && <Waiting proposals={waiting} />}
      {versions.error !== null && versions.data === undefined
        ? <ErrorState error={versions.error} onRetry={() => { void versions.refetch() }} />
        : (
          <DataList label={title} rows={versions.data?.rows ?? []} columns={columns} rowId={version => String(version.version)} rowLabel={version => t('profile-versions:version', { version: version.version })}
            view={view} onView={onView} loading={versions.data === undefined}
            onOpen={version => { void navigate({ to: '/t/$tenant/profile/versions/$version', params: { tenant, version: String(version.version) } }) }}
            empty={<EmptyState title={t('profile-versions:empty.title')} text={t('profile-versions:empty.text')} />} />
        )}
    </Page>
  )
}

/** Proposals that wait, those that the reader may decide first. */
function Waiting({ proposals }: { proposals: readonly Proposal[] }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return (
    <section className={classes['waiting']} aria-labelledby="profile-waiting">
      <h2 id="profile-waiting">{t('profile-versions:waiting', { count: proposals.length })}</h2>
      <ul>
        {proposals.toSorted((a, b) => Number(a.own) - Number(b.own)).map(proposal => (
          <li key={proposal.id}>
            <span><Actor who={proposal.by} /> · <Time value={proposal.at} as="ago" />{proposal.reason !== null && <> · <bdi>{proposal.reason}</bdi></>}</span>
            <ButtonLink size="xs" variant={proposal.own ? 'default' : 'filled'} to="/t/$tenant/profile/proposals/$proposal" params={{ tenant, proposal: proposal.id }}>
              {t(proposal.own ? 'profile-versions:lookAtOwn' : 'profile-versions:decide')}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

function useColumns(tenant: string): readonly ListColumn<Version>[] {
  const { t } = useTranslation()
  return useMemo((): readonly ListColumn<Version>[] => [
    {
      id: 'version', title: t('profile-versions:column.version'), width: '6rem', fixed: true,
      cell: row => <Link to="/t/$tenant/profile/versions/$version" params={{ tenant, version: String(row.version) }} tabIndex={-1}><Count value={row.version} /></Link>,
    },
    { id: 'state', title: t('profile-versions:column.state'), width: 'minmax(9rem, 14rem)', cell: row => <VersionState version={row} /> },
    { id: 'at', title: t('profile-versions:column.at'), width: '10rem', cell: row => <Time value={row.publishedAt} as="brief" /> },
    { id: 'by', title: t('profile-versions:column.by'), width: 'minmax(7rem, 12rem)', cell: row => <span className="clip"><Actor who={row.by} /></span> },
    {
      id: 'reason', title: t('profile-versions:column.reason'), width: 'minmax(10rem, 2fr)',
      cell: row => <span className="clip">{row.rolledBackTo !== null && <>{t('profile-versions:backTo', { version: row.rolledBackTo })} </>}<bdi>{row.reason ?? (row.rolledBackTo === null ? '–' : '')}</bdi></span>,
    },
    { id: 'comments', title: t('profile-versions:column.comments'), width: '6rem', align: 'end', optional: true, cell: row => <Count value={row.comments.length} /> },
    { id: 'digest', title: t('profile-versions:column.digest'), width: '12rem', optional: true, cell: row => <Digest value={row.digest} /> },
  ], [t, tenant])
}

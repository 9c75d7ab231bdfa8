import { Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts, Page, Section } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Code, Digest, Time } from '../../components/values.tsx'
import { Comments } from './comments.tsx'
import { Comparison } from './comparison.tsx'
import { ImpactLink } from './impact-link.tsx'
import classes from './profile-versions.module.css'
import { ReasonForm } from './reason-form.tsx'
import type { View } from './routes.tsx'
import { VersionState } from './version-state.tsx'

type VersionDetail = QueryOutput<'profile-version'>

/** One version: where it comes from, what it changed, and the ways back. */
export function VersionPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const version = Number(useParams({ from: '/t/$tenant/profile/versions/$version' }).version) || 0
  const query = useEngineQuery('profile-version', { tenant, version }, { enabled: version > 0 })
  const title = t('profile-versions:version', { version })
  useBreadcrumbs(useMemo(() => [
    { label: t('common:nav.profile'), to: '/t/$tenant/profile', params: { tenant } }, { label: t('profile-versions:title'), to: '/t/$tenant/profile/versions', params: { tenant } }, { label: title },
  ], [t, tenant, title]))
  if (query.data === undefined) return query.error === null && version > 0 ? <LoadingLines /> : <ErrorState error={query.error ?? new Error(title)} onRetry={() => { void query.refetch() }} />
  return <Detail key={version} version={query.data} title={title} />
}

type Doing = 'roll-back' | 'withdraw' | null

function Detail({ version, title }: { version: VersionDetail; title: string }): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const [doing, setDoing] = useState<Doing>(null)
  const begin = useCommand('begin-profile-draft', ({ draftId }) => { void navigate({ to: '/t/$tenant/profile', params: { tenant }, search: { draft: draftId } }) })
  const mayPublish = may('profiles.publish')
  return (
    <Page title={title} heading={<>{title} <VersionState version={version} /></>} actions={<>
      {mayPublish && version.state === 'scheduled' && <Button color="red" variant="default" onClick={() => { setDoing('withdraw') }}>{t('profile-versions:withdraw')}</Button>}
      {mayPublish && version.state === 'replaced' && <Button onClick={() => { setDoing('roll-back') }}>{t('profile-versions:rollBack')}</Button>}
      {may('profiles.edit') && <Button variant="default" loading={begin.isPending} onClick={() => { begin.mutate({ tenant, version: version.version, invocation: invocation() }) }}>{t('profile-versions:draftFrom')}</Button>}
      <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => { saveFile(`${tenant}-profile-${version.version}.yaml`, [version.source], 'application/yaml') }}>{t('profile-versions:saveFile')}</Button>
    </>}>
      <RefusalAlert error={begin.error} />
      {doing === 'roll-back' && <RollBack version={version.version} onDone={() => { setDoing(null) }} />}
      {doing === 'withdraw' && <Withdraw version={version.version} onDone={() => { setDoing(null) }} />}
      <Section title={t('profile-versions:origin')}><Origin version={version} /></Section>
      {version.comments.length > 0 && <Section title={t('profile-versions:comments')}><Comments comments={version.comments} /></Section>}
      <Section title={t('profile-versions:changed')}><Changed version={version} /></Section>
    </Page>
  )
}

function Origin({ version }: { version: VersionDetail }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { accepted, withdrawn, reason } = version
  const of = (to: number): ReactNode => <Link to="/t/$tenant/profile/versions/$version" params={{ tenant, version: String(to) }}>{t('profile-versions:version', { version: to })}</Link>
  return (
    <>
      {reason !== null && <blockquote className={classes['reason']}><bdi>{reason}</bdi></blockquote>}
      <Facts items={[
        [t('profile-versions:column.by'), <Actor key="by" who={version.by} />],
        [t('profile-versions:column.at'), <Time key="at" value={version.publishedAt} />],
        ...(accepted === null ? [] : [[t('profile-versions:acceptedBy'), <span key="accepted"><Actor who={accepted.by} />{accepted.reason !== null && <>: <bdi>{accepted.reason}</bdi></>}</span>] as const]),
        ...(version.effectiveAt === null ? [] : [[t('profile-versions:effectiveAt'), <Time key="effective" value={version.effectiveAt} />] as const]),
        ...(version.activatedAt === null ? [] : [[t('profile-versions:activatedAt'), <Time key="activated" value={version.activatedAt} />] as const]),
        ...(withdrawn === null ? [] : [[t('profile-versions:withdrawnBy'), <span key="withdrawn"><Actor who={withdrawn.by} /> · <Time value={withdrawn.at} />{withdrawn.reason !== null && <>: <bdi>{withdrawn.reason}</bdi></>}</span>] as const]),
        ...(version.rolledBackTo === null ? [] : [[t('profile-versions:rolledBackTo'), of(version.rolledBackTo)] as const]),
        ...(version.base === null ? [] : [[t('profile-versions:madeFrom'), of(version.base)] as const]),
        ...(version.impactRun === null ? [] : [[t('profile-versions:impact'), <ImpactLink key="impact" run={version.impactRun} />] as const]),
        ...(version.differences.length === 0 ? [] : [[t('profile-versions:differences'), <ul key="differences" className={classes['plainList']}>{version.differences.map(each => <li key={each}><bdi>{each}</bdi></li>)}</ul>] as const]),
        ...(Object.keys(version.site).length === 0 ? [] : [[t('profile-versions:siteValues'), (
          <ul key="site" className={classes['plainList']}>{Object.entries(version.site).map(([at, value]) => <li key={at}><Code>{at}</Code> <Code quiet>{JSON.stringify(value)}</Code></li>)}</ul>
        )] as const]),
        [t('profile-versions:packs'), <ul key="packs" className={classes['plainList']}>{version.packs.map(({ pack, version: packVersion }) => <li key={pack}><Code>{pack}</Code> <Code quiet>{packVersion ?? '?'}</Code></li>)}</ul>],
        [t('profile-versions:column.digest'), <Digest key="digest" value={version.digest} />],
      ]} />
    </>
  )
}

function Changed({ version: { version, base, source } }: { version: VersionDetail }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/profile/versions/$version' })
  const versions = useEngineQuery('profile-versions', { tenant, limit: 200 })
  const others = (versions.data?.rows ?? []).filter(each => each.version !== version).map(each => String(each.version))
  const chosen = search.with !== undefined && others.includes(search.with) ? Number(search.with) : base ?? (version > 1 ? version - 1 : null)
  const go = (change: { with?: string; show?: View }): void => {
    void navigate({ to: '/t/$tenant/profile/versions/$version', params: { tenant, version: String(version) }, search: { ...search, ...change }, replace: true })
  }
  return (
    <>
      {others.length > 0 && chosen !== null && (
        <Select className={classes['with'] ?? ''} label={t('profile-versions:comparedWith')} value={String(chosen)} allowDeselect={false} data={others.map(value => ({ value, label: t('profile-versions:version', { version: Number(value) }) }))}
          onChange={value => { if (value !== null) go({ with: value }) }} />
      )}
      <Comparison before={chosen === null ? null : { version: chosen }} after={{ version }} document={source} view={search.show ?? 'words'} onView={show => { go({ show }) }} />
    </>
  )
}

function RollBack({ version, onDone }: { version: number; onDone: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const check = useEngineQuery('check-publication', { tenant, version })
  const rollBack = useCommand('roll-back-profile', publication => {
    const { state, version: made, proposal } = publication
    notifications.show({ message: t(`profile-versions:done.${state}`, { version: made ?? 0 }), closeButtonProps: { 'aria-label': t('common:close') } })
    if (proposal !== null) void navigate({ to: '/t/$tenant/profile/proposals/$proposal', params: { tenant, proposal } })
    else if (made !== null) void navigate({ to: '/t/$tenant/profile/versions/$version', params: { tenant, version: String(made) } })
  })
  return (
    <Section title={t('profile-versions:rollBackTo', { version })}>
      <p className={classes['plain']}>{t('profile-versions:rollBackText', { version })}</p>
      {check.data?.secondPerson === true && <p className={classes['plain']}>{t('profile-versions:secondPersonNote')}</p>}
      {check.data?.refusal != null && <RefusalBox refusal={translateRefusal(check.data.refusal, t)} />}
      <ReasonForm label={t('profile-versions:rollBackSubmit', { version })} when differing={check.data !== undefined && check.data.cases.mustPass && check.data.cases.differing.length > 0} pending={rollBack.isPending} error={rollBack.error} onCancel={onDone}
        onSubmit={({ reason, effectiveAt, acceptDifferences }) => { rollBack.mutate({ tenant, version, ...(effectiveAt === null ? {} : { effectiveAt }), acceptDifferences, invocation: invocation(reason) }) }} />
    </Section>
  )
}

function Withdraw({ version, onDone }: { version: number; onDone: () => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const format = useFormat()
  const withdraw = useCommand('withdraw-profile-version', () => {
    notifications.show({ message: t('profile-versions:withdrawn', { version: format.number(version) }), closeButtonProps: { 'aria-label': t('common:close') } })
    onDone()
  })
  return (
    <Section title={t('profile-versions:withdrawTitle', { version })}>
      <p className={classes['plain']}>{t('profile-versions:withdrawText')}</p>
      <ReasonForm danger label={t('profile-versions:withdrawSubmit', { version })} pending={withdraw.isPending} error={withdraw.error} onCancel={onDone}
        onSubmit={({ reason }) => { withdraw.mutate({ tenant, version, invocation: invocation(reason) }) }} />
    </Section>
  )
}

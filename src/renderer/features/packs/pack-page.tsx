import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { PackPowers } from '../../components/pack-powers.tsx'
import { Facts, Page, Section } from '../../components/page.tsx'
import { ErrorState, RefusalBox } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Digest, Time } from '../../components/values.tsx'
import { PackControls } from './pack-controls.tsx'
import { HealthSection } from './pack-health.tsx'
import { PackStateBadge, UseBadge, type PackVersion } from './pack-state.tsx'
import { RemovalOutcome, type Removed } from './removal-outcome.tsx'
import classes from './packs.module.css'

/** One pack: its versions on this site, what the shown one may do, how it does for this tenant, and what can be done with it. */
export function PackPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, pack: id } = useParams({ from: '/t/$tenant/packs/$pack' })
  const { digest } = useSearch({ from: '/t/$tenant/packs/$pack' })
  const { may } = useTenant()
  const [removed, setRemoved] = useState<{ readonly what: Removed; readonly title: string } | null>(null)
  const packs = useEngineQuery('packs', {}, { enabled: may('packs.read') })
  const versions = packs.data?.filter(each => each.id === id) ?? []
  const shown = versions.find(each => each.digest === digest) ?? versions[0]
  const title = shown?.title ?? id
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.packs'), to: '/t/$tenant/packs', params: { tenant } }, { label: title }], [t, tenant, title]))
  // The pack may be gone from the list by now; what came of its removal stays until the person goes on.
  if (removed !== null) {
    return (
      <Page title={t('packs:removal.title', { pack: removed.title })} actions={<>
        <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
        <ButtonLink to="/t/$tenant/packs" params={{ tenant }}>{t('common:goTo.packs')}</ButtonLink>
      </>}><RemovalOutcome removed={removed.what} title={removed.title} /></Page>
    )
  }
  if (!may('packs.read')) return <Page title={title}><EmptyState title={t('packs:notAllowed.title')} text={t('packs:notAllowed.text')} /></Page>
  if (packs.data === undefined) return packs.error === null ? <LoadingLines /> : <ErrorState error={packs.error} onRetry={() => { void packs.refetch() }} />
  if (shown === undefined) return <Page title={id}><EmptyState title={t('packs:unknown.title', { pack: id })} text={t('packs:unknown.text')} action={{ label: t('common:goTo.packs'), to: '/t/$tenant/packs', params: { tenant } }} /></Page>
  return (
    <Page title={`${title} ${shown.version}`} heading={<><bdi>{title}</bdi> <bdi dir="ltr" className="dim">{shown.version}</bdi></>} actions={<>
      <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
      <PackControls pack={shown} versions={versions} onRemoved={what => { setRemoved({ what, title }) }} />
    </>}>
      <Shown pack={shown} />
      <HealthSection pack={shown} />
      <Section title={t('packs:versions.title')}><Versions tenant={tenant} versions={versions} shown={shown} /></Section>
    </Page>
  )
}

function Shown({ pack }: { pack: PackVersion }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant, may } = useTenant()
  const described = useEngineQuery('pack', { digest: pack.digest }, { staleMs: Infinity })
  const manifest = described.data?.manifest ?? null
  return (
    <>
      <div className={classes['body']}>
        {manifest !== null && <p className={classes['plain']}><bdi>{manifest.description}</bdi></p>}
        {pack.why !== null && (
          <RefusalBox refusal={translateRefusal(pack.why, t)} {...(pack.why.values?.['why'] == null ? {} : { detail: <bdi>{String(pack.why.values['why'])}</bdi> })}>
            {may('packs.install') && <ButtonLink variant="default" to="/t/$tenant/install-packs" params={{ tenant }}>{t('packs:install')}</ButtonLink>}
          </RefusalBox>
        )}
        {pack.contracts.filter(({ status }) => status === 'deprecated').map(({ contract, version, removedIn }) => (
          <RefusalBox key={`${contract} ${version}`} tone="warn" refusal={translateRefusal({ code: 'KS-PACK-DEPRECATED', message: '', remedy: '', values: { pack: pack.id, version: pack.version, contract, contractVersion: version, removedIn: removedIn ?? '–' } }, t)} />
        ))}
        <Facts items={[
          [t('packs:column.state'), <PackStateBadge key="state" state={pack.state} />],
          [t('packs:column.publisher'), <Code key="publisher">{pack.publisher}</Code>],
          [t('packs:column.id'), <Code key="id">{pack.id}</Code>],
          [t('packs:column.licence'), pack.licence === null ? t('packs:noLicence') : <Code key="licence">{pack.licence}</Code>],
          [t('packs:column.size'), <bdi key="size" className="num">{format.bytes(pack.bytes)}</bdi>],
          [t('packs:column.digest'), <Digest key="digest" value={pack.digest} />],
          [t('packs:column.installedAt'), pack.installedAt === null ? t('packs:withProduct') : <span key="at"><Time value={pack.installedAt} />{pack.installedBy !== null && <> · <Actor who={pack.installedBy} /></>}</span>],
          ...(pack.install === null ? [] : [[t('packs:record'), <Link key="record" to="/t/$tenant/installs/$install" params={{ tenant, install: pack.install }}>{t('packs:openRecord')}</Link>] as const]),
        ]} />
      </div>
      {described.error !== null && <ErrorState error={described.error} onRetry={() => { void described.refetch() }} />}
      {manifest !== null && <Section title={t('packs:powers.title')}><PackPowers powers={manifest} /></Section>}
    </>
  )
}

function Versions({ tenant, versions, shown }: { tenant: string; versions: readonly PackVersion[]; shown: PackVersion }): ReactNode {
  const { t } = useTranslation()
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('packs:versions.title')}>
      <table className={table['table']}>
        <thead><tr>{(['version', 'state', 'tenants', 'installedAt', 'digest'] as const).map(name => <th key={name} scope="col">{t(`packs:column.${name}`)}</th>)}</tr></thead>
        <tbody>
          {versions.map(pack => (
            <tr key={pack.digest}>
              <th scope="row">{pack.digest === shown.digest ? <Code>{pack.version}</Code> : <Link to="/t/$tenant/packs/$pack" params={{ tenant, pack: pack.id }} search={{ digest: pack.digest }}><bdi dir="ltr">{pack.version}</bdi></Link>}</th>
              <td><PackStateBadge state={pack.state} /></td>
              <td>{pack.tenants.length === 0 ? <span className="dim">{t('packs:nobody')}</span> : pack.tenants.map(use => (
                <div key={use.tenant}><Code>{use.tenant}</Code> <UseBadge state={use.state} /> <span className="dim">{t('packs:since')} <Time value={use.since} as="brief" /></span>{use.reason !== null && <div className="small dim"><bdi>{use.reason}</bdi></div>}</div>
              ))}</td>
              <td>{pack.installedAt === null ? t('packs:withProduct') : <Time value={pack.installedAt} />}</td>
              <td><Digest value={pack.digest} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

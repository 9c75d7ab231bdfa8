import { Link, useParams } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Badge, type Tone } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts, Page, Section } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Count } from '../../components/values.tsx'
import { StatusBadge } from './catalog-page.tsx'
import classes from './catalog.module.css'
import { type CatalogConstraint, type CatalogEntry, usageOf } from './entries.ts'
import { Contracts, UseBadge } from './use-mark.tsx'

/** One capability: what it is, through which contract and packs it comes, who uses it how, what goes with it. */
export function CapabilityPage(): ReactNode {
  const { t, i18n } = useTranslation()
  const { tenant, capability: id } = useParams({ from: '/t/$tenant/catalog/$capability' })
  const { may } = useTenant()
  const catalog = useEngineQuery('catalog', { locale: i18n.language }, { enabled: may('packs.read') })
  const entries = catalog.data?.entries
  const entry = useMemo(() => entries?.find(each => each.id === id), [entries, id])
  const title = entry?.title ?? id
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.catalog'), to: '/t/$tenant/catalog', params: { tenant } }, { label: title }], [t, tenant, title]))
  if (!may('packs.read')) return <Page title={title}><EmptyState title={t('catalog:notAllowed.title')} text={t('catalog:notAllowed.text')} /></Page>
  if (catalog.data === undefined) return catalog.error === null ? <LoadingLines /> : <ErrorState error={catalog.error} onRetry={() => { void catalog.refetch() }} />
  if (entry === undefined) return <Page title={id}><EmptyState title={t('catalog:unknown.title', { id })} text={t('catalog:unknown.text')} action={{ label: t('common:goTo.catalog'), to: '/t/$tenant/catalog', params: { tenant } }} /></Page>
  const constraints = catalog.data.constraints.filter(({ name }) => entry.constraints.includes(name))
  return (
    <Page title={title} heading={<bdi>{title}</bdi>}>
      <div className={classes['body']}>
        <p className={classes['plain']}><bdi>{entry.documentation}</bdi></p>
        <Facts items={[
          [t('catalog:column.zone'), t(`catalog:zone.${entry.zone}`)],
          [t('catalog:column.status'), <StatusBadge key="status" entry={entry} />],
          [t('catalog:statusMeans'), t(`catalog:meaning.${entry.status}`)],
          [t('catalog:column.contracts'), <Contracts key="contracts" entry={entry} />],
          [t('catalog:column.since'), <Code key="since">{entry.since}</Code>],
          [t('catalog:column.id'), <Code key="id">{entry.id}</Code>],
        ]} />
      </div>
      <Section title={t('catalog:users.title')} aside={<UseBadge use={usageOf(entry, tenant)} />}><Users entry={entry} /></Section>
      {entry.providers.length > 0 && (
        <Section title={t('catalog:providers.title')}>
          <div className={classes['inline']}>{entry.providers.map(({ pack, version }) => <Link key={`${pack} ${version}`} to="/t/$tenant/packs/$pack" params={{ tenant, pack }}><Code>{`${pack} ${version}`}</Code></Link>)}</div>
        </Section>
      )}
      <Section title={t('catalog:constraints.title')}>{constraints.length === 0 ? <p className="dim">{t('catalog:constraints.none')}</p> : <Constraints rows={constraints} />}</Section>
    </Page>
  )
}

function Users({ entry }: { entry: CatalogEntry }): ReactNode {
  const { t } = useTranslation()
  if (entry.usedBy.length === 0) return <p className="dim">{t('catalog:users.none')}</p>
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('catalog:users.title')}>
      <table className={table['table']}>
        <thead><tr><th scope="col">{t('catalog:users.tenant')}</th><th scope="col" className={table['end']}>{t('catalog:users.version')}</th><th scope="col">{t('catalog:users.options')}</th></tr></thead>
        <tbody>
          {entry.usedBy.map(({ tenant, profileVersion, options }) => (
            <tr key={tenant}>
              <th scope="row"><Code>{tenant}</Code></th>
              <td className={table['end']}><Count value={profileVersion} /></td>
              <td>{options.length === 0 ? <span className="dim">–</span> : options.map(({ path, value }) => <div key={path}><Code quiet>{path}</Code> <bdi>{value}</bdi></div>)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const TONES: Readonly<Record<CatalogConstraint['kind'], Tone>> = { requires: 'bad', conflicts: 'bad', recommends: 'info', discourages: 'warn' }

function Constraints({ rows }: { rows: readonly CatalogConstraint[] }): ReactNode {
  const { t } = useTranslation()
  return (
    <ul className={classes['constraints']}>
      {rows.map(({ name, kind, because }) => (
        <li key={name}>
          <span><Badge tone={TONES[kind]}>{t(`catalog:kind.${kind}`)}</Badge> <Code quiet>{name}</Code></span>
          <bdi>{because}</bdi>
        </li>
      ))}
    </ul>
  )
}

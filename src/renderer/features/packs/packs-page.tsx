import { IconPackageImport } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { settled } from '../../app/search-params.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { Code, Time } from '../../components/values.tsx'
import { ContractStatus, HealthBadge, PackStateBadge, UseBadge, type PackHealth, type PackVersion } from './pack-state.tsx'
import classes from './packs.module.css'

/** Every pack version of the site: its state, who runs it, how it does for this tenant. */
export function PacksPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const view = useSearch({ from: '/t/$tenant/packs' })
  const allowed = may('packs.read')
  const packs = useEngineQuery('packs', {}, { enabled: allowed, keepPrevious: true })
  const health = useEngineQuery('pack-health', { tenant }, { enabled: allowed, keepPrevious: true })
  const columns = useColumns(tenant, health.data)
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.packs') }], [t]))
  if (!allowed) return <Page title={t('common:nav.packs')}><EmptyState title={t('packs:notAllowed.title')} text={t('packs:notAllowed.text')} /></Page>
  const onView = (change: ListView): void => {
    const cols = 'cols' in change ? change.cols : view.cols
    void navigate({ to: '/t/$tenant/packs', params: { tenant }, search: settled({ cols: cols === undefined ? undefined : [...cols] }), replace: true })
  }
  return (
    <Page fill title={t('common:nav.packs')} actions={<>
      <ListSettings columns={columns} view={view} onView={onView} />
      <ButtonLink variant="default" to="/t/$tenant/installs" params={{ tenant }}>{t('packs:history.title')}</ButtonLink>
      {may('packs.install') && <ButtonLink to="/t/$tenant/install-packs" params={{ tenant }} leftSection={<IconPackageImport size={14} />}>{t('packs:install')}</ButtonLink>}
    </>}>
      {packs.error !== null && packs.data === undefined
        ? <ErrorState error={packs.error} onRetry={() => { void packs.refetch() }} />
        : (
          <DataList label={t('common:nav.packs')} rows={packs.data ?? []} columns={columns} rowId={pack => pack.digest} rowLabel={pack => `${pack.title} ${pack.version}`} view={view} onView={onView}
            loading={packs.data === undefined} onOpen={pack => { void navigate({ to: '/t/$tenant/packs/$pack', params: { tenant, pack: pack.id }, search: { digest: pack.digest } }) }}
            empty={<EmptyState title={t('packs:empty.title')} text={t('packs:empty.text')} />} />
        )}
    </Page>
  )
}

function useColumns(tenant: string, health: readonly PackHealth[] | undefined): readonly ListColumn<PackVersion>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo(() => [
    { id: 'title', title: t('packs:column.title'), width: 'minmax(11rem, 1.5fr)', fixed: true, cell: pack => <Link to="/t/$tenant/packs/$pack" params={{ tenant, pack: pack.id }} search={{ digest: pack.digest }} tabIndex={-1}><bdi>{pack.title}</bdi></Link> },
    { id: 'version', title: t('packs:column.version'), width: '6rem', cell: pack => <Code>{pack.version}</Code> },
    { id: 'state', title: t('packs:column.state'), width: '9rem', cell: pack => <PackStateBadge state={pack.state} /> },
    {
      id: 'health', title: t('packs:column.health'), width: '9rem',
      cell: pack => { const found = health?.find(each => each.digest === pack.digest); return found === undefined ? <span className="dim">–</span> : <HealthBadge health={found.health} /> },
    },
    {
      id: 'contracts', title: t('packs:column.contracts'), width: 'minmax(12rem, 1.5fr)',
      cell: pack => <span className={classes['inline']}>{pack.contracts.map(({ contract, version, status }) => <span key={`${contract} ${version}`}><Code quiet>{`${contract} ${version}`}</Code> <ContractStatus status={status} /></span>)}</span>,
    },
    {
      id: 'tenants', title: t('packs:column.tenants'), width: 'minmax(9rem, 1fr)',
      cell: pack => pack.tenants.length === 0 ? <span className="dim">{t('packs:nobody')}</span> : <span className={classes['inline']}>{pack.tenants.map(use => <span key={use.tenant}><Code>{use.tenant}</Code>{use.state !== 'enabled' && <> <UseBadge state={use.state} /></>}</span>)}</span>,
    },
    { id: 'publisher', title: t('packs:column.publisher'), width: '8rem', cell: pack => <Code>{pack.publisher}</Code> },
    { id: 'id', title: t('packs:column.id'), width: '11rem', optional: true, cell: pack => <Code quiet>{pack.id}</Code> },
    { id: 'size', title: t('packs:column.size'), width: '7rem', align: 'end', optional: true, cell: pack => <bdi className="num">{format.bytes(pack.bytes)}</bdi> },
    { id: 'licence', title: t('packs:column.licence'), width: '8rem', optional: true, cell: pack => pack.licence === null ? <span className="dim">–</span> : <Code quiet>{pack.licence}</Code> },
    { id: 'installedAt', title: t('packs:column.installedAt'), width: '9rem', optional: true, cell: pack => pack.installedAt === null ? <span className="dim">–</span> : <Time value={pack.installedAt} as="brief" /> },
  ], [t, tenant, health, format])
}

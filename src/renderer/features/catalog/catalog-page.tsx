import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconDownload, IconMessageQuestion, IconX } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { settled } from '../../app/search-params.ts'
import { useTenant } from '../../app/session.tsx'
import { useShortcuts } from '../../app/shortcuts.ts'
import { Badge } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { DataList, ListSettings, type ListColumn } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { csvOf, saveFile } from '../../components/save-file.ts'
import { SearchBox } from '../../components/search-box.tsx'
import { Code } from '../../components/values.tsx'
import { CatalogFaults } from './catalog-faults.tsx'
import { CatalogMap } from './catalog-map.tsx'
import classes from './catalog.module.css'
import { type CatalogEntry, filtered, STATUSES, statusOf, usageOf, USES, ZONES } from './entries.ts'
import type { CatalogSearch } from './routes.tsx'
import { Contracts, UseBadge } from './use-mark.tsx'

type Change = Partial<Record<keyof CatalogSearch, unknown>>

/** Everything that the product can do here, as a list and as a map. */
export function CatalogPage(): ReactNode {
  const { t, i18n } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/catalog' })
  const allowed = may('packs.read')
  const catalog = useEngineQuery('catalog', { locale: i18n.language }, { enabled: allowed, keepPrevious: true })
  const entries = catalog.data?.entries
  const rows = useMemo(() => filtered(entries ?? [], search, tenant), [entries, search, tenant])
  const columns = useColumns(tenant)
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.catalog') }], [t]))
  if (!allowed) return <Page title={t('common:nav.catalog')}><EmptyState title={t('catalog:notAllowed.title')} text={t('catalog:notAllowed.text')} /></Page>
  const go = (change: Change): void => {
    void navigate({ to: '/t/$tenant/catalog', params: { tenant }, search: settled({ ...search, ...change }) as CatalogSearch, replace: true })
  }
  const clear = { q: undefined, zone: undefined, status: undefined, use: undefined }
  const empty = <EmptyState title={t('catalog:none.title')} text={t('catalog:none.text')} action={{ label: t('catalog:filter.clear'), onClick: () => { go(clear) } }} />
  return (
    <Page fill title={t('common:nav.catalog')} toolbar={<Filters search={search} onChange={go} clear={clear} />} actions={<>
      <SegmentedControl size="xs" aria-label={t('catalog:view.label')} value={search.as ?? 'list'} onChange={view => { go({ as: view === 'map' ? view : undefined, peek: undefined }) }}
        data={[{ value: 'list', label: t('catalog:view.list') }, { value: 'map', label: t('catalog:view.map') }]} />
      <ButtonLink variant="default" to="/t/$tenant/catalog-requests" params={{ tenant }} leftSection={<IconMessageQuestion size={14} />}>{t('catalog:requests.title')}</ButtonLink>
      <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => { saveFile('catalog.csv', [csvOf(asRows(rows))], 'text/csv') }}>{t('catalog:save')}</Button>
      {search.as === undefined && <ListSettings columns={columns} view={search} onView={go} />}
    </>}>
      <CatalogFaults />
      {entries === undefined
        ? catalog.error === null ? <LoadingLines /> : <ErrorState error={catalog.error} onRetry={() => { void catalog.refetch() }} />
        : search.as === 'map'
          ? rows.length === 0 ? empty : <CatalogMap entries={rows} />
          : (
            <DataList label={t('common:nav.catalog')} rows={rows} columns={columns} rowId={entry => entry.id} rowLabel={entry => entry.title} view={search} onView={go} empty={empty}
              peek={entry => <Peek entry={entry} />} onOpen={entry => { void navigate({ to: '/t/$tenant/catalog/$capability', params: { tenant, capability: entry.id } }) }} />
          )}
    </Page>
  )
}

function Filters({ search, onChange, clear }: { search: CatalogSearch; onChange: (change: Change) => void; clear: Change }): ReactNode {
  const { t } = useTranslation()
  const box = useRef<HTMLInputElement>(null)
  const zone = useRef<HTMLInputElement>(null)
  useShortcuts(useMemo(() => [
    { keys: '/', label: t('common:shortcut.search'), group: 'list' as const, run: () => { box.current?.focus(); box.current?.select() } },
    { keys: 'f', label: t('common:shortcut.filter'), group: 'list' as const, run: () => { zone.current?.focus() } },
  ], [t]))
  const isFiltered = Object.keys(clear).some(name => search[name as keyof CatalogSearch] !== undefined)
  return (
    <>
      <SearchBox ref={box} label={t('catalog:filter.search')} hint={t('catalog:filter.searchHint')} value={search.q ?? ''} onChange={q => { onChange({ q: q === '' ? undefined : q }) }} />
      <Select ref={zone} w="11rem" clearable aria-label={t('catalog:filter.zone')} placeholder={t('catalog:filter.zone')} value={search.zone ?? null} data={ZONES.map(value => ({ value, label: t(`catalog:zone.${value}`) }))} onChange={value => { onChange({ zone: value ?? undefined }) }} />
      <Select w="11rem" clearable aria-label={t('catalog:filter.status')} placeholder={t('catalog:filter.status')} value={search.status ?? null} data={STATUSES.map(value => ({ value, label: t(`catalog:status.${value}`) }))} onChange={value => { onChange({ status: value ?? undefined }) }} />
      <Select w="13rem" clearable aria-label={t('catalog:filter.use')} placeholder={t('catalog:filter.use')} value={search.use ?? null} data={USES.map(value => ({ value, label: t(`catalog:use.${value}`) }))} onChange={value => { onChange({ use: value ?? undefined }) }} />
      {isFiltered && <Button variant="subtle" leftSection={<IconX size={12} />} onClick={() => { onChange(clear) }}>{t('catalog:filter.clear')}</Button>}
    </>
  )
}

function useColumns(tenant: string): readonly ListColumn<CatalogEntry>[] {
  const { t } = useTranslation()
  return useMemo(() => [
    { id: 'title', title: t('catalog:column.title'), width: 'minmax(14rem, 2fr)', fixed: true, cell: entry => <Link to="/t/$tenant/catalog/$capability" params={{ tenant, capability: entry.id }} tabIndex={-1}><bdi>{entry.title}</bdi></Link> },
    { id: 'zone', title: t('catalog:column.zone'), width: '10rem', cell: entry => t(`catalog:zone.${entry.zone}`) },
    { id: 'status', title: t('catalog:column.status'), width: '8rem', cell: entry => <StatusBadge entry={entry} /> },
    { id: 'use', title: t('catalog:column.use'), width: '12rem', cell: entry => <UseBadge use={usageOf(entry, tenant)} /> },
    { id: 'usedBy', title: t('catalog:column.usedBy'), width: 'minmax(9rem, 1fr)', optional: true, cell: entry => entry.usedBy.length === 0 ? <span className="dim">–</span> : <Code quiet>{entry.usedBy.map(each => each.tenant).join(', ')}</Code> },
    { id: 'contracts', title: t('catalog:column.contracts'), width: 'minmax(15rem, 1.5fr)', cell: entry => <Contracts entry={entry} /> },
    { id: 'providers', title: t('catalog:column.providers'), width: 'minmax(9rem, 1fr)', optional: true, cell: entry => entry.providers.length === 0 ? <span className="dim">–</span> : <Code quiet>{entry.providers.map(({ pack, version }) => `${pack} ${version}`).join(', ')}</Code> },
    { id: 'since', title: t('catalog:column.since'), width: '6rem', cell: entry => <Code quiet>{entry.since}</Code> },
    { id: 'id', title: t('catalog:column.id'), width: '14rem', optional: true, cell: entry => <Code quiet>{entry.id}</Code> },
  ], [t, tenant])
}

/** Planned and deprecated ones stand out. */
export function StatusBadge({ entry }: { entry: CatalogEntry }): ReactNode {
  const { t } = useTranslation()
  const status = statusOf(entry)
  const name = t(`catalog:status.${status}`)
  return entry.stability === 'stable' ? name : <Badge tone={status === 'deprecated' ? 'warn' : 'neutral'}>{name}</Badge>
}

function Peek({ entry }: { entry: CatalogEntry }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return (
    <div className={classes['peek']}>
      <p className={classes['plain']}><bdi>{entry.documentation}</bdi></p>
      <div><UseBadge use={usageOf(entry, tenant)} /></div>
      <Contracts entry={entry} />
      <Link to="/t/$tenant/catalog/$capability" params={{ tenant, capability: entry.id }}>{t('catalog:open')}</Link>
    </div>
  )
}

function asRows(entries: readonly CatalogEntry[]): (readonly string[])[] {
  return [
    ['id', 'title', 'zone', 'status', 'contracts', 'packs', 'usedBy', 'since'],
    ...entries.map(entry => [
      entry.id, entry.title, entry.zone, statusOf(entry), entry.contracts.map(({ contract, version }) => `${contract} ${version}`.trim()).join(' '),
      entry.providers.map(({ pack, version }) => `${pack} ${version}`).join(' '), entry.usedBy.map(({ tenant }) => tenant).join(' '), entry.since,
    ]),
  ]
}

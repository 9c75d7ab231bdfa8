import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListPage, Row } from '#engine/contracts/v1/index.ts'
import { isOfRow } from '../../app/pack-given.ts'
import { usePackList } from '../../app/pack-rows.ts'
import { usePackWords, type PackUi } from '../../app/pack-ui.tsx'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { allowedActions, PackActions } from '../../components/pack-actions.tsx'
import { isAmount, PackValue, shownAs } from '../../components/pack-value.tsx'
import { Facts, Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { ExportRows } from './export-rows.tsx'
import { PackChart } from './pack-chart.tsx'
import classes from './pack-pages.module.css'
import { parameterSearch, type PackPageSearch } from './routes.tsx'

const SEARCH_AFTER_MS = 150
const LINKS: readonly string[] = ['account', 'order', 'email', 'phone']

/** Rows of a pack's query in pages, with its search, its buttons, and what a row opens. */
export function PackListPage({ tenant, pack, page }: { tenant: string; pack: PackUi; page: ListPage }): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/p/$pack/$page' })
  const title = words(`page.${page.id}`) ?? page.id
  const { search: searched } = page
  const parameters = useMemo(() => (searched !== undefined && search.q !== undefined ? { [searched]: search.q } : {}), [searched, search.q])
  const { list, rows, behind } = usePackList({ tenant, pack: pack.pack, query: page.query, parameters })
  const columns = useColumns(tenant, pack, page)
  const rowActions = allowedActions(pack, page.actions?.filter(isOfRow))
  useBreadcrumbs(useMemo(() => [{ label: title }], [title]))

  const change = useCallback((next: { q?: string | undefined } & ListView) => {
    void navigate({ to: '/t/$tenant/p/$pack/$page', params: { tenant, pack: pack.pack, page: page.id }, search: before => ({ ...before, ...next }) as PackPageSearch, replace: true })
  }, [navigate, tenant, pack.pack, page.id])
  const { opens } = page
  const open = (row: Row): void => {
    if (opens === undefined) return
    void navigate({ to: '/t/$tenant/p/$pack/$page', params: { tenant, pack: pack.pack, page: opens.page }, search: parameterSearch(parametersOf(opens.with, row)) })
  }
  const { fetchNextPage } = list
  const more = useCallback(() => { void fetchNextPage() }, [fetchNextPage])
  const query = pack.queries.find(each => each.name === page.query)
  const idOf = (row: Row): string => (query?.key ?? []).map(name => String(row[name])).join(' ') || JSON.stringify(row)
  const nameOf = (row: Row): string => String(row[page.columns[0]?.column ?? ''] ?? '')

  return (
    <Page fill title={title} actions={<>
      <ListSettings columns={columns} view={search} onView={change} />
      {rows.length > 0 && <ExportRows tenant={tenant} pack={pack} query={page.query} parameters={parameters} columns={page.columns} title={title} />}
      <PackActions tenant={tenant} pack={pack} actions={page.actions?.filter(action => !isOfRow(action))} from={{}} primary />
    </>}
      {...(searched === undefined ? {} : { toolbar: <SearchField value={search.q ?? ''} onChange={q => { change({ q }) }} /> })}>
      {page.chart !== undefined && <PackChart tenant={tenant} pack={pack} chart={page.chart} title={title} />}
      {behind > 0 && <p role="status" className={classes['behind']}>{t('pack-pages:behind', { count: behind })}</p>}
      {list.error !== null && rows.length === 0
        ? <ErrorState error={list.error} onRetry={() => { void list.refetch() }} />
        : (
          <DataList label={title} rows={rows} columns={columns} rowId={idOf} rowLabel={nameOf} view={search} onView={change}
            loading={list.isFetching} hasMore={list.hasNextPage} onMore={more} {...(opens === undefined ? {} : { onOpen: open })}
            peek={row => <Peek tenant={tenant} pack={pack} page={page} row={row} />}
            empty={search.q === undefined
              ? <EmptyState title={t('pack-pages:empty.title', { page: title })} text={t(rowActions.length + (page.actions?.length ?? 0) > 0 ? 'pack-pages:empty.text' : 'pack-pages:empty.noAction')} />
              : <EmptyState title={t('pack-pages:empty.filtered', { search: search.q })} text={t('pack-pages:empty.filteredText')} action={{ label: t('pack-pages:empty.clear'), onClick: () => { change({ q: undefined }) } }} />} />
        )}
    </Page>
  )
}

function useColumns(tenant: string, pack: PackUi, page: ListPage): readonly ListColumn<Row>[] {
  const words = usePackWords(pack.pack)
  return useMemo(() => {
    const query = pack.queries.find(each => each.name === page.query)
    const table = query?.table ?? ''
    return page.columns.map((shown, index): ListColumn<Row> => {
      const as = shownAs(shown, query)
      const value = (row: Row): ReactNode => <PackValue tenant={tenant} pack={pack.pack} query={query} shown={shown} row={row} />
      // A link holds no link: what opens the row's page is shown as text.
      const plain = (row: Row): ReactNode => <PackValue tenant={tenant} pack={pack.pack} query={query} shown={{ column: shown.column, ...(LINKS.includes(as) ? { as: 'text' as const } : shown.as === undefined ? {} : { as: shown.as }) }} row={row} />
      const { opens } = page
      return {
        id: shown.column, title: words(`column.${table}.${shown.column}`) ?? shown.column, fixed: index === 0,
        width: as === 'number' ? '8rem' : as === 'money' ? '11rem' : as === 'date' || as === 'boolean' || as === 'badge' ? '9rem' : as === 'instant' ? '12rem' : 'minmax(10rem, 1fr)',
        ...(isAmount(as) ? { align: 'end' as const } : {}),
        cell: row => index === 0 && opens !== undefined
          ? <Link to="/t/$tenant/p/$pack/$page" params={{ tenant, pack: pack.pack, page: opens.page }} search={parameterSearch(parametersOf(opens.with, row))} tabIndex={-1}>{plain(row)}</Link>
          : value(row),
      }
    })
  }, [tenant, pack, page, words])
}

function parametersOf(given: Readonly<Record<string, string>>, row: Row): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, column]) => [name, String(row[column] ?? '')]))
}

function Peek({ tenant, pack, page, row }: { tenant: string; pack: PackUi; page: ListPage; row: Row }): ReactNode {
  const words = usePackWords(pack.pack)
  const query = pack.queries.find(each => each.name === page.query)
  const table = query?.table ?? ''
  return (
    <div className={classes['peek']}>
      <Facts items={page.columns.map(shown => [
        words(`column.${table}.${shown.column}`) ?? shown.column,
        <PackValue key={shown.column} tenant={tenant} pack={pack.pack} query={query} shown={shown} row={row} />,
      ] as const)} />
      <div className={classes['buttons']}><PackActions tenant={tenant} pack={pack} actions={page.actions?.filter(isOfRow)} from={{ row }} /></div>
    </div>
  )
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string | undefined) => void }): ReactNode {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const [from, setFrom] = useState(value)
  const settle = useDebouncedCallback((typed: string) => { onChange(typed.trim() === '' ? undefined : typed.trim()) }, SEARCH_AFTER_MS)
  // Back, and "show all", change the address: the field follows.
  if (from !== value) {
    setFrom(value)
    if (text.trim() !== value) setText(value)
  }
  const type = (typed: string): void => { setText(typed); settle(typed) }
  useShortcuts(useMemo(() => [{ keys: '/', label: t('common:shortcut.search'), group: 'list' as const, run: () => { field.current?.focus() } }], [t]))
  return (
    <TextInput ref={field} type="search" className={classes['search'] ?? ''} aria-label={t('pack-pages:search')} placeholder={t('pack-pages:search')} leftSection={<IconSearch size={14} />} value={text}
      onChange={event => { type(event.currentTarget.value) }} onKeyDown={event => { if (event.key === 'Escape') { event.stopPropagation(); type(''); field.current?.blur() } }}
      rightSection={text === '' ? null : <CloseButton size="sm" aria-label={t('pack-pages:empty.clear')} onClick={() => { type('') }} />} />
  )
}

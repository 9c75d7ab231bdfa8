import { useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DetailPage, ListPage, Row } from '#engine/contracts/v1/index.ts'
import { queryParameters } from '../../app/pack-given.ts'
import { usePackRows } from '../../app/pack-rows.ts'
import { usePackWords, type PackUi } from '../../app/pack-ui.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { PackActions } from '../../components/pack-actions.tsx'
import { PackFields, PackTable } from '../../components/pack-fields.tsx'
import { Page, Section } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { ExportRows } from './export-rows.tsx'
import classes from './pack-pages.module.css'
import { pageParameters } from './routes.tsx'

/** One row with its fields, and lists of what belongs to it. */
export function PackDetailPage({ tenant, pack, page }: { tenant: string; pack: PackUi; page: DetailPage }): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const search = useSearch({ from: '/t/$tenant/p/$pack/$page' })
  const parameters = useMemo(() => pageParameters(search), [search])
  const answer = usePackRows({ tenant, pack: pack.pack, query: page.query, parameters })
  const row = answer.rows?.[0]
  const name = words(`page.${page.id}`) ?? page.id
  const [first] = page.fields
  const value = first === undefined ? undefined : row?.[first.column]
  const heading = typeof value === 'string' && value !== '' ? value : name
  const list = pack.ui?.pages?.find((each): each is ListPage => each.kind === 'list' && each.opens?.page === page.id)
  const listTitle = list === undefined ? null : words(`page.${list.id}`) ?? list.id
  useBreadcrumbs(useMemo(() => [
    ...(list === undefined || listTitle === null ? [] : [{ label: listTitle, to: `/t/$tenant/p/$pack/$page`, params: { tenant, pack: pack.pack, page: list.id } }]),
    { label: heading },
  ], [tenant, pack.pack, list, listTitle, heading]))

  if (answer.rows === undefined) return answer.error === null ? <LoadingLines /> : <ErrorState error={answer.error} onRetry={() => { void answer.refetch() }} />
  if (row === undefined) return <Page title={name}><EmptyState title={t('pack-pages:gone.title', { page: name })} text={t('pack-pages:gone.text')} /></Page>
  const from = { row, parameters }
  return (
    <Page title={heading} heading={<><bdi>{heading}</bdi>{heading !== name && <span className={`dim ${classes['kind']}`}>{name}</span>}</>}
      actions={<PackActions tenant={tenant} pack={pack} actions={page.actions} from={from} primary />}>
      <div className={classes['fields']}><PackFields tenant={tenant} pack={pack} query={page.query} fields={page.fields} row={row} /></div>
      {(page.lists ?? []).map(each => <DetailList key={each.id} tenant={tenant} pack={pack} list={each} row={row} parameters={parameters} heading={heading} />)}
    </Page>
  )
}

function DetailList({ tenant, pack, list, row, parameters, heading }: {
  tenant: string; pack: PackUi; list: NonNullable<DetailPage['lists']>[number]; row: Row; parameters: Readonly<Record<string, string>>; heading: string
}): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const from = { row, parameters }
  const asked = useMemo(() => queryParameters(list.with, { row, parameters }), [list.with, row, parameters])
  const answer = usePackRows({ tenant, pack: pack.pack, query: list.query, parameters: asked })
  const title = words(`list.${list.id}`) ?? list.id
  return (
    <Section title={title}>
      {answer.rows === undefined
        ? answer.error === null ? <LoadingLines lines={3} /> : <ErrorState error={answer.error} onRetry={() => { void answer.refetch() }} />
        : <>
          <PackTable tenant={tenant} pack={pack} query={list.query} columns={list.columns} rows={answer.rows} label={title} actions={list.actions} from={from} more={answer.more} none={t('pack-pages:none')} />
          {/* What is only read is taken elsewhere as a whole; what is worked on, where it does not fit here. */}
          {answer.rows.length > 0 && (list.actions === undefined || answer.more) && <ExportRows tenant={tenant} pack={pack} query={list.query} parameters={asked} columns={list.columns} title={`${heading} ${title}`} compact />}
        </>}
    </Section>
  )
}

import { Button, Select, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { settled } from '../../app/search-params.ts'
import { invocation, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { Badge, type Tone } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Facts, Page } from '../../components/page.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import { Code, Time } from '../../components/values.tsx'
import classes from './catalog.module.css'

type Request = QueryOutput<'capability-requests'>['rows'][number]

const STATES: Readonly<Record<Request['state'], Tone>> = { open: 'info', done: 'ok', dropped: 'neutral' }

/** What was asked of the product, what was decided about it and why, and what came of it. */
export function RequestsPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const view = useSearch({ from: '/t/$tenant/catalog-requests' })
  const allowed = may('packs.read')
  const requests = useEngineQuery('capability-requests', {}, { enabled: allowed, keepPrevious: true })
  const columns = useColumns()
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.catalog'), to: '/t/$tenant/catalog', params: { tenant } }, { label: t('catalog:requests.title') }], [t, tenant]))
  if (!allowed) return <Page title={t('catalog:requests.title')}><EmptyState title={t('catalog:notAllowed.title')} text={t('catalog:notAllowed.text')} /></Page>
  const onView = (change: ListView): void => {
    void navigate({ to: '/t/$tenant/catalog-requests', params: { tenant }, search: settled({ ...view, ...change }) as typeof view, replace: true })
  }
  const first = may('catalog.classify') ? { action: { label: t('catalog:requests.new'), to: '/t/$tenant/catalog-requests/new', params: { tenant } } } : {}
  return (
    <Page fill title={t('catalog:requests.title')} actions={<>
      <ListSettings columns={columns} view={view} onView={onView} />
      {may('catalog.classify') && <ButtonLink to="/t/$tenant/catalog-requests/new" params={{ tenant }} leftSection={<IconPlus size={14} />}>{t('catalog:requests.new')}</ButtonLink>}
    </>}>
      {requests.error !== null && requests.data === undefined
        ? <ErrorState error={requests.error} onRetry={() => { void requests.refetch() }} />
        : (
          <DataList label={t('catalog:requests.title')} rows={requests.data?.rows ?? []} columns={columns} rowId={row => row.id} rowLabel={row => row.title} view={view} onView={onView}
            loading={requests.data === undefined} onOpen={row => { onView({ peek: row.id }) }} peek={row => <Peek key={row.id} request={row} />}
            empty={<EmptyState title={t('catalog:requests.empty.title')} text={t('catalog:requests.empty.text')} {...first} />} />
        )}
    </Page>
  )
}

function useColumns(): readonly ListColumn<Request>[] {
  const { t } = useTranslation()
  return useMemo(() => [
    { id: 'title', title: t('catalog:requests.column.title'), width: 'minmax(14rem, 2fr)', fixed: true, cell: row => <bdi>{row.title}</bdi> },
    { id: 'outcome', title: t('catalog:requests.column.outcome'), width: '11rem', cell: row => t(`catalog:outcome.${row.outcome}`) },
    { id: 'state', title: t('catalog:requests.column.state'), width: '8rem', cell: row => <Badge tone={STATES[row.state]}>{t(`catalog:requests.state.${row.state}`)}</Badge> },
    { id: 'customer', title: t('catalog:requests.column.customer'), width: '9rem', cell: row => row.customer === null ? <span className="dim">–</span> : <Code>{row.customer}</Code> },
    { id: 'reason', title: t('catalog:requests.column.reason'), width: 'minmax(12rem, 2fr)', cell: row => <bdi>{row.reason}</bdi> },
    { id: 'askedAt', title: t('catalog:requests.column.askedAt'), width: '9rem', cell: row => <Time value={row.askedAt} as="brief" /> },
    { id: 'what', title: t('catalog:requests.column.what'), width: 'minmax(10rem, 1fr)', optional: true, cell: row => row.what === null ? <span className="dim">–</span> : <bdi>{row.what}</bdi> },
  ], [t])
}

function Peek({ request }: { request: Request }): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const { answers, outcome, suggested } = request
  const said = [t(`catalog:whose.${answers.whose}`), ...(['varies', 'breaksContract', 'exists'] as const).filter(name => answers[name]).map(name => t(`catalog:answer.${name}`))]
  return (
    <div className={classes['peek']}>
      {request.text !== '' && <p className={classes['plain']}><bdi>{request.text}</bdi></p>}
      <ul className={classes['similar']}>{said.map(each => <li key={each}>{each}</li>)}</ul>
      <Facts items={[
        [t('catalog:requests.column.outcome'), t(`catalog:outcome.${outcome}`)],
        ...(suggested === outcome ? [] : [[t('catalog:requests.suggested'), t(`catalog:outcome.${suggested}`)] as const]),
        [t('catalog:requests.column.reason'), <bdi key="reason">{request.reason}</bdi>],
        [t('catalog:requests.by'), <span key="by"><Actor who={request.askedBy} /> · <Time value={request.askedAt} /></span>],
        ...(request.what === null ? [] : [[t('catalog:requests.column.what'), <bdi key="what">{request.what}</bdi>] as const]),
        ...(request.capability === null ? [] : [[t('catalog:column.title'), <Link key="capability" to="/t/$tenant/catalog/$capability" params={{ tenant, capability: request.capability }}><Code>{request.capability}</Code></Link>] as const]),
        ...(request.closedBy === null || request.closedAt === null ? [] : [[t('catalog:requests.closedBy'), <span key="closed"><Actor who={request.closedBy} /> · <Time value={request.closedAt} /></span>] as const]),
      ]} />
      {request.state === 'open' && may('catalog.classify') && <Close request={request.id} />}
    </div>
  )
}

/** Says what came of a request. */
function Close({ request }: { request: string }): ReactNode {
  const { t, i18n } = useTranslation()
  const catalog = useEngineQuery('catalog', { locale: i18n.language })
  const [what, setWhat] = useState('')
  const [capability, setCapability] = useState<string | null>(null)
  const close = useCommand('close-request', () => { notifications.show({ color: 'green', message: t('catalog:requests.closed') }) })
  const end = (state: 'done' | 'dropped') => () => { close.mutate({ request, state, what: what.trim(), capability, invocation: invocation() }) }
  return (
    <div className={classes['outcome']}>
      <Textarea autosize minRows={2} label={t('catalog:requests.column.what')} value={what} onChange={event => { setWhat(event.currentTarget.value) }} />
      <Select searchable clearable label={t('catalog:requests.became')} value={capability} onChange={setCapability} data={catalog.data?.entries.map(({ id, title }) => ({ value: id, label: title })) ?? []} />
      {close.error !== null && <RefusalAlert error={close.error} />}
      <div className={classes['buttons']}>
        <Button variant="default" disabled={what.trim() === ''} loading={close.isPending} onClick={end('dropped')}>{t('catalog:requests.drop')}</Button>
        <Button disabled={what.trim() === ''} loading={close.isPending} onClick={end('done')}>{t('catalog:requests.done')}</Button>
      </div>
    </div>
  )
}

import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { settled } from '../../app/search-params.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { DataList, ListSettings, type ListColumn, type ListView } from '../../components/data-list.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { OrderReference } from '../../components/order-reference.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { Code, Time } from '../../components/values.tsx'
import { CasePeek } from './case-peek.tsx'
import { CaseResult, differencesOf, type ProfileCase, type Verified } from './case-result.tsx'
import classes from './profile-cases.module.css'

/** The golden cases of the profile: where each is from, what it comes to now, and its removal. */
export function CasesPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const view = useSearch({ from: '/t/$tenant/profile/cases' })
  const allowed = may('profile.read')
  const list = useEngineQuery('profile-cases', { tenant }, { enabled: allowed, keepPrevious: true })
  const mayRun = allowed && may('decisions.try')
  const verified = useEngineQuery('verify-profile', { tenant }, { enabled: mayRun && (list.data?.cases.length ?? 0) > 0, keepPrevious: true })
  const columns = useColumns(verified.data)
  const title = t('profile-cases:title')
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.profile'), to: '/t/$tenant/profile', params: { tenant } }, { label: title }], [t, tenant, title]))
  if (!allowed) return <Page title={title}><EmptyState title={t('profile-versions:notAllowed.title')} text={t('profile-versions:notAllowed.text')} /></Page>
  const onView = (change: ListView): void => {
    const { cols, peek } = { ...view, ...change }
    void navigate({ to: '/t/$tenant/profile/cases', params: { tenant }, search: settled({ cols: cols === undefined ? undefined : [...cols], peek }), replace: true })
  }
  const rows = list.data?.cases ?? []
  return (
    <Page fill title={title} actions={<>
      <ListSettings columns={columns} view={view} onView={onView} />
      {mayRun && rows.length > 0 && <Button leftSection={<IconPlayerPlay size={14} />} loading={verified.isFetching} onClick={() => { void verified.refetch() }}>{t('profile-cases:run', { count: rows.length })}</Button>}
    </>}>
      <div className={classes['news']}><Outcome verified={verified.data} error={verified.error} /></div>
      {list.error !== null && list.data === undefined
        ? <ErrorState error={list.error} onRetry={() => { void list.refetch() }} />
        : (
          <DataList label={title} rows={rows} columns={columns} rowId={each => each.title} rowLabel={each => each.title} view={view} onView={onView} loading={list.data === undefined}
            peek={each => <CasePeek key={each.title} of={each} differences={differencesOf(verified.data, each.title)} />} onOpen={each => { onView({ peek: each.title }) }}
            empty={<EmptyState title={t('profile-cases:empty.title')} text={t('profile-cases:empty.text')} action={{ label: t('common:goTo.orders'), to: '/t/$tenant/orders', params: { tenant } }} />} />
        )}
    </Page>
  )
}

/** In a sentence what all of them came to. */
function Outcome({ verified, error }: { verified: Verified | undefined; error: unknown }): ReactNode {
  const { t } = useTranslation()
  if (error !== null) return <RefusalAlert error={error} />
  if (verified === undefined) return null
  const { cases, failed } = verified
  const cut = failed.find(each => each.case === null)
  if (cut !== undefined) return <RefusalBox refusal={{ code: '', message: t('profile-cases:cut'), remedy: '' }} detail={<bdi dir="auto">{cut.differences.join(' ')}</bdi>} />
  return <p className={classes['plain']} role="status">{t(failed.length === 0 ? 'profile-cases:allSame' : 'profile-cases:someOther', { count: failed.length === 0 ? cases : failed.length })}</p>
}

function useColumns(verified: Verified | undefined): readonly ListColumn<ProfileCase>[] {
  const { t } = useTranslation()
  return useMemo((): readonly ListColumn<ProfileCase>[] => [
    { id: 'title', title: t('profile-cases:column.title'), width: 'minmax(12rem, 3fr)', fixed: true, cell: row => <bdi title={row.title}>{row.title}</bdi> },
    { id: 'result', title: t('profile-cases:column.result'), width: '9rem', cell: row => <CaseResult differences={differencesOf(verified, row.title)} /> },
    {
      id: 'order', title: t('profile-cases:column.order'), width: 'minmax(7rem, 1fr)',
      cell: row => row.from === null ? <span className="dim">–</span> : <OrderReference order={row.from.order} reference={row.reference ?? row.from.order} inList />,
    },
    {
      id: 'from', title: t('profile-cases:column.from'), width: 'minmax(9rem, 1fr)',
      cell: row => row.from === null ? <span className="dim">{t('profile-cases:withProfile')}</span> : <span className="clip"><Actor who={row.from.by} /> · <Time value={row.from.at} as="brief" /></span>,
    },
    { id: 'account', title: t('profile-cases:column.account'), width: '9rem', optional: true, cell: row => row.account === null ? <span className="dim">–</span> : <Code>{row.account}</Code> },
  ], [t, verified])
}

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { EditorPage } from './editor-page.tsx'

/** The profile of the tenant: the draft that is being worked on, else the version that is active. */
export function ProfilePage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const { draft: wanted } = useSearch({ from: '/t/$tenant/profile' })
  const navigate = useNavigate()
  // A draft that was begun here is still what was opened: undo and the keyboard stay where they are.
  const [begun, setBegun] = useState<{ readonly id: string; readonly of: string | undefined } | null>(null)
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.profile') }], [t]))
  const readOnly = !may('profiles.edit')
  const active = useEngineQuery('profile', { tenant })
  const drafts = useEngineQuery('profile-drafts', { tenant }, { enabled: !readOnly })
  const error = active.error ?? drafts.error
  if (error !== null && active.data === undefined) return <ErrorState error={error} onRetry={() => { void active.refetch() }} />
  if (active.data === undefined || (!readOnly && drafts.data === undefined)) return <LoadingLines />
  const opened = begun !== null && begun.id === wanted ? begun.of : wanted
  const begin = (id: string): void => {
    setBegun({ id, of: opened })
    void navigate({ to: '/t/$tenant/profile', params: { tenant }, search: before => ({ ...before, draft: id }), replace: true })
  }
  return <OpenedProfile key={`${tenant} ${opened ?? ''}`} tenant={tenant} wanted={opened} active={active.data} drafts={drafts.data?.rows ?? []} readOnly={readOnly} onBegun={begin} />
}

/** Decided once, when it is opened: the draft that the address names, or the one changed last. */
function OpenedProfile({ tenant, wanted, active, drafts, readOnly, onBegun }: {
  tenant: string; wanted: string | undefined; active: QueryOutput<'profile'>; drafts: QueryOutput<'profile-drafts'>['rows']; readOnly: boolean; onBegun: (draftId: string) => void
}): ReactNode {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [chosen] = useState(() => readOnly || wanted === 'none' ? null : wanted ?? drafts[0]?.id ?? null)
  const draft = useEngineQuery('profile-draft', { tenant, draftId: chosen ?? '' }, { enabled: chosen !== null })
  if (chosen !== null && draft.data === undefined) {
    if (draft.error === null) return <LoadingLines />
    return (
      <EmptyState title={t('profile-editor:draftGone.title')} text={t('profile-editor:draftGone.text')}
        action={{ label: t('profile-editor:draftGone.action'), onClick: () => { void navigate({ to: '/t/$tenant/profile', params: { tenant }, search: { draft: 'none' } }) } }} />
    )
  }
  return <EditorPage active={active} draft={draft.data ?? null} drafts={drafts} readOnly={readOnly} onBegun={onBegun} />
}

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
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
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.profile') }], [t]))
  const mayEdit = may('profiles.edit')
  const active = useEngineQuery('profile', { tenant })
  const drafts = useEngineQuery('profile-drafts', { tenant }, { enabled: mayEdit })
  // A draft of its own that the address names, or the one changed last.
  const chosen = wanted === 'none' ? null : wanted ?? drafts.data?.rows[0]?.id ?? null
  const draft = useEngineQuery('profile-draft', { tenant, draftId: chosen ?? '' }, { enabled: mayEdit && chosen !== null })
  const error = active.error ?? drafts.error ?? null
  if (error !== null && active.data === undefined) return <ErrorState error={error} onRetry={() => { void active.refetch() }} />
  if (chosen !== null && draft.error !== null && draft.data === undefined) {
    return (
      <EmptyState title={t('profile-editor:draftGone.title')} text={t('profile-editor:draftGone.text')}
        action={{ label: t('profile-editor:draftGone.action'), onClick: () => { void navigate({ to: '/t/$tenant/profile', params: { tenant }, search: { draft: 'none' } }) } }} />
    )
  }
  if (active.data === undefined || (mayEdit && drafts.data === undefined) || (chosen !== null && draft.data === undefined)) return <LoadingLines />
  return <EditorPage key={`${tenant} ${wanted ?? ''}`} active={active.data} draft={chosen === null ? null : draft.data ?? null} drafts={drafts.data?.rows ?? []} readOnly={!mayEdit} />
}

import { Navigate, Outlet, useLocation, useParams } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../components/empty-state.tsx'
import { Frame } from '../components/frame.tsx'
import { LoadingLines } from '../components/loading.tsx'
import { ErrorState } from '../components/refusal.tsx'
import { useChanges } from './changes.ts'
import { onEngineView } from './engine-state.ts'
import { PackUiProvider } from './pack-ui.tsx'
import { queryClient, useEngineQuery } from './queries.ts'
import { TenantSessionProvider } from './session.tsx'
import { ShellProvider, useShellQuery } from './shell.tsx'
import { onTokenChange } from './token.ts'

/** Everything below `/t/<tenant>`: needs a person who may work there, gives them the frame. */
export function TenantPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const session = useEngineQuery('session', {}, { staleMs: 60_000 })
  const href = useLocation({ select: location => location.href })
  // Where the person wanted to be; no longer read once the way to the sign-in has begun, or it would begin again and again.
  const [here] = useState(href)
  const may = session.data?.tenants.find(each => each.tenant === tenant)
  const shell = useShellQuery(tenant, may !== undefined)
  useChanges(may === undefined ? null : tenant)
  useEffect(() => onTokenChange(() => { void queryClient.resetQueries() }), [])
  useEffect(() => onEngineView((now, before) => {
    if (now.generation !== before.generation && now.generation > 1) void queryClient.invalidateQueries()
  }), [])

  if (session.data === undefined) {
    return session.error === null ? <LoadingLines /> : <ErrorState error={session.error} onRetry={() => { void session.refetch() }} />
  }
  if (session.data.setUpNeeded) return <Navigate to="/first-start" replace />
  if (session.data.user === null) return <Navigate to="/sign-in" search={{ to: here }} replace />
  if (may === undefined) {
    return <EmptyState title={t('common:otherTenant.title', { tenant })} text={t('common:otherTenant.text')} action={{ label: t('common:notFound.action'), to: '/' }} />
  }
  if (shell.data === undefined) return shell.error === null ? <LoadingLines /> : <ErrorState error={shell.error} onRetry={shell.refetch} />
  return (
    <TenantSessionProvider session={session.data} user={session.data.user} tenant={may}>
      <ShellProvider key={tenant} shell={shell.data}>
        <PackUiProvider tenant={tenant}><Frame><Outlet /></Frame></PackUiProvider>
      </ShellProvider>
    </TenantSessionProvider>
  )
}

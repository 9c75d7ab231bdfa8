import { DirectionProvider, localStorageColorSchemeManager, MantineProvider, useDirection, useMantineColorScheme } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { Navigate, Outlet, useParams, type ErrorComponentProps } from '@tanstack/react-router'
import { useEffect, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../components/empty-state.tsx'
import { ErrorState } from '../components/refusal.tsx'
import { LoadingLines } from '../components/loading.tsx'
import { directionOf, isLocale, rememberedLocale, switchLocale } from './i18n.ts'
import { applyDensity } from './preferences.ts'
import { useEngineQuery } from './queries.ts'
import { useShellQuery } from './shell.tsx'
import { listenForShortcuts } from './shortcuts.ts'
import { cssVariables, makeTheme } from './theme.ts'

const colorSchemes = localStorageColorSchemeManager({ key: 'keelson.theme' })
const TENANT_KEY = 'keelson.tenant'

/** Around every screen: look, language, direction, and what the person set for themselves. */
export function Root(): ReactNode {
  const session = useEngineQuery('session', {})
  const { tenant } = useParams({ strict: false })
  const shell = useShellQuery(tenant, session.data?.tenants.some(each => each.tenant === tenant) === true)
  const accent = shell.data?.accent ?? null
  const { t } = useTranslation()
  const theme = useMemo(() => makeTheme(accent, t('common:close')), [accent, t])
  useEffect(listenForShortcuts, [])
  useEffect(() => { if (tenant !== undefined) localStorage.setItem(TENANT_KEY, tenant) }, [tenant])
  return (
    <DirectionProvider initialDirection={directionOf(rememberedLocale())} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
        <KeepDirection />
        <ApplyPreferences usual={shell.data?.theme ?? null} />
        <Notifications position="bottom-right" limit={4} containerWidth={380} />
        <Outlet />
      </MantineProvider>
    </DirectionProvider>
  )
}

function KeepDirection(): null {
  const { i18n } = useTranslation()
  const { setDirection } = useDirection()
  useEffect(() => { if (isLocale(i18n.language)) setDirection(directionOf(i18n.language)) }, [i18n.language, setDirection])
  return null
}

/** The engine's word on a person's settings wins over what this machine remembers, once per sign-in. */
function ApplyPreferences({ usual }: { usual: 'light' | 'dark' | 'auto' | null }): null {
  const { data } = useEngineQuery('session', {})
  const { i18n } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const user = data?.user?.id
  const chosen = data?.preferences.theme ?? null
  // Who chose no theme sees each tenant in that of its profile.
  useEffect(() => { if (user !== undefined && chosen === null && usual !== null) setColorScheme(usual) }, [user, chosen, usual, setColorScheme])
  useEffect(() => {
    if (user === undefined || data === undefined) return
    const { locale, theme, density } = data.preferences
    if (locale !== null && locale !== i18n.language) void switchLocale(i18n, locale)
    if (theme !== null) setColorScheme(theme)
    if (density !== null) applyDensity(density)
    // Only when somebody else signs in: a change made here must not be undone by an older answer.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [user])
  return null
}

/** `/`: where the person left off. */
export function HomePage(): ReactNode {
  const session = useEngineQuery('session', {})
  if (session.data === undefined) {
    return session.error === null ? <LoadingLines /> : <ErrorState error={session.error} onRetry={() => { void session.refetch() }} />
  }
  if (session.data.setUpNeeded) return <Navigate to="/first-start" replace />
  if (session.data.user === null) return <Navigate to="/sign-in" replace />
  const last = localStorage.getItem(TENANT_KEY)
  const tenant = session.data.tenants.find(each => each.tenant === last) ?? session.data.tenants[0]
  if (tenant === undefined) return <NoTenant />
  return <Navigate to="/t/$tenant/orders" params={{ tenant: tenant.tenant }} replace />
}

function NoTenant(): ReactNode {
  const { t } = useTranslation()
  return <EmptyState title={t('common:noTenant.title')} text={t('common:noTenant.text')} />
}

export function NotFoundPage(): ReactNode {
  const { t } = useTranslation()
  return <EmptyState title={t('common:notFound.title')} text={t('common:notFound.text')} action={{ label: t('common:notFound.action'), to: '/' }} />
}

/** A bug in a screen: said plainly, the rest of the console goes on. */
export function CrashPage({ error, reset }: ErrorComponentProps): ReactNode {
  return <ErrorState error={error} onRetry={reset} />
}

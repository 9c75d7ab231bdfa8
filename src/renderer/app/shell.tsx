import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { applyWording } from './i18n.ts'
import { useEngineQuery, type QueryOutput } from './queries.ts'

/** What the console of the tenant is made of, as its profile says. */
export type Shell = QueryOutput<'shell'>

const Context = createContext<Shell | null>(null)

/** The shell of a tenant; `data` is never that of another. */
export function useShellQuery(tenant: string | undefined, enabled = true): { readonly data: Shell | undefined; readonly error: Error | null; readonly refetch: () => void } {
  const { i18n } = useTranslation()
  const { data, error, refetch } = useEngineQuery('shell', { tenant: tenant ?? '', locale: i18n.language }, { enabled: enabled && tenant !== undefined, staleMs: 60_000, keepPrevious: true })
  return { data: data?.tenant === tenant ? data : undefined, error, refetch: () => { void refetch() } }
}

/** Below it the console speaks the tenant's words, and shows what its profile composes. Nothing is drawn in another tenant's words. */
export function ShellProvider({ shell, children }: { shell: Shell; children: ReactNode }): ReactNode {
  const { i18n } = useTranslation()
  const [spoken, setSpoken] = useState(false)
  const { locale, wording } = shell
  useEffect(() => {
    applyWording(i18n, locale, wording)
    setSpoken(true)
  }, [i18n, locale, wording])
  useEffect(() => () => { applyWording(i18n, i18n.language, {}) }, [i18n])
  // A change of words within a tenant is taken up where it stands; only the first must come before the page.
  if (!spoken) return null
  return <Context value={shell}>{children}</Context>
}

export function useShell(): Shell {
  const value = use(Context)
  if (value === null) throw new Error('useShell is used outside of a tenant page')
  return value
}

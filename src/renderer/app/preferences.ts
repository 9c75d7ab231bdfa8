import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSyncExternalStore } from 'react'
import { switchLocale, type Locale } from './i18n.ts'
import { issue, queryClient, type QueryOutput } from './queries.ts'

export type Density = 'comfortable' | 'compact'

const KEY = 'keelson.density'
let density: Density = localStorage.getItem(KEY) === 'compact' ? 'compact' : 'comfortable'
const listeners = new Set<() => void>()

export function applyDensity(next: Density): void {
  density = next
  localStorage.setItem(KEY, next)
  for (const listener of [...listeners]) listener()
}

export function useDensity(): Density {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => { listeners.delete(listener) }
  }, () => density)
}

export interface Preferences {
  readonly locale: Locale
  readonly theme: MantineColorScheme
  readonly density: Density
  setLocale(locale: Locale): void
  setTheme(theme: MantineColorScheme): void
  setDensity(density: Density): void
}

/** The own settings of the console: applied at once and kept here, and kept by the engine for the person's other windows. */
export function usePreferences(): Preferences {
  const { i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const now = useDensity()
  const keep = (change: Partial<{ locale: Locale; theme: MantineColorScheme; density: Density }>): void => {
    const session = queryClient.getQueryData<QueryOutput<'session'>>(['session', {}])
    if (session !== undefined) queryClient.setQueryData(['session', {}], { ...session, preferences: { ...session.preferences, ...change } })
    const signedIn = session?.user
    // Kept on this machine in any case; a refusal by the engine takes nothing away from the person.
    if (signedIn !== null && signedIn !== undefined) void issue('save-preferences', change).catch(() => undefined)
  }
  return {
    locale: i18n.language as Locale, theme: colorScheme, density: now,
    setLocale(locale) { void switchLocale(i18n, locale); keep({ locale }) },
    setTheme(theme) { setColorScheme(theme); keep({ theme }) },
    setDensity(next) { applyDensity(next); keep({ density: next }) },
  }
}

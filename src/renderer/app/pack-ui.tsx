import { createContext, use, useCallback, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { packText } from './pack-texts.ts'
import { useEngineQuery, type QueryOutput } from './queries.ts'
import { useShell } from './shell.tsx'
import { useFormat } from './use-format.ts'

/** A pack of the tenant's profile as the console draws it. */
export type PackUi = QueryOutput<'pack-ui'>['packs'][number]

export interface PackScreens {
  readonly packs: readonly PackUi[]
  /** False until the engine has said which packs there are. */
  readonly known: boolean
  readonly error: Error | null
  readonly refetch: () => void
}

const NONE: PackScreens = { packs: [], known: false, error: null, refetch: () => undefined }
const Context = createContext<PackScreens>(NONE)

/** Below it every screen knows the tenant's packs: their pages, forms, attributes and texts. */
export function PackUiProvider({ tenant, children }: { tenant: string; children: ReactNode }): ReactNode {
  const { i18n } = useTranslation()
  const { data, error, refetch } = useEngineQuery('pack-ui', { tenant, locale: i18n.language }, { staleMs: 60_000, keepPrevious: true })
  const { wording } = useShell()
  const value = useMemo<PackScreens>(() => ({ packs: worded(data?.packs ?? [], wording), known: data !== undefined, error, refetch: () => { void refetch() } }), [data, wording, error, refetch])
  // The menu, the columns and the page come at once: what stands is not moved by what a pack adds to it.
  if (data === undefined && error === null) return null
  return <Context value={value}>{children}</Context>
}

/** Below it every part knows these packs in place of the tenant's: what a draft would bring. */
export function DraftedPacks({ packs, children }: { packs: readonly PackUi[]; children: ReactNode }): ReactNode {
  const { wording } = useShell()
  const { known, error, refetch } = usePackScreens()
  const value = useMemo<PackScreens>(() => ({ packs: worded(packs, wording), known, error, refetch }), [packs, wording, known, error, refetch])
  return <Context value={value}>{children}</Context>
}

function worded(packs: readonly PackUi[], wording: Readonly<Record<string, string>>): PackUi[] {
  return packs.map(pack => ({ ...pack, texts: { ...pack.texts, ...ownWords(pack.pack, wording) } }))
}

/** What the profile says in place of a pack's texts: `<pack>:<key>`. */
function ownWords(pack: string, wording: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(wording).flatMap(([key, text]) => (key.startsWith(`${pack}:`) ? [[key.slice(pack.length + 1), text]] : [])))
}

export function usePackScreens(): PackScreens {
  return use(Context)
}

export function usePackUi(pack: string): PackUi | undefined {
  return usePackScreens().packs.find(each => each.pack === pack)
}

/** A text of the pack by its key, e.g. `menu.contacts`. Null where it has none. */
export type PackWords = (key: string, values?: Readonly<Record<string, unknown>>) => string | null

export function usePackWords(pack: string): PackWords {
  const { i18n } = useTranslation()
  const format = useFormat()
  const texts = usePackUi(pack)?.texts
  return useCallback((key, values = {}) => packText(pack, key, values, { locale: i18n.language, format, scale: null, texts }), [pack, texts, i18n.language, format])
}

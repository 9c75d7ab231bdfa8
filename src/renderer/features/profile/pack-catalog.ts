import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { valueAt } from '#engine/core/plain-values.ts'
import { packText } from '../../app/pack-texts.ts'
import type { PackUi } from '../../app/pack-ui.tsx'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import type { JsonSchema } from '../../app/schema-form.ts'
import { useFormat } from '../../app/use-format.ts'
import { namedIn } from './named-packs.ts'
import { settingsOf } from './starting-entry.ts'

/** A pack that a profile may name, in the version that the document would get. */
export type UsablePack = QueryOutput<'profile-packs'>['packs'][number]

/** Contracts by which a pack can answer in a section of `capabilities:`. */
export const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  validation: ['validation-rule'], pricing: ['pricing-policy'], approval: ['approval-policy'], reactions: ['reactor'],
  modules: ['domain-module', 'report', 'ui-module', 'data-extension'],
}

/** What the product itself can answer, where a profile names it. */
export const DEFAULTS: Readonly<Record<string, readonly string[]>> = { validation: ['accept-all'], approval: ['always-approve'] }

export function packsFor(capability: string, packs: readonly UsablePack[]): UsablePack[] {
  const wanted = ANSWERS[capability] ?? []
  return packs.filter(({ contracts }) => {
    // A pack with tables or screens of its own reacts as a module.
    if (capability === 'reactions' && contracts.some(each => ANSWERS['modules']?.includes(each) === true)) return false
    return contracts.some(each => wanted.includes(each))
  })
}

export interface PackCatalog {
  readonly packs: readonly UsablePack[]
  readonly known: boolean
  readonly error: Error | null
  find(pack: string): UsablePack | undefined
  /** The settings of a pack in a section of `capabilities:`; null where they are not known (yet). */
  config(pack: string, section: unknown): JsonSchema | null
}

/** The packs of the site as a document may use them. What can be chosen is here with all that a choice begins with. */
export function usePackCatalog(tenant: string, document: unknown): PackCatalog {
  const { i18n } = useTranslation()
  const format = useFormat()
  const named = useNamed(document)
  const { data, error } = useEngineQuery('profile-packs', { tenant, named, locale: i18n.language }, { staleMs: 60_000, keepPrevious: true })
  return useMemo(() => {
    const packs = (data?.packs ?? []).map(each => {
      // As the pack calls itself in the person's language, where it does.
      const said = (key: string): string | null => packText(each.pack, key, {}, { locale: i18n.language, format, scale: null, texts: each.screens?.texts })
      return { ...each, title: said('pack.title') ?? each.title, description: said('pack.description') ?? each.description }
    }).toSorted((a, b) => a.title.localeCompare(b.title))
    const byId = new Map(packs.map(each => [each.pack, each]))
    return { packs, known: data !== undefined, error, find: pack => byId.get(pack), config: (pack, section) => settingsOf(byId.get(pack), section) }
  }, [data, error, i18n.language, format])
}

/** What the packs of the document show in the console; screens and attributes come from modules only. */
export function screensIn({ packs }: PackCatalog, document: unknown): PackUi[] {
  const modules = valueAt(document, ['capabilities', 'modules'])
  const named = new Set((Array.isArray(modules) ? modules : []).map(each => valueAt(each, ['pack'])))
  return packs.flatMap(({ pack, screens }) => screens === null ? [] : named.has(pack) ? [screens] : [{ ...screens, ui: null, attributes: [] }])
}

/** Packs that a document names, each with the versions that it takes. The same object until one of them changes. */
function useNamed(document: unknown): Readonly<Record<string, string>> {
  const text = JSON.stringify(namedIn(document))
  return useMemo(() => JSON.parse(text) as Record<string, string>, [text])
}

import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import { packText } from '../../app/pack-texts.ts'
import { usePackScreens } from '../../app/pack-ui.tsx'
import { engineQuery, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import type { JsonSchema } from '../../app/schema-form.ts'
import { useFormat } from '../../app/use-format.ts'

type PackVersion = QueryOutput<'packs'>[number]

/** A pack that a profile may name, in the newest version that is here. */
export interface UsablePack {
  readonly id: string
  readonly title: string
  readonly version: string
  readonly digest: string
  /** Newest first. */
  readonly versions: readonly string[]
  readonly contracts: readonly string[]
}

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

function usable(versions: readonly PackVersion[], titleOf: (pack: string) => string | null): UsablePack[] {
  const offered = versions.filter(({ state }) => state === 'bundled' || state === 'trusted')
  return [...new Set(offered.map(({ id }) => id))].flatMap(id => {
    const each = offered.filter(version => version.id === id)
    const sorted = each.toSorted((a, b) => compareVersions(b.version, a.version))
    const [newest] = sorted
    return newest === undefined ? [] : [{
      id: newest.id, title: titleOf(newest.id) ?? newest.title, version: newest.version, digest: newest.digest,
      versions: [...new Set(sorted.map(({ version }) => version))], contracts: newest.contracts.map(({ contract }) => contract),
    }]
  }).toSorted((a, b) => a.title.localeCompare(b.title))
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(version => version.split(/[.+-]/).map(part => Number.parseInt(part, 10)))
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

export interface PackCatalog {
  readonly packs: readonly UsablePack[]
  readonly known: boolean
  readonly error: Error | null
  /** The settings of a pack; null where they are not known (yet). */
  config(pack: string): JsonSchema | null
  description(pack: string): string | null
  /** Permissions that a pack defines, with the roles that it proposes. */
  permissions(pack: string): readonly { readonly name: string; readonly roles: readonly string[] }[]
}

/** The packs of the site, and what the settings of each may be. */
export function usePackCatalog(): PackCatalog {
  const { data, error } = useEngineQuery('packs', {}, { staleMs: 60_000, keepPrevious: true })
  const { i18n } = useTranslation()
  const format = useFormat()
  const { packs: screens } = usePackScreens()
  // As the pack calls itself in the person's language, where it does.
  const said = useCallback((pack: string, key: string): string | null => packText(pack, key, {}, { locale: i18n.language, format, scale: null, texts: screens.find(each => each.pack === pack)?.texts }), [i18n.language, format, screens])
  const packs = useMemo(() => usable(data ?? [], pack => said(pack, 'pack.title')), [data, said])
  const described = useQueries({
    queries: packs.map(({ digest }) => ({ ...engineQuery('pack', { digest }), staleTime: Infinity })),
    combine: dataOf,
  })
  return useMemo(() => {
    const manifests = new Map(packs.flatMap(({ id }, index) => described[index]?.manifest === null || described[index] === undefined ? [] : [[id, described[index].manifest] as const]))
    return {
      packs, known: data !== undefined, error,
      // Contracts of one pack that take settings all take the same.
      config: pack => manifests.get(pack)?.contracts.map(({ config }) => config).toSorted((a, b) => keys(b) - keys(a))[0] ?? null,
      permissions: pack => manifests.get(pack)?.permissions ?? [],
      description: pack => said(pack, 'pack.description') ?? manifests.get(pack)?.description ?? null,
    }
  }, [packs, described, data, error, said])
}

/** One answer a pack; a stable function, so that the answers are the same object until one changes. */
function dataOf(results: readonly { readonly data: QueryOutput<'pack'> | undefined }[]): readonly (QueryOutput<'pack'> | undefined)[] {
  return results.map(({ data }) => data)
}

function keys(schema: JsonSchema): number {
  return isRecord(schema['properties']) ? Object.keys(schema['properties']).length : 0
}

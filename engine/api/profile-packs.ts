import type { z } from 'zod'
import { partsIn } from '#engine/catalog/capabilities.ts'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { isRecord } from '#engine/core/plain-values.ts'
import type { KnownPack, OpenPack } from '#engine/packs/composition.ts'
import { inLanguage } from '#engine/packs/pack-catalog.ts'
import { newestFirst } from '#engine/packs/version-order.ts'
import { type Available, packGiven } from '#engine/profiles/index.ts'
import type { profilePack } from './contract/pack-ui.ts'
import { wholeScreens } from './pack-screens.ts'

type ProfilePack = z.infer<typeof profilePack>

/** The packs that a profile may name, each in the version that it would take; `named`: the versions that it asks for, by pack. */
export function profilePacks(available: Available, open: (digest: string) => OpenPack | null, named: Readonly<Record<string, string>>, locale: string): ProfilePack[] {
  const ids = [...new Set(available.packs.map(({ manifest }) => manifest.id))].toSorted()
  return ids.flatMap((id): ProfilePack[] => {
    const wish = Object.hasOwn(named, id) ? named[id] : undefined
    const given = packGiven(id, wish ?? '*', available)
    if (given === undefined) return []
    const opened = wish === undefined ? null : open(given.digest)
    const versions = available.packs.map(({ manifest }) => manifest).filter(each => each.id === id).toSorted(newestFirst).map(({ version }) => version)
    return [{ ...described(given, locale), versions: [...new Set(versions)], screens: opened === null ? null : wholeScreens(opened, locale) }]
  })
}

function described({ manifest, catalog }: KnownPack, locale: string): Omit<ProfilePack, 'versions' | 'screens'> {
  const { id, version, title, description, implements: parts, permissions = [] } = manifest
  const own = partsIn('modules', manifest)
  return {
    pack: id, title: inLanguage(catalog?.title ?? title, locale), description: inLanguage(catalog?.documentation ?? description, locale), version,
    contracts: parts.map(({ contract }) => contract), config: mostSettings(parts), moduleConfig: own.length === 0 || own.length === parts.length ? null : mostSettings(own), start: catalog?.start ?? null, permissions: permissions.map(({ name, roles }) => ({ name, roles: [...roles] })),
  }
}

function mostSettings(parts: PackManifest['implements']): Record<string, unknown> {
  const [config = {}] = parts.map(part => part.config).toSorted((a, b) => settingsIn(b) - settingsIn(a))
  return { ...config }
}

function settingsIn({ properties }: Readonly<Record<string, unknown>>): number {
  return isRecord(properties) ? Object.keys(properties).length : 0
}

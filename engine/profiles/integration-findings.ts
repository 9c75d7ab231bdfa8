import type { ContractImplementation } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Finding, Fix } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'
import { findingAt, fixOf, saying } from './finding-texts.ts'
import type { CapabilityEntry, Profile } from './profile-document.ts'

/** Keys of a config that name an integration. */
export function integrationKeys({ config }: ContractImplementation): string[] {
  const properties = (config['properties'] ?? {}) as Readonly<Record<string, { readonly format?: unknown }>>
  return Object.keys(properties).filter(key => properties[key]?.format === 'keelson-target')
}

/** Integrations that no pack of the profile delivers to: they do nothing, and nobody would be told. */
export function unusedIntegrations({ integrations = {}, capabilities: { reactions = [], modules = [] } }: Profile, enabled: readonly KnownPack[], available: readonly KnownPack[], source: ProfileSource): Finding[] {
  const named = new Set([...reactions, ...modules].flatMap((entry: CapabilityEntry) => {
    const parts = enabled.find(({ manifest }) => manifest.id === entry.pack)?.manifest.implements ?? []
    return parts.flatMap(integrationKeys).map(key => entry.config?.[key])
  }))
  return Object.entries(integrations).filter(([name]) => !named.has(name)).map(([name, { kind }]) => {
    const remove = fixOf('remove', { key: name }, { op: 'remove', path: ['integrations', name] })
    const said = saying('integration-unused', { name }, [...deliverers(name, kind, enabled, available), remove])
    return { ...findingAt(source, ['integrations', name], said, 'key'), severity: 'hint' }
  })
}

/** Packs of the site that deliver to whatever integration they are told, with what they begin with. */
function deliverers(name: string, kind: string, enabled: readonly KnownPack[], available: readonly KnownPack[]): Fix[] {
  return available.flatMap(({ manifest: { id, title, version, implements: parts }, catalog }) => {
    const reactors = parts.filter(({ contract }) => contract === 'reactor')
    const [key] = reactors.flatMap(integrationKeys)
    // One pack reacts once: where it delivers elsewhere already, a person decides.
    if (key === undefined || enabled.some(({ manifest }) => manifest.id === id)) return []
    const asksKind = reactors.some(({ config }) => Object.hasOwn(config['properties'] ?? {}, 'kind'))
    const config = { ...catalog?.start, [key]: name, ...asksKind ? { kind } : {} }
    return [fixOf('add-pack', { pack: id, title, version, section: 'reactions' }, { op: 'add', path: ['capabilities', 'reactions'], value: { pack: id, version: `^${version}`, config } })]
  }).slice(0, 3)
}

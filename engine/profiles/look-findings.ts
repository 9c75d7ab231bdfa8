import { ORDER_COLUMNS, SITE_ENTRIES, WORK_ENTRIES } from '#engine/core/console-parts.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'
import { closestName } from './closest-name.ts'
import { findingAt, fixOf, saying } from './finding-texts.ts'
import type { Profile } from './profile-document.ts'

/** Entries of the menu and columns that the profile lists and that nothing brings: they would silently not be there. */
export function lookFindings({ look }: Profile, enabled: readonly KnownPack[], available: readonly KnownPack[], source: ProfileSource): Finding[] {
  // Which entries a pack brings stands in its bytes, which are not at hand here: that it brings screens has to do.
  const screens = enabled.filter(({ manifest }) => manifest.implements.some(({ contract }) => contract === 'ui-module')).map(({ manifest }) => manifest.id)
  const listed = (key: 'navigation' | 'columns', known: readonly string[]): Finding[] => (look?.[key] ?? []).flatMap((name, index, all) => {
    const at = ['look', key, index]
    if (all.indexOf(name) < index) return [findingAt(source, at, saying('twice', { value: name }, [removal(name, at)]))]
    return known.includes(name) || (key === 'navigation' && screens.includes(name.split('.')[0] ?? '')) ? [] : [notBrought(name, at, known, available, source)]
  })
  return [
    ...listed('navigation', [...WORK_ENTRIES, ...SITE_ENTRIES]),
    ...listed('columns', [...ORDER_COLUMNS, ...enabled.flatMap(attributesOf)]),
  ]
}

function notBrought(name: string, at: readonly PathKey[], known: readonly string[], available: readonly KnownPack[], source: ProfileSource): Finding {
  const [pack = ''] = name.split('.')
  const there = name.includes('.') ? available.find(each => each.manifest.id === pack) : undefined
  const meant = closestName(name, known)
  if (there !== undefined && !known.some(each => each.startsWith(`${pack}.`))) {
    const enable = fixOf('add', { key: pack }, { op: 'add', path: ['capabilities', 'modules'], value: { pack, version: `^${there.manifest.version}` } })
    return findingAt(source, at, saying('module-not-enabled', { name, pack }, [removal(name, at), enable]))
  }
  return findingAt(source, at, meant === null ? saying('nothing-brings', { name, known: known.join(', ') }, [removal(name, at)])
    : saying('nothing-brings-misspelt', { name, meant }, [fixOf('set', { value: meant }, { op: 'set', path: at, value: meant }), removal(name, at)]))
}

function removal(name: string, path: readonly PathKey[]) {
  return fixOf('remove', { key: name }, { op: 'remove', path })
}

function attributesOf({ manifest }: KnownPack): string[] {
  return (manifest.attributes ?? []).map(({ name }) => `${manifest.id}.${name}`)
}

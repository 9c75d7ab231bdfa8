import { compare, satisfies } from 'semver'
import { capability, type Capability, sectionFor } from '#engine/catalog/capabilities.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Fix, PathKey } from '#engine/profiles/finding.ts'
import { fixOf } from './finding-texts.ts'
import type { Available } from './resolve-profile.ts'

const MOST = 5

/** What could stand in place of an entry whose pack is not on this site: packs that answer the same, those with words of its name first; what the product answers; nothing. */
export function substitutesFor(name: Capability['name'], { pack, at, alone }: { readonly pack: string; readonly at: readonly PathKey[]; readonly alone: boolean }, { packs, engineVersion }: Available): Fix[] {
  const { defaults, packs: many } = capability(name)
  const wanted = wordsOf(pack)
  const scored = newest(packs.filter(({ manifest }) => sectionFor(manifest) === name && satisfies(engineVersion, manifest.engine, { includePrerelease: true })))
    .map(each => ({ each, score: wanted.filter(word => said(each).includes(word)).length }))
    // Anything can answer a question that must be answered; what only adds something has to sound like it.
    .filter(({ score }) => score > 0 || name === 'pricing' || name === 'approval' || name === 'validation')
    .toSorted((a, b) => b.score - a.score || (a.each.manifest.id < b.each.manifest.id ? -1 : 1))
  return [
    ...scored.slice(0, MOST).map(({ each: { manifest, catalog } }) => {
      const value = { pack: manifest.id, version: `^${manifest.version}`, ...(catalog?.start === undefined ? {} : { config: catalog.start }) }
      return fixOf('use-pack', { pack: manifest.id, title: manifest.title, version: manifest.version, section: name, before: pack }, { op: 'set', path: at, value })
    }),
    ...(many === 'one' || alone ? defaults.map(each => fixOf('use-default', { section: name, default: each }, { op: 'set', path: at, value: { default: each } })) : []),
    ...(many === 'one' || (alone && name === 'validation') ? [] : [fixOf('remove-pack', { pack }, { op: 'remove', path: alone ? at.slice(0, -1) : at })]),
  ]
}

function newest(packs: readonly KnownPack[]): KnownPack[] {
  return [...new Map(packs.toSorted((a, b) => compare(a.manifest.version, b.manifest.version)).map(pack => [pack.manifest.id, pack])).values()]
}

function said({ manifest: { id, title, description } }: KnownPack): string {
  return `${id} ${title} ${description}`.toLowerCase()
}

/** `tiered-v3` → tiered: versions, and words that every such name has, tell nothing. */
function wordsOf(id: string): string[] {
  return id.split('-').filter(word => word.length > 2 && !/^v?\d+$/.test(word) && !['plugin', 'custom', 'adapter', 'rules', 'standard'].includes(word)).map(word => word.replace(/(ed|s|ing)$/, ''))
}

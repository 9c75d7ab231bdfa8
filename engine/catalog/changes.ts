import { satisfies } from 'semver'
import { equal } from '#engine/core/plain-values.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Condition, ValueCondition } from '#engine/packs/pack-catalog.ts'
import type { PathKey, ProfileEdit } from '#engine/profiles/finding.ts'
import { capability, type ProfileSection, sectionFor } from './capabilities.ts'
import { stepFrom } from './condition.ts'
import type { DocumentView, Entry } from './document-view.ts'

/** One thing that a person would change in a profile. */
export interface Change {
  readonly code: 'set-value' | 'add-value' | 'change-version' | 'add-pack' | 'use-pack' | 'use-default' | 'take-value' | 'remove-value' | 'remove-pack'
  readonly values: Readonly<Record<string, string | number>>
  readonly edits: readonly PlainEdit[]
}

/** Constraints are about values, and no value comes from a key of another name. */
export type PlainEdit = Exclude<ProfileEdit, { readonly op: 'rename' }>

/** Values that a place can have, as far as that is known; [] where it is not. */
export type Choices = (address: string) => readonly unknown[]

/** The changes of which some could make a condition hold, or not hold. Whether one does, and what else it does, is the searcher's to look at. */
export function changesOf(condition: Condition, wanted: boolean, view: DocumentView, choices: Choices): Change[] {
  if ('pack' in condition) {
    const present = condition.present !== false
    return present === wanted ? naming(condition.pack, condition.version, view) : withoutPack(condition.pack, condition.version, view)
  }
  const addresses = condition.same === undefined ? [condition.path] : [condition.path, condition.same]
  return [...valueChanges(condition, wanted, view, choices), ...addresses.flatMap(address => aroundValue(address, wanted && condition.present !== false, view))]
}

function naming(id: string, range: string | undefined, view: DocumentView): Change[] {
  const versions = view.versionsOf(id).filter(version => range === undefined || satisfies(version, range, { includePrerelease: true }))
  const entries = view.entriesOf(id)
  const [version] = versions
  if (version === undefined) return []
  if (entries.length > 0) return [versionChange(id, range ?? `^${version}`, entries)]
  const pack = view.packs.find(({ manifest }) => manifest.id === id && manifest.version === version)
  return pack === undefined ? [] : [addition(pack, view)]
}

/** A pack in the place where it belongs: beside the others, or instead of the one that answers there. */
function addition(pack: KnownPack, view: DocumentView): Change {
  const { manifest: { id, version, title }, catalog } = pack
  const section = sectionFor(pack.manifest)
  const entry = { pack: id, version: `^${version}`, ...(catalog?.start === undefined ? {} : { config: catalog.start }) }
  const path = ['capabilities', section]
  if (capability(section).packs === 'one') return { code: 'use-pack', values: { pack: id, title, version, section, before: nameOf(view.entriesIn(section)[0]) }, edits: [{ op: 'set', path, value: entry }] }
  return { code: 'add-pack', values: { pack: id, title, version, section }, edits: [{ op: 'add', path, value: entry }] }
}

function nameOf(entry: Entry | undefined): string {
  return entry === undefined ? '' : entry.pack ?? String(entry.value['default'] ?? '')
}

function versionChange(pack: string, range: string, entries: readonly Entry[]): Change {
  return { code: 'change-version', values: { pack, version: range }, edits: entries.map(({ at }) => ({ op: 'set', path: [...at, 'version'], value: range })) }
}

function withoutPack(id: string, range: string | undefined, view: DocumentView): Change[] {
  const entries = view.entriesOf(id)
  if (entries.length === 0) return []
  const others = range === undefined ? [] : view.versionsOf(id).filter(version => !satisfies(version, range, { includePrerelease: true }))
  const versions = others.map(version => versionChange(id, version, entries))
  const slot = entries.find(({ section }) => capability(section).packs === 'one')
  if (slot !== undefined) return [...versions, ...instead(slot.section, view)]
  const { section } = entries[0] as Entry
  const [fallback] = capability(section).defaults
  // What must say who answers cannot be left empty.
  if (fallback !== undefined && view.entriesIn(section).length === 1) return [...versions, answeredBy(section, fallback, [{ op: 'set', path: ['capabilities', section], value: [{ default: fallback }] }])]
  return [...versions, { code: 'remove-pack', values: { pack: id }, edits: entries.toReversed().map(({ at }) => ({ op: 'remove', path: at })) }]
}

/** Who else could answer in a section that one pack answers. */
function instead(section: ProfileSection, view: DocumentView): Change[] {
  const now = nameOf(view.entriesIn(section)[0])
  const { contract, defaults } = capability(section)
  const ids = new Set(view.packs.filter(({ manifest }) => manifest.implements.some(each => each.contract === contract)).map(({ manifest }) => manifest.id))
  const packs = [...ids].filter(id => id !== now).toSorted().flatMap(id => {
    const pack = view.packs.find(({ manifest }) => manifest.id === id && manifest.version === view.versionsOf(id)[0])
    return pack !== undefined && sectionFor(pack.manifest) === section ? [addition(pack, view)] : []
  })
  return [...packs, ...defaults.filter(each => each !== now).map(each => answeredBy(section, each, [{ op: 'set', path: ['capabilities', section], value: { default: each } }]))]
}

function answeredBy(section: ProfileSection, name: string, edits: readonly PlainEdit[]): Change {
  return { code: 'use-default', values: { section, default: name }, edits }
}

function valueChanges(condition: ValueCondition, wanted: boolean, view: DocumentView, choices: Choices): Change[] {
  const { path: address, is, has, atLeast, atMost, present, same } = condition
  const known = is !== undefined ? [is] : condition.in ?? []
  const set = (values: readonly unknown[], at = address): Change[] => values.flatMap(value => settingOf(at, value, view))
  if (same !== undefined) {
    if (!wanted) return [...set(choices(address)), ...set(choices(same), same), ...removals(address, view), ...removals(same, view)]
    const [one, other] = [view.value(address), view.value(same)]
    return [...other === undefined ? [] : set([other]), ...one === undefined ? [] : set([one], same)]
  }
  if (wanted) {
    if (present !== undefined) return present ? set(choices(address)) : removals(address, view)
    if (has !== undefined) return listChange(address, has, view)
    // Within a bound another constraint may want another value: all that are named are tried.
    const bound = atLeast ?? atMost
    return set(bound === undefined ? known : [bound, ...choices(address)])
  }
  const beside = atLeast !== undefined ? [stepFrom(atLeast, -1)] : atMost !== undefined ? [stepFrom(atMost, 1)] : []
  if (present === false) return set(choices(address))
  return [...has === undefined ? [] : takings(address, has, view), ...set([...beside, ...choices(address)]), ...removals(address, view)]
}

function settingOf(address: string, value: unknown, view: DocumentView): Change[] {
  const path = view.locate(address)
  if (path === null || JSON.stringify(view.value(address)) === JSON.stringify(value)) return []
  return [{ code: 'set-value', values: { path: address, value: shown(value) }, edits: [{ op: 'set', path, value }] }]
}

function listChange(address: string, value: unknown, view: DocumentView): Change[] {
  const path = view.locate(address)
  if (path === null) return []
  const now = view.value(address)
  if (now !== undefined && !Array.isArray(now)) return []
  return [{ code: 'add-value', values: { path: address, value: shown(value) }, edits: [{ op: 'add', path, value }] }]
}

function takings(address: string, value: unknown, view: DocumentView): Change[] {
  const path = view.locate(address)
  const now = view.value(address)
  if (path === null || !Array.isArray(now)) return []
  const indexes = now.flatMap((each, index) => equal(each, value) ? [index] : [])
  return indexes.length === 0 ? [] : [{ code: 'take-value', values: { path: address, value: shown(value) }, edits: indexes.toReversed().map(index => ({ op: 'remove', path: [...path, index] })) }]
}

/** Without the value, or without the section of the config that it stands in: which of them is still a valid profile is the searcher's to see. */
function removals(address: string, view: DocumentView): Change[] {
  const path = view.locate(address)
  if (path === null || view.value(address) === undefined) return []
  const config = path.indexOf('config')
  const shortest = config < 0 ? path.length : config + 2
  return Array.from({ length: path.length - shortest + 1 }, (_, up) => path.slice(0, path.length - up)).map(each => ({
    code: 'remove-value' as const, values: { path: addressOf(address, path, each) }, edits: [{ op: 'remove' as const, path: each }],
  }))
}

function addressOf(address: string, path: readonly PathKey[], shorter: readonly PathKey[]): string {
  return address.split('.').slice(0, address.split('.').length - (path.length - shorter.length)).join('.')
}

/** What changes a value by changing what it belongs to: the pack that has it, or the one who answers there. */
function aroundValue(address: string, needed: boolean, view: DocumentView): Change[] {
  const [root, name = '', third] = address.split('.')
  if (root === 'packs') return view.entriesOf(name).length === 0 ? naming(name, undefined, view) : needed ? [] : withoutPack(name, undefined, view)
  const slot = root === 'capabilities' && third !== undefined && (name === 'pricing' || name === 'approval')
  return slot ? instead(name, view) : []
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

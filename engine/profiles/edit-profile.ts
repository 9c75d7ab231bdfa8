import { satisfies } from 'semver'
import { type Document, isMap, isSeq } from 'yaml'
import type { KnownPack } from '#engine/packs/composition.ts'
import { refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import { applyEdits } from '#engine/profiles/edits.ts'
import type { ProfileEdit } from '#engine/profiles/finding.ts'
import { openDocument } from '#engine/profiles/open-document.ts'
import { CAPABILITIES, type ProfileSection, sectionFor } from '#engine/catalog/capabilities.ts'
import { readProfile } from './read-profile.ts'

const SECTIONS = CAPABILITIES.map(({ name }) => name)

/** Where a profile names a pack. */
export function sectionsNaming(source: string, pack: string): ProfileSection[] {
  const { document } = openDocument(source)
  return SECTIONS.filter(section => entriesOf(document, section).some(entry => entry.name === pack))
}

/**
 * The profile with a pack in this version: where it names the pack already its range is widened if need be, else the pack
 * is added where it belongs; a pricing or approval policy takes the place of the one before. Comments and layout stay.
 * Without a config, one that is added begins with what its catalog says.
 */
export function withPack(source: string, { manifest, catalog }: Pick<KnownPack, 'manifest' | 'catalog'>, config?: Readonly<Record<string, unknown>>): string {
  const { document } = openDocument(source)
  const range = `^${manifest.version}`
  const named = SECTIONS.flatMap(section => entriesOf(document, section)).filter(({ name }) => name === manifest.id)
  const edits = named.flatMap(({ path, version }): ProfileEdit[] => [
    ...(satisfies(manifest.version, version ?? '*') ? [] : [{ op: 'set' as const, path: [...path, 'version'], value: range }]),
    ...(config === undefined ? [] : [{ op: 'set' as const, path: [...path, 'config'], value: config }]),
  ])
  if (named.length === 0) {
    const section = sectionFor(manifest)
    const begins = config ?? catalog?.start
    const value = { pack: manifest.id, version: range, ...(begins === undefined ? {} : { config: begins }) }
    edits.push({ op: section === 'pricing' || section === 'approval' ? 'set' : 'add', path: ['capabilities', section], value })
  }
  const edited = applyEdits(source, edits)
  if (!edited.ok) throw new RefusalError(edited.refusal)
  return edited.value
}

/** The profile without a pack. Refuses with KS-PACK-NAMED where nobody else would answer what it answers. */
export function withoutPack(source: string, pack: string): Result<string> {
  const { document } = openDocument(source)
  const edits: ProfileEdit[] = []
  for (const section of sectionsNaming(source, pack)) {
    const entries = entriesOf(document, section)
    const alone = entries.every(entry => entry.name === pack)
    if (section === 'pricing' || section === 'approval' || (section === 'validation' && alone)) {
      return refuse('KS-PACK-NAMED', `The profile names ${pack} for ${section}, and nobody else would answer there.`,
        `Publish a profile that names another pack for ${section} first.`, { pack, section })
    }
    if (alone) edits.push({ op: 'remove', path: ['capabilities', section] })
    else edits.push(...entries.filter(({ name }) => name === pack).toReversed().map(({ path }): ProfileEdit => ({ op: 'remove', path })))
  }
  const edited = applyEdits(source, edits)
  if (!edited.ok) return edited
  const read = readProfile(edited.value)
  return read.ok ? edited : read
}

function entriesOf(document: Document, section: ProfileSection): { path: (string | number)[]; name: string | null; version: string | null }[] {
  const node = document.getIn(['capabilities', section])
  const paths = isSeq(node) ? node.items.map((_, index) => ['capabilities', section, index]) : isMap(node) ? [['capabilities', section]] : []
  return paths.map(path => ({ path, name: textAt(document, [...path, 'pack']), version: textAt(document, [...path, 'version']) }))
}

function textAt(document: Document, path: readonly (string | number)[]): string | null {
  const value = document.getIn(path)
  return typeof value === 'string' ? value : null
}

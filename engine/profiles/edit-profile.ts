import { satisfies } from 'semver'
import { type Document, isMap, isSeq, parseDocument } from 'yaml'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { CAPABILITIES, type ProfileSection, sectionFor } from '#engine/catalog/capabilities.ts'
import { readProfile } from './read-profile.ts'

const SECTIONS = CAPABILITIES.map(({ name }) => name)

/** Where a profile names a pack. */
export function sectionsNaming(source: string, pack: string): ProfileSection[] {
  const document = open(source)
  return SECTIONS.filter(section => entriesOf(document, section).some(entry => entry.name === pack))
}

/**
 * The profile with a pack in this version: where it names the pack already its range is widened if need be, else the pack
 * is added where it belongs; a pricing or approval policy takes the place of the one before. Comments and layout stay.
 */
export function withPack(source: string, manifest: PackManifest, config?: Readonly<Record<string, unknown>>): string {
  const document = open(source)
  const range = `^${manifest.version}`
  const named = sectionsNaming(source, manifest.id)
  for (const section of named) {
    for (const { path, name, version } of entriesOf(document, section)) {
      if (name !== manifest.id) continue
      if (!satisfies(manifest.version, version ?? '*')) document.setIn([...path, 'version'], range)
      if (config !== undefined) document.setIn([...path, 'config'], document.createNode(config))
    }
  }
  if (named.length === 0) {
    const entry = document.createNode({ pack: manifest.id, version: range, ...(config === undefined ? {} : { config }) })
    const section = sectionFor(manifest)
    if (section === 'pricing' || section === 'approval') document.setIn(['capabilities', section], entry)
    else if (isSeq(document.getIn(['capabilities', section]))) document.addIn(['capabilities', section], entry)
    else document.setIn(['capabilities', section], document.createNode([entry]))
  }
  return named.length > 0 && document.toString() === open(source).toString() ? source : textOf(document, source)
}

/** The profile without a pack. Refuses with KS-PACK-NAMED where nobody else would answer what it answers. */
export function withoutPack(source: string, pack: string): Result<string> {
  const document = open(source)
  for (const section of sectionsNaming(source, pack)) {
    const entries = entriesOf(document, section)
    const needed = section === 'pricing' || section === 'approval' || (section === 'validation' && entries.every(entry => entry.name === pack))
    if (needed) {
      return refuse('KS-PACK-NAMED', `The profile names ${pack} for ${section}, and nobody else would answer there.`,
        `Publish a profile that names another pack for ${section} first.`, { pack, section })
    }
    for (const { path, name } of entries.toReversed()) if (name === pack) document.deleteIn(path)
    const list = document.getIn(['capabilities', section])
    if (isSeq(list) && list.items.length === 0) document.deleteIn(['capabilities', section])
  }
  const text = textOf(document, source)
  const read = readProfile(text)
  return read.ok ? ok(text) : read
}

/** In the form that the source has: JSON stays JSON. */
function textOf(document: Document, source: string): string {
  return source.trimStart().startsWith('{') ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString()
}

function open(source: string): Document {
  return parseDocument(source, { version: '1.2' })
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

import { compare, maxSatisfying } from 'semver'
import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { CAPABILITIES, type ProfileSection } from './capabilities.ts'
import type { PlainEdit } from './changes.ts'
import type { View } from './condition.ts'

/** An entry of a profile's `capabilities:` and where it stands. */
export interface Entry {
  readonly section: ProfileSection
  readonly at: readonly PathKey[]
  readonly pack: string | null
  readonly value: Readonly<Record<string, unknown>>
}

/** A profile document as plain values, looked at beside the packs of the site. */
export class DocumentView implements View {
  readonly document: unknown
  readonly packs: readonly KnownPack[]
  readonly #entries: readonly Entry[]

  constructor(document: unknown, packs: readonly KnownPack[]) {
    this.document = document
    this.packs = packs
    this.#entries = CAPABILITIES.flatMap(({ name, packs: many }) => {
      const found = valueAt(document, ['capabilities', name])
      const entry = (value: unknown, at: readonly PathKey[]): Entry[] => !isRecord(value) ? []
        : [{ section: name, at, pack: typeof value['pack'] === 'string' ? value['pack'] : null, value }]
      return many === 'one' ? entry(found, ['capabilities', name]) : (Array.isArray(found) ? found : []).flatMap((each, index) => entry(each, ['capabilities', name, index]))
    })
  }

  entriesIn(section: ProfileSection): readonly Entry[] {
    return this.#entries.filter(entry => entry.section === section)
  }

  entriesOf(pack: string): readonly Entry[] {
    return this.#entries.filter(entry => entry.pack === pack)
  }

  /** The highest version on this site that the profile takes; '' where it takes none of them. */
  pack(id: string): string | null {
    const [entry] = this.entriesOf(id)
    if (entry === undefined) return null
    const range = entry.value['version']
    return maxSatisfying(this.versionsOf(id), typeof range === 'string' ? range : '*') ?? ''
  }

  value(address: string): unknown {
    const path = this.locate(address)
    return path === null ? undefined : valueAt(this.document, path)
  }

  /** Where an address stands in this document; null where it lies in a pack that the profile does not name. */
  locate(address: string): readonly PathKey[] | null {
    const keys = address.split('.')
    if (keys[0] !== 'packs') return keys.map((key, index) => Array.isArray(valueAt(this.document, keys.slice(0, index))) && /^\d+$/.test(key) ? Number(key) : key)
    const [entry] = this.entriesOf(keys[1] ?? '')
    return entry === undefined ? null : [...entry.at, ...keys.slice(2)]
  }

  /** Versions of a pack on this site, highest first. */
  versionsOf(id: string): string[] {
    return [...new Set(this.packs.filter(({ manifest }) => manifest.id === id).map(({ manifest }) => manifest.version))].toSorted((a, b) => compare(b, a))
  }

  edited(edits: readonly PlainEdit[]): DocumentView {
    return new DocumentView(edits.reduce(editedValue, this.document), this.packs)
  }
}

/** Plain values with one edit made, as `applyEdits` makes it in a text; only what lies on the way to it is copied. */
function editedValue(document: unknown, edit: PlainEdit): unknown {
  const [key, ...rest] = edit.path
  if (key === undefined) {
    if (edit.op === 'set') return edit.value
    if (edit.op === 'add') return [...(Array.isArray(document) ? document : []), edit.value]
    return undefined
  }
  if (edit.op === 'remove' && valueAt(document, edit.path) === undefined) return document
  const isList = Array.isArray(document)
  if (edit.op === 'remove' && rest.length === 0) {
    return isList ? document.filter((_, index) => index !== key) : Object.fromEntries(Object.entries(document as object).filter(([name]) => name !== String(key)))
  }
  const below = editedValue(valueAt(document, [key]), { ...edit, path: rest })
  if (isList) return document.map((value: unknown, index) => index === key ? below : value)
  return { ...(isRecord(document) ? document : {}), [key]: below }
}

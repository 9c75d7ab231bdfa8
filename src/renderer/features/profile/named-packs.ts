import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'

/** Where a document names a pack. */
interface NamedPack {
  readonly pack: string
  /** The versions that it takes; `*` where it does not say. */
  readonly version: string
  readonly at: readonly PathKey[]
}

/** Every place under the capabilities of a document that names a pack. */
export function entriesIn(document: unknown): NamedPack[] {
  const capabilities = valueAt(document, ['capabilities'])
  return Object.entries(isRecord(capabilities) ? capabilities : {}).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).flatMap((entry, index) => {
    const [pack, version] = [valueAt(entry, ['pack']), valueAt(entry, ['version'])]
    return typeof pack === 'string' ? [{ pack, version: typeof version === 'string' ? version : '*', at: ['capabilities', name, ...(Array.isArray(value) ? [index] : [])] }] : []
  }))
}

/** Packs that a document names, each with the versions that it takes. */
export function namedIn(document: unknown): Record<string, string> {
  return Object.fromEntries(entriesIn(document).map(({ pack, version }) => [pack, version]))
}

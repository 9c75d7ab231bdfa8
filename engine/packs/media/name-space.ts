import { ok, type Result } from '#engine/core/refusal.ts'
import { refuseMedia } from './refusals.ts'

/**
 * What a signer may speak for: patterns `PUBLISHER/PACK`, each part a name, or the beginning of one with a `*`.
 *
 * @example ['acme/*', 'acme-labs/loyalty']
 */
export type NameSpace = readonly string[]

/** The packs that come with the product: only its own root may speak for them. */
export const PRODUCT_NAMES: NameSpace = ['keelson/*']

export const EVERYTHING: NameSpace = ['*/*']

const pattern = /^(?:\*|[a-z][a-z0-9-]{0,59}\*?)\/(?:\*|[a-z][a-z0-9-]{0,59}\*?)$/

export function checkNameSpace(nameSpace: NameSpace): Result<NameSpace> {
  const bad = nameSpace.find(entry => !pattern.test(entry))
  if (bad !== undefined || nameSpace.length === 0) return refuseMedia('KS-TRUST-NAMESPACE-FORM', { nameSpace: bad ?? '' })
  return ok(nameSpace)
}

export function covers(nameSpace: NameSpace, publisher: string, pack: string): boolean {
  return nameSpace.some(entry => {
    const [publishers = '', packs = ''] = entry.split('/')
    return partCovers(publishers, publisher) && partCovers(packs, pack)
  })
}

/** The first two patterns of both that some pack would fit. */
export function overlap(one: NameSpace, other: NameSpace): { readonly one: string; readonly other: string } | null {
  for (const a of one) {
    for (const b of other) {
      const [publishersA = '', packsA = ''] = a.split('/')
      const [publishersB = '', packsB = ''] = b.split('/')
      if (partsMeet(publishersA, publishersB) && partsMeet(packsA, packsB)) return { one: a, other: b }
    }
  }
  return null
}

/** The paths of targets that a pattern stands for, as TUF writes them; a pack lies at `PUBLISHER/PACK/VERSION.kpack`. */
export function pathsOf(nameSpace: NameSpace): string[] {
  return nameSpace.map(entry => `${entry}/*`)
}

/** The patterns behind the paths of a delegation; null where one is no such path. */
export function nameSpaceOf(paths: readonly string[]): NameSpace | null {
  const entries = paths.map(path => path.endsWith('/*') ? path.slice(0, -2) : '')
  return checkNameSpace(entries).ok ? entries : null
}

function partCovers(part: string, name: string): boolean {
  return part.endsWith('*') ? name.startsWith(part.slice(0, -1)) : part === name
}

function partsMeet(a: string, b: string): boolean {
  if (a.endsWith('*') && b.endsWith('*')) return a.startsWith(b.slice(0, -1)) || b.startsWith(a.slice(0, -1))
  return a.endsWith('*') ? partCovers(a, b) : partCovers(b, a)
}

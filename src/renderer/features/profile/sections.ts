import type { PathKey } from '#engine/profiles/finding.ts'

/** Parts of the editor, in the order in which a customer is described. */
export const SECTIONS = ['general', 'capabilities', 'pricing', 'approvals', 'validation', 'integrations', 'attributes', 'roles', 'organisation', 'look', 'publishing'] as const
export type SectionId = (typeof SECTIONS)[number]

/** What each section shows of the document; the longest that fits a path wins. What is placed nowhere is among the general. */
const PLACES: readonly (readonly [string, SectionId])[] = [
  ['capabilities', 'capabilities'], ['capabilities.modules', 'capabilities'], ['capabilities.pricing', 'pricing'], ['capabilities.approval', 'approvals'],
  ['capabilities.confirmation', 'approvals'], ['capabilities.validation', 'validation'], ['capabilities.reactions', 'integrations'], ['integrations', 'integrations'],
  ['attributes', 'attributes'], ['permissions', 'roles'], ['roles', 'roles'], ['entitlements', 'roles'], ['organisation', 'organisation'], ['accounts', 'organisation'],
  ['look', 'look'], ['publishing', 'publishing'], ['constraints', 'publishing'],
]

export function sectionOf(path: readonly PathKey[]): SectionId {
  const text = path.join('.')
  return PLACES.filter(([place]) => text === place || text.startsWith(`${place}.`)).toSorted(([a], [b]) => b.length - a.length)[0]?.[1] ?? 'general'
}

/** Sections at the top of the document that a section of the editor shows whole. */
export function topKeys(section: SectionId): readonly string[] {
  return PLACES.filter(([place, of]) => of === section && !place.includes('.') && place !== 'capabilities').map(([place]) => place)
}

/** Keys at the top of the document that some section shows; the rest is general. */
export function isPlaced(key: string): boolean {
  return PLACES.some(([place]) => place === key)
}

/** Places of the document that a section shows, as texts. */
export function placeOfSection(section: SectionId): readonly string[] {
  return PLACES.filter(([, of]) => of === section).map(([place]) => place)
}

import type { Change } from '#engine/catalog/changes.ts'
import { CAPABILITIES, partsIn } from '#engine/catalog/capabilities.ts'
import { checkConstraints } from '#engine/catalog/check-constraints.ts'
import { nameOfConstraint, packNeeds, profileConstraints, siteConstraints } from '#engine/catalog/constraint.ts'
import { DocumentView, type Entry } from '#engine/catalog/document-view.ts'
import { inLanguage } from '#engine/packs/pack-catalog.ts'
import type { Finding, Fix } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import { isValidConfig } from './check-config.ts'
import { findingAt, fixOf, saying } from './finding-texts.ts'
import { type Profile, profileSchema } from './profile-document.ts'
import type { Available } from './resolve-profile.ts'

const SEVERITIES = { requires: 'error', conflicts: 'error', discourages: 'warning', recommends: 'hint' } as const

/** The constraints that a profile breaks: the product's, those of its packs, its own; each with the smallest changes that mend it. */
export function constraintFindings(profile: Profile, { packs, locale = 'en' }: Pick<Available, 'packs' | 'locale'>, source: ProfileSource): Finding[] {
  const document = documentOf(profile)
  let faulty: ReadonlySet<string> | undefined
  const constraints = [...siteConstraints(packs), ...profileConstraints(profile.constraints)]
  return checkConstraints(document, { constraints, needs: packNeeds(packs), packs, accepts: changed => isProfile(changed, packs, faulty ??= faultyEntries(document, packs)) }).map(({ constraint, at, fixes }) => ({
    ...findingAt(source, at, saying(`broken-${constraint.kind}`, { because: inLanguage(constraint.because, locale), constraint: nameOfConstraint(constraint) }, fixes.map(changes => fixFor(changes.map(change => inWords(change, packs, locale)))))),
    severity: SEVERITIES[constraint.kind],
  }))
}

/** A change that names a pack calls it what the pack calls itself in the person's language. */
function inWords(change: Change, packs: readonly KnownPack[], locale: string): Change {
  const { pack: id, version } = change.values
  const title = packs.find(({ manifest }) => manifest.id === id && manifest.version === version)?.catalog?.title
  return title === undefined || change.values['title'] === undefined ? change : { ...change, values: { ...change.values, title: inLanguage(title, locale) } }
}

/** One click that makes all of these changes. */
export function fixFor(changes: readonly Change[]): Fix {
  const [first, second] = changes.map(({ code, values, edits }) => fixOf(code, values, ...edits))
  if (first === undefined) throw new Error('a fix without a change')
  if (second === undefined) return first
  const steps = [first, second].map(({ label, code, values }) => ({ label, code, values }))
  return { ...fixOf('steps', { first: first.label, second: second.label }, ...first.edits, ...second.edits), steps }
}

/** What the profile says, without how it was written. Accounts are many, and nothing goes together with one of them. */
function documentOf({ source: _source, digest: _digest, accounts: _accounts, ...document }: Profile): object {
  return document
}

/** Whether the document is a profile whose packs take their configs, but for those that were at fault before. */
function isProfile(document: unknown, packs: readonly KnownPack[], before: ReadonlySet<string>): boolean {
  return profileSchema.safeParse(document).success && [...faultyEntries(document, packs)].every(entry => before.has(entry))
}

function faultyEntries(document: unknown, packs: readonly KnownPack[]): Set<string> {
  const view = new DocumentView(document, packs)
  return new Set(CAPABILITIES.flatMap(({ name }) => view.entriesIn(name).filter(entry => !takesConfig(entry, view)).map(({ value }) => JSON.stringify(value))))
}

function takesConfig({ pack: id, value, section }: Entry, view: DocumentView): boolean {
  const version = id === null ? null : view.pack(id)
  const found = view.packs.find(({ manifest }) => manifest.id === id && manifest.version === version)
  return found === undefined || partsIn(section, found.manifest).every(part => isValidConfig(value['config'] ?? {}, part.config))
}

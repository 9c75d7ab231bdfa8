import { type Document, isMap, isScalar, visit } from 'yaml'
import { ok, type Result } from '#engine/core/refusal.ts'
import { applyEdits, documentText } from './edits.ts'
import type { ProfileEdit } from './finding.ts'
import { openDocument } from './open-document.ts'
import { isShortForm, liftShortForm } from './short-form.ts'

/** The version of the profile document that is written today. */
export const SCHEMA_VERSION = 2

/** How a document is written: as today, in schema 1, or in the short form in which customers are first described. */
export type DocumentForm = 'current' | 'schema-1' | 'short'

/** What schema 2 calls otherwise than schema 1; everything else of schema 1 is as it was. */
export const FROM_SCHEMA_1: readonly ProfileEdit[] = [
  { op: 'set', path: ['schema'], value: SCHEMA_VERSION },
  { op: 'rename', path: ['targets'], to: 'integrations' },
]

/** Makes a document one of today, in place; its values keep their places in the text. */
export function lift(document: Document): DocumentForm {
  const { contents } = document
  if (!isMap(contents)) return 'current'
  if (contents.get('schema') === 1) {
    const schema = contents.get('schema', true)
    if (isScalar(schema)) schema.value = SCHEMA_VERSION
    const targets = contents.items.find(({ key }) => isScalar(key) && key.value === 'targets')?.key
    if (isScalar(targets) && !contents.has('integrations')) targets.value = 'integrations'
    return 'schema-1'
  }
  // What an alias stands for would be left behind, or passed over: whoever writes so writes more than a few lines.
  if (!isShortForm(contents) || hasAliases(document)) return 'current'
  liftShortForm(document)
  return 'short'
}

function hasAliases(document: Document): boolean {
  let found = false
  visit(document, { Alias() { found = true; return visit.BREAK } })
  return found
}

/** A profile's text as it is written today, with its comments; one of today, and one that cannot be read, stays as it is. */
export function migrateProfile(text: string): Result<{ readonly text: string; readonly from: DocumentForm }> {
  const { document, faults } = openDocument(text)
  if (faults.length > 0) return ok({ text, from: 'current' })
  const from = lift(document)
  if (from === 'current') return ok({ text, from })
  if (from === 'short') return ok({ text: documentText(document, text), from })
  const edited = applyEdits(text, FROM_SCHEMA_1)
  return edited.ok ? ok({ text: edited.value, from }) : edited
}

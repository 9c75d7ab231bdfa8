import { type Document, isCollection, isMap, isSeq, parseDocument } from 'yaml'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { PathKey, ProfileEdit } from './finding.ts'

/**
 * A profile's text with edits made one after the other. Comments and layout stay, JSON stays JSON. Refuses with
 * KS-PROFILE-EDIT where the text cannot be read, or where an edit names a place that there cannot be.
 */
export function applyEdits(source: string, edits: readonly ProfileEdit[]): Result<string> {
  if (edits.length === 0) return ok(source)
  const document = parseDocument(source, { version: '1.2' })
  if (document.errors.length > 0) return refuse('KS-PROFILE-EDIT', 'The profile cannot be changed while its text cannot be read.', 'Correct the text first; the findings say where.')
  for (const edit of edits) {
    const refused = apply(document, edit)
    if (refused !== null) return refused
  }
  return ok(isJson(source) ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString({ lineWidth: 0, singleQuote: true }))
}

function apply(document: Document, edit: ProfileEdit): Extract<Result<string>, { ok: false }> | null {
  const where = edit.path.join('.')
  if (edit.op === 'remove') {
    if (document.hasIn(edit.path)) document.deleteIn(edit.path)
    return null
  }
  if (edit.op === 'add') {
    const list: unknown = document.getIn(edit.path)
    if (isSeq(list)) list.add(document.createNode(edit.value))
    else if (list === undefined || list === null) return apply(document, { op: 'set', path: edit.path, value: [edit.value] })
    else return refuse('KS-PROFILE-EDIT', `There is no list at ${where}.`, 'Name a list, or a place where there is nothing yet.', { path: where })
    return null
  }
  if (edit.path.length === 0) {
    document.contents = document.createNode(edit.value)
    return null
  }
  const parent = parentOf(document, edit.path)
  if (parent !== null) return refuse('KS-PROFILE-EDIT', `There can be no ${where}: ${parent.join('.')} is no section.`, 'Correct the value above it first.', { path: where })
  // A plain value set over another keeps its quotes.
  document.setIn(edit.path, typeof edit.value === 'object' ? document.createNode(edit.value) : edit.value)
  return null
}

/** The place above a path that holds a plain value, and so nothing below it; null where there is none. */
function parentOf(document: Document, path: readonly PathKey[]): readonly PathKey[] | null {
  for (let length = 0; length < path.length; length++) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (node === undefined || node === null) return null
    if (!isCollection(node)) return path.slice(0, length)
    if (isSeq(node) && typeof path[length] !== 'number') return path.slice(0, length)
    if (isMap(node) && node.items.length === 0) return null
  }
  return null
}

function isJson(source: string): boolean {
  return source.trimStart().startsWith('{')
}

import { type Document, isCollection, isMap, isScalar, isSeq } from 'yaml'
import { ok, refuse, type Refusal, type Result } from '#engine/core/refusal.ts'
import { equal } from '#engine/core/plain-values.ts'
import type { PathKey, ProfileEdit } from './finding.ts'
import { openDocument, type OpenedDocument } from './open-document.ts'
import { spliceEdit } from './splice-edit.ts'

/**
 * A profile's text with edits made one after the other. Comments and layout stay, JSON stays JSON. Refuses with
 * KS-PROFILE-EDIT where the text cannot be read, or where an edit names a place that there cannot be.
 */
export function applyEdits(source: string, edits: readonly ProfileEdit[]): Result<string> {
  if (edits.length === 0) return ok(source)
  let text = source
  let opened: OpenedDocument | null = null
  for (const edit of edits) {
    const now: OpenedDocument = opened ?? openDocument(text)
    const { document } = now
    if (now.faults.length > 0) return refuse('KS-PROFILE-EDIT', 'The profile cannot be changed while its text cannot be read.', 'Correct the text first; the findings say where.')
    const spliced = isJson(source) ? null : spliceEdit(text, document, edit)
    const refusal = editDocument(document, edit)
    if (refusal !== null) return { ok: false, refusal }
    opened = spliced === null ? null : openedAs(spliced, document)
    text = spliced !== null && opened !== null ? spliced : documentText(document, source)
  }
  return ok(text)
}

/** The text opened, where it says what is wanted; null where it says anything else. */
function openedAs(text: string, wanted: Document): OpenedDocument | null {
  const opened = openDocument(text)
  return opened.faults.length === 0 && equal(opened.value, wanted.toJS()) ? opened : null
}

/** A document as text, in the form that the text it came from has. */
export function documentText(document: Document, source: string): string {
  return isJson(source) ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString({ lineWidth: 0, singleQuote: true })
}

function editDocument(document: Document, edit: ProfileEdit): Refusal | null {
  const where = edit.path.join('.')
  if (edit.op === 'remove') {
    if (edit.path.length > 0 && document.hasIn(edit.path)) document.deleteIn(edit.path)
    return null
  }
  if (edit.op === 'rename') {
    const parent = document.getIn(edit.path.slice(0, -1), true)
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === edit.path.at(-1)) : undefined
    if (isMap(parent) && isScalar(pair?.key) && !parent.has(edit.to)) pair.key.value = edit.to
    return null
  }
  if (edit.op === 'move') return move(document, edit.path, edit.to)
  if (edit.op === 'add') {
    const list: unknown = document.getIn(edit.path)
    if (isSeq(list)) list.add(document.createNode(edit.value))
    else if (list === undefined || list === null) return editDocument(document, { op: 'set', path: edit.path, value: [edit.value] })
    else return { code: 'KS-PROFILE-EDIT', message: `There is no list at ${where}.`, remedy: 'Name a list, or a place where there is nothing yet.', values: { path: where } }
    return null
  }
  if (edit.path.length === 0) {
    document.contents = document.createNode(edit.value)
    return null
  }
  const leaf = leafAbove(document, edit.path)
  if (leaf !== null) return { code: 'KS-PROFILE-EDIT', message: `There can be no ${where}: ${leaf.join('.')} is no section.`, remedy: 'Correct the value above it first.', values: { path: where } }
  // A plain value set over another keeps its quotes.
  document.setIn(edit.path, typeof edit.value === 'object' ? document.createNode(edit.value) : edit.value)
  return null
}

function move(document: Document, path: readonly PathKey[], to: number): Refusal | null {
  const list: unknown = document.getIn(path.slice(0, -1))
  const from = path.at(-1)
  if (!isSeq(list) || typeof from !== 'number' || from >= list.items.length || to < 0 || to >= list.items.length) {
    const where = path.join('.')
    return { code: 'KS-PROFILE-EDIT', message: `There is no entry at ${where} that could move to place ${to + 1}.`, remedy: 'Name an entry of a list, and a place in the same list.', values: { path: where } }
  }
  list.items.splice(to, 0, ...list.items.splice(from, 1))
  return null
}

/** The place above a path that holds a plain value, and so nothing below it; null where there is none. */
function leafAbove(document: Document, path: readonly PathKey[]): readonly PathKey[] | null {
  for (let length = 0; length < path.length; length++) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (node === undefined || node === null) return null
    if (!isCollection(node) || (isSeq(node) && typeof path[length] !== 'number')) return path.slice(0, length)
  }
  return null
}

function isJson(source: string): boolean {
  return source.trimStart().startsWith('{')
}

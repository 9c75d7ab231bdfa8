import { type Completion, type CompletionContext, type CompletionResult, type CompletionSource, startCompletion } from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'
import type { TFunction } from 'i18next'
import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { JsonSchema } from '../../app/schema-form.ts'
import { valueNode } from '../../app/value-schema.ts'
import { DEFAULTS, packsFor } from './pack-catalog.ts'
import { placeInSource, type SourcePlace } from './place-in-source.ts'
import { type Found, keysOf, schemaAt } from './schema-at.ts'
import type { ProfileEditor } from './use-profile-editor.ts'

type About = Pick<ProfileEditor, 'document' | 'schemas' | 'catalog' | 'words' | 'editing'>

/** Keys and values that may stand at the cursor, from the schemas of the document and of the packs that it names; `nothing` is told whether there are none, as before the schemas have come. */
export function profileCompletion(about: () => About, t: TFunction, nothing: (none: boolean) => void): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const place = placeInSource(context.state.doc.toString(), context.pos)
    if (!context.explicit && place.word === '' && place.writes === 'key') return null
    const now = about()
    const options = now.schemas === null ? [] : place.writes === 'key' ? keyOptions(place, now) : valueOptions(place, now, t)
    nothing(options.length === 0)
    return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w'"./^~ -]*$/ }
  }
}

function keyOptions(place: SourcePlace, { document, schemas, words }: About): Completion[] {
  const found = schemas === null ? null : schemaAt(place.path, document.value, schemas)
  if (found === null) return []
  const value = valueAt(document.value, place.path)
  const there = isRecord(value) ? Object.keys(value) : []
  return keysOf(found, value).filter(({ key }) => key === place.word || !there.includes(key)).map(({ key, schema, required }) => ({
    label: key, type: 'property', detail: words.label([...place.path, key], schema), info: words.hint([...place.path, key], schema) ?? '', boost: required ? 1 : 0,
    apply: (view, _completion, from, to) => { insertKey(view, key, valueNode(schema, found.root).kind, place, from, to) },
  }))
}

function insertKey(view: EditorView, key: string, kind: string, place: SourcePlace, from: number, to: number): void {
  const deeper = `\n${' '.repeat(place.column + 2)}`
  const after = place.inline ? ': ' : kind === 'group' || kind === 'map' || kind === 'variants' ? `:${deeper}` : kind === 'list' ? `:${deeper}- ` : ': '
  // What stands after the key already stays.
  const rest = view.state.doc.lineAt(to).text.slice(to - view.state.doc.lineAt(to).from)
  const insert = rest.startsWith(':') ? key : key + after
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: 'input.complete' })
  if (!rest.startsWith(':')) startCompletion(view)
}

function valueOptions(place: SourcePlace, { document, schemas, catalog, words, editing }: About, t: TFunction): Completion[] {
  const { path } = place
  const capability = path[0] === 'capabilities' && path.length <= 4 ? String(path[1]) : null
  const key = path.at(-1)
  if (capability !== null && key === 'pack') return packsFor(capability, catalog.packs).map(({ pack, title }) => ({ label: pack, detail: title, type: 'class' }))
  if (capability !== null && key === 'default') return (DEFAULTS[capability] ?? []).map(name => ({ label: name, detail: t(`profile-editor:default.${name}`), type: 'enum' }))
  if (capability !== null && key === 'version') {
    const pack = valueAt(document.value, [...path.slice(0, -1), 'pack'])
    return (catalog.find(String(pack))?.versions ?? []).map(version => ({ label: `^${version}`, type: 'constant' }))
  }
  const found = schemas === null ? null : schemaAt(path, document.value, schemas)
  if (found === null) return []
  const suggested = editing.suggest(path, found.schema)
  if (suggested !== null) return suggested.known.map(({ value, label }) => ({ label: value, type: 'constant', ...(label === value ? {} : { detail: label }) }))
  return schemaValues(found, path, words)
}

function schemaValues({ schema, root }: Found, path: SourcePlace['path'], words: About['words']): Completion[] {
  const node = valueNode(schema, root)
  if (node.kind === 'boolean') return ['true', 'false'].map(label => ({ label, type: 'keyword' }))
  const { default: fallback } = node.schema
  const offered: readonly (string | number)[] = node.kind === 'choice' ? node.options : typeof fallback === 'string' || typeof fallback === 'number' ? [fallback] : []
  return offered.map(option => {
    const said = words.option(path, node.schema, option)
    return { label: sourceOf(option, node.schema), type: 'enum', ...(said === String(option) ? {} : { detail: said }), ...(option === fallback ? { boost: 1 } : {}) }
  })
}

/** A text that would read as something else stands in quotes. */
function sourceOf(option: string | number, schema: JsonSchema): string {
  const text = String(option)
  return typeof option === 'string' && (/^[\d.+-]/.test(text) || ['true', 'false', 'null', 'yes', 'no', ''].includes(text) || (schema['type'] === 'string' && text.includes('#'))) ? `'${text}'` : text
}

import { Autocomplete, Button, Checkbox, ColorInput, MultiSelect, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PathKey } from '#engine/profiles/finding.ts'
import { intlLocale } from '../app/i18n.ts'
import { type Complaint, isSchema, type JsonSchema, optionsOf, readText } from '../app/schema-form.ts'
import { typedNumber } from '../app/typed-number.ts'
import type { ValueNode } from '../app/value-schema.ts'
import { useComplaint } from './schema-form.tsx'
import { pathText, type Suggestion, useValueEditing, type ValueEditing } from './value-editing.ts'
import classes from './value-form.module.css'

/** Whether one field shows it. */
export function isScalar(node: ValueNode): boolean {
  return !['group', 'list', 'map', 'variants'].includes(node.kind)
}

interface ScalarProps {
  readonly node: ValueNode
  readonly path: readonly PathKey[]
  readonly value: unknown
  readonly required: boolean
  /** In a table, whose heading names it. */
  readonly bare?: boolean
  /** What it is called in a table, where that is more than its own name. */
  readonly spoken?: string
}

/** One value in one field; empty means that it is left out. */
export function ScalarField({ node, path, value, required, bare = false, spoken }: ScalarProps): ReactNode {
  const { t } = useTranslation()
  const editing = useValueEditing()
  const { words, edit, readOnly, problems, note } = editing
  const label = words.label(path, node.schema)
  const found = problems(path)
  const hint = words.hint(path, node.schema)
  const about = bare ? null : note?.(path) ?? null
  const description = hint === null && about === null ? null : <>{hint}{hint !== null && about !== null && ' '}{about}</>
  const shared = {
    ...(bare ? { 'aria-label': spoken ?? label } : { label, description, withAsterisk: required }),
    'data-path': pathText(path), disabled: readOnly, error: found.length === 0 ? null : found.join(' '),
  }
  const take = (next: unknown): void => { edit([next === undefined ? { op: 'remove', path } : { op: 'set', path, value: next }], label, pathText(path)) }
  switch (node.kind) {
    case 'boolean': {
      const fallback = node.schema['default'] === true
      // Where only "no" can be said, saying nothing is "yes".
      const onlyNo = node.schema['const'] === false
      return (
        <div className={classes['checkRow']}>
          <Checkbox {...(bare ? { 'aria-label': spoken ?? label } : { label, description })} error={shared.error} disabled={readOnly} data-path={pathText(path)} checked={typeof value === 'boolean' ? value : fallback || onlyNo} onChange={event => { take(onlyNo && event.currentTarget.checked ? undefined : event.currentTarget.checked) }} />
          {!required && !bare && !onlyNo && typeof value === 'boolean' && !readOnly && <Button variant="subtle" color="gray" size="compact-xs" onClick={() => { take(undefined) }}>{t('value-form:asDefault', { name: label })}</Button>}
        </div>
      )
    }
    case 'choice': {
      const known = node.options.map(option => ({ value: String(option), label: words.option(path, node.schema, option) }))
      const current = value === undefined || value === null ? null : String(value)
      // What the document says is shown also where it is none of the choices.
      const data = current === null || known.some(each => each.value === current) ? known : [...known, { value: current, label: current }]
      return <Select {...shared} data={data} value={current} clearable={!required} allowDeselect={!required} placeholder={required ? t('value-form:choose') : t('value-form:notSet')} clearButtonProps={{ 'aria-label': t('value-form:clear', { name: label }) }}
        onChange={chosen => { take(chosen === null ? undefined : node.options.find(option => String(option) === chosen)) }} />
    }
    case 'texts': {
      const chosen = Array.isArray(value) ? value.map(String) : []
      const known = editing.suggest(path, node.schema)?.known ?? choicesOf(node.schema)?.map(option => ({ value: String(option), label: words.option(path, node.schema, option) })) ?? null
      const several = { ...shared, value: chosen, onChange: (next: string[]) => { take(next.length === 0 && !required ? undefined : next) } }
      if (known === null) return <TagsInput {...several} className={classes['codes'] ?? ''} splitChars={[',', ';', '\n']} placeholder={chosen.length > 0 ? '' : t('value-form:severalHint')} />
      const data = [...known, ...chosen.filter(each => !known.some(option => option.value === each)).map(each => ({ value: each, label: each }))]
      return <MultiSelect {...several} data={data} searchable placeholder={chosen.length > 0 ? '' : t('value-form:choose')} nothingFoundMessage={t('value-form:nothingFound')} />
    }
    default: {
      const suggested = node.kind === 'text' ? editing.suggest(path, node.schema) : null
      if (suggested?.only === true) return <KnownField known={suggested.known} value={value} required={required} label={label} shared={shared} take={take} />
      return <TypedField node={node} path={path} value={value} shared={shared} take={take} editing={editing} />
    }
  }
}

interface Shared {
  readonly error: string | null
  readonly disabled: boolean
  readonly 'data-path': string
}

/** One of the texts that are known, chosen by what people call it. */
function KnownField({ known, value, required, label, shared, take }: {
  known: readonly Suggestion[]; value: unknown; required: boolean; label: string; shared: Shared; take: (next: unknown) => void
}): ReactNode {
  const { t } = useTranslation()
  const current = typeof value === 'string' && value !== '' ? value : null
  const data = current === null || known.some(each => each.value === current) ? known : [...known, { value: current, label: current }]
  return <Select {...shared} data={[...data]} value={current} searchable clearable={!required} allowDeselect={!required} limit={200} maxDropdownHeight={280} placeholder={t('value-form:choose')}
    nothingFoundMessage={t('value-form:nothingFound')} clearButtonProps={{ 'aria-label': t('value-form:clear', { name: label }) }} onChange={next => { take(next ?? undefined) }} />
}

/** Written text: shown as it is typed, taken over after a pause. */
function TypedField({ node, path, value, shared, take, editing }: {
  node: ValueNode; path: readonly PathKey[]; value: unknown; shared: Shared; take: (next: unknown) => void; editing: ValueEditing
}): ReactNode {
  const { t, i18n } = useTranslation()
  const say = useComplaint()
  const locale = intlLocale(i18n.language)
  const stored = shownText(node, value, locale)
  const field = useTyped(stored, editing, text => {
    const read = readValue(node, text, locale)
    if (!('unreadable' in read)) take(read.value)
    return read.complaint
  })
  const complaint = say(field.complaint ?? undefined)
  const props = { ...shared, error: complaint ?? shared.error, value: field.text, onBlur: field.flush }
  const { kind, schema } = node
  if (kind === 'paragraph' || kind === 'json') {
    return <Textarea {...props} autosize minRows={2} maxRows={12} {...(kind === 'json' ? { dir: 'ltr', spellCheck: false, classNames: { input: classes['source'] ?? '' } } : {})} onChange={event => { field.change(event.currentTarget.value) }} />
  }
  if (kind === 'integer' || kind === 'number' || kind === 'decimal') {
    return <TextInput {...props} dir="ltr" inputMode={kind === 'integer' ? 'numeric' : 'decimal'} autoComplete="off" className={classes['number'] ?? ''} placeholder={placeholder(schema, locale)} onChange={event => { field.change(event.currentTarget.value) }} />
  }
  if (isColour(schema)) {
    return <ColorInput {...props} dir="ltr" format="hex" fixOnBlur={false} eyeDropperButtonProps={{ 'aria-label': t('value-form:eyeDropper') }} closeOnColorSwatchClick className={classes['short'] ?? ''} onChange={field.change} />
  }
  const known = editing.suggest(path, schema)?.known ?? null
  if (known !== null) {
    // All are shown until something is typed, whatever the field says already.
    return <Autocomplete {...props} data={known.map(each => each.value)} renderOption={({ option }) => known.find(each => each.value === option.value)?.label ?? option.value} limit={50} onChange={field.change}
      {...(field.text === stored ? { filter: ({ options }) => options } : {})} />
  }
  return <TextInput {...props} autoComplete="off" placeholder={placeholder(schema, locale)} {...(isCode(schema) ? { dir: 'ltr' } : {})} onChange={event => { field.change(event.currentTarget.value) }} />
}

/** The default, where nothing is said. */
function placeholder(schema: JsonSchema, locale: string): string {
  const fallback = schema['default']
  return typeof fallback === 'string' || typeof fallback === 'number' ? typedNumber(String(fallback), locale) : ''
}

/** Of a list whose entries are some of a few. */
function choicesOf({ items }: JsonSchema): readonly (string | number)[] | null {
  return isSchema(items) && Array.isArray(items['enum']) ? optionsOf(items) : null
}

function isColour({ pattern }: JsonSchema): boolean {
  return typeof pattern === 'string' && /^\^#\[0-9a-fA-F\]\{6\}\$$/.test(pattern)
}

/** Written in Latin letters in every language: codes, paths, addresses. */
function isCode(schema: JsonSchema): boolean {
  return typeof schema['pattern'] === 'string' || typeof schema['format'] === 'string'
}

function shownText({ kind }: ValueNode, value: unknown, locale: string): string {
  if (value === undefined || value === null) return ''
  if (kind === 'json' || typeof value === 'object') return JSON.stringify(value, null, 2)
  const text = String(value as string | number | boolean)
  return (kind === 'integer' || kind === 'number' || kind === 'decimal') && /^-?\d+(\.\d+)?$/.test(text) ? typedNumber(text, locale) : text
}

type ReadValue = { readonly value: unknown; readonly complaint: Complaint | null } | { readonly unreadable: true; readonly complaint: Complaint | null }

/** A faulty text is taken over as it is, so that form and source say the same; what could not stand in the source is not. */
function readValue(node: ValueNode, typed: string, locale: string): ReadValue {
  const text = typed.trim()
  if (text === '') return { value: undefined, complaint: null }
  if (node.kind === 'plain') return { value: plainValue(text), complaint: null }
  const kind = node.kind as Exclude<ValueNode['kind'], 'plain' | 'list' | 'map' | 'variants'>
  const { value, complaint } = readText({ kind, schema: node.schema, options: node.options }, text, locale)
  if (complaint === null) return { value, complaint: null }
  return kind === 'text' || kind === 'paragraph' || kind === 'decimal' ? { value: text, complaint } : { unreadable: true, complaint }
}

function plainValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text
}

/** What stands in a field between two keystrokes. */
function useTyped(stored: string, { epoch, pending, pauseMs }: ValueEditing, commit: (text: string) => Complaint | null) {
  const [typed, setTyped] = useState<{ text: string; epoch: number; complaint: Complaint | null } | null>(null)
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; flush: () => void } | null>(null)
  const newest = useRef(commit)
  useEffect(() => { newest.current = commit })
  const current = typed !== null && typed.epoch === epoch ? typed : null

  const stop = (): void => {
    if (waiting.current === null) return
    clearTimeout(waiting.current.timer)
    pending.delete(waiting.current.flush)
    waiting.current = null
  }
  const change = (text: string): void => {
    stop()
    setTyped({ text, epoch, complaint: null })
    const flush = (): void => {
      stop()
      const complaint = newest.current(text)
      setTyped({ text, epoch, complaint })
    }
    waiting.current = { timer: setTimeout(flush, pauseMs), flush }
    pending.add(flush)
  }
  useEffect(() => () => { waiting.current?.flush() }, [])
  return {
    text: current?.text ?? stored,
    complaint: current?.complaint ?? null,
    change,
    flush(): void {
      waiting.current?.flush()
      // Left with nothing to complain about, the field shows what the document says.
      setTyped(now => now?.complaint === null ? null : now)
    },
  }
}

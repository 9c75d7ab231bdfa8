import { Checkbox, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Complaint, Complaints, FormField, FormValue, FormValues } from '../app/schema-form.ts'
import { useFormat } from '../app/use-format.ts'
import { DateField } from './date-field.tsx'
import classes from './schema-form.module.css'

/** What a field is called, what is said below its name, and what its choices are called. */
export interface FieldWords {
  label(path: string): string
  hint(field: FormField): string | null
  option(path: string, value: string | number): string
}

export interface SchemaFieldsProps {
  readonly fields: readonly FormField[]
  readonly values: FormValues
  readonly complaints: Complaints
  readonly words: FieldWords
  readonly onChange: (values: FormValues) => void
  /** The first field takes the focus of the dialog that it is in. */
  readonly focusFirst?: boolean
}

/** Fields of a form that is made from a JSON Schema; complaints stand at the field. */
export function SchemaFields({ fields, values, complaints, words, onChange, focusFirst = false }: SchemaFieldsProps): ReactNode {
  const say = useComplaint()
  return (
    <div className={classes['fields']}>
      {fields.map((field, index) => field.kind === 'group'
        ? (
          <fieldset key={field.path} className={classes['group']}>
            <legend>{words.label(field.path)}</legend>
            <SchemaFields fields={field.fields} values={groupOf(values[field.name])} complaints={complaints} words={words} onChange={group => { onChange({ ...values, [field.name]: group }) }} focusFirst={focusFirst && index === 0} />
          </fieldset>
        )
        : <SchemaField key={field.path} field={field} value={values[field.name] ?? ''} error={say(complaints.get(field.path))} words={words} focus={focusFirst && index === 0} onChange={value => { onChange({ ...values, [field.name]: value }) }} />)}
    </div>
  )
}

function SchemaField({ field, value, error, words, focus, onChange }: {
  field: FormField; value: FormValue; error: string | null; words: FieldWords; focus: boolean; onChange: (value: FormValue) => void
}): ReactNode {
  const { kind, schema } = field
  const label = words.label(field.path)
  const text = typeof value === 'string' ? value : ''
  const shared = { label, description: words.hint(field), error, withAsterisk: field.required, 'data-field': field.path, ...(focus ? { 'data-autofocus': true } : {}) }
  switch (kind) {
    case 'boolean':
      return <Checkbox label={label} description={shared.description} error={error} data-field={field.path} checked={value === true} onChange={event => { onChange(event.currentTarget.checked) }} {...(focus ? { 'data-autofocus': true } : {})} />
    case 'choice':
      return <Select {...shared} value={text === '' ? null : text} clearable={!field.required} data={field.options.map(option => ({ value: String(option), label: words.option(field.path, option) }))} onChange={chosen => { onChange(chosen ?? '') }} />
    case 'date':
      return <DateField label={label} value={text} error={error} onChange={onChange} required={field.required} />
    case 'texts':
      return <TagsInput {...shared} value={isTexts(value) ? [...value] : []} onChange={onChange} />
    case 'paragraph':
    case 'json':
      return <Textarea {...shared} value={text} autosize minRows={2} maxRows={10} onChange={event => { onChange(event.currentTarget.value) }} {...(kind === 'json' ? { dir: 'ltr', spellCheck: false } : {})} />
    case 'integer':
    case 'number':
    case 'decimal':
      return <TextInput {...shared} value={text} dir="ltr" inputMode={kind === 'integer' ? 'numeric' : 'decimal'} autoComplete="off" onChange={event => { onChange(event.currentTarget.value) }} />
    default:
      return <TextInput {...shared} value={text} autoComplete="off" {...inputOf(schema['format'])} onChange={event => { onChange(event.currentTarget.value) }} />
  }
}

/** Keyboard and direction of an address. */
function inputOf(format: unknown): { type?: 'email' | 'tel' | 'url'; dir?: 'ltr' } {
  switch (format) {
    case 'email': return { type: 'email', dir: 'ltr' }
    case 'phone':
    case 'tel': return { type: 'tel', dir: 'ltr' }
    case 'uri': return { type: 'url', dir: 'ltr' }
    default: return {}
  }
}

/** A complaint about a field, in the person's language. */
export function useComplaint(): (complaint: Complaint | undefined) => string | null {
  const { t } = useTranslation()
  const format = useFormat()
  return complaint => {
    if (complaint === undefined) return null
    const values = Object.fromEntries(Object.entries(complaint.values).map(([name, value]) => [name, typeof value === 'number' && complaint.key.includes('imum') ? format.number(value) : value]))
    return t(`schema-form:error.${complaint.key}`, values)
  }
}

function groupOf(value: FormValue | undefined): FormValues {
  return typeof value === 'object' && !isTexts(value) ? value : {}
}

function isTexts(value: FormValue): value is readonly string[] {
  return Array.isArray(value)
}

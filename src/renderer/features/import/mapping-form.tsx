import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../app/use-format.ts'
import { Badge } from '../../components/badge.tsx'
import { DATE_PATTERNS, guessOf, MAPPING_FIELDS, mappingValue, SURE, sourceOf, withSource, withValue, type Mapping, type MappingField } from './mapping-fields.ts'
import classes from './import.module.css'

export interface MappingFormProps {
  readonly mapping: Mapping
  readonly columns: readonly string[]
  readonly confidence: Readonly<Record<string, number>>
  readonly confirmed: readonly string[]
  readonly onChange: (mapping: Mapping, touched?: string) => void
  readonly onConfirm: (path: string) => void
}

/** Which column is what. Guesses say how sure they are and are confirmed one by one or together. */
export function MappingForm(props: MappingFormProps): ReactNode {
  const { t } = useTranslation()
  return (
    <div className={classes['form']}>
      <Part part="order" {...props} />
      <Part part="line" {...props} />
      <fieldset>
        <legend>{t('import:mapping.reading')}</legend>
        <Reading {...props} />
      </fieldset>
    </div>
  )
}

function Part({ part, ...props }: MappingFormProps & { part: 'order' | 'line' }): ReactNode {
  const { t } = useTranslation()
  const fields = MAPPING_FIELDS.filter(field => field.part === part)
  const usual = fields.filter(field => field.usual === true || sourceOf(props.mapping, field).kind !== 'none')
  const more = fields.filter(field => !usual.includes(field))
  return (
    <fieldset>
      <legend>{t(`import:mapping.${part}`)}</legend>
      {usual.map(field => <Field key={field.path} field={field} {...props} />)}
      {more.length > 0 && (
        <details className={classes['more']}>
          <summary>{t('import:mapping.more', { count: more.length })}</summary>
          <div>{more.map(field => <Field key={field.path} field={field} {...props} />)}</div>
        </details>
      )}
    </fieldset>
  )
}

const NONE = '\u0000none'
const VALUE = '\u0000value'

function Field({ field, mapping, columns, confidence, confirmed, onChange, onConfirm }: MappingFormProps & { field: MappingField }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const source = sourceOf(mapping, field)
  const sure = guessOf(field, confidence, confirmed)
  const guess = sure !== null && sure < SURE && source.kind !== 'none'
  const label = t(`import:field.${field.path}`)
  const missing = field.required === true && (source.kind === 'none' || (source.kind === 'value' && source.value.trim() === ''))
  // A companion's columns are known by name only where the mapping already reads them.
  const options = source.kind === 'column' && !columns.includes(source.column) ? [...columns, source.column] : columns
  const choose = (value: string): void => {
    onChange(withSource(mapping, field, value === NONE ? { kind: 'none' } : value === VALUE ? { kind: 'value', value: '' } : { kind: 'column', column: value }), field.path)
  }
  return (
    <div className={classes['field']} data-guess={guess || undefined}>
      <div className={classes['inputs']}>
        <NativeSelect size="xs" label={label} withAsterisk={field.required === true} value={source.kind === 'column' ? source.column : source.kind === 'value' ? VALUE : NONE}
          error={missing ? t('import:mapping.needed') : null} onChange={event => { choose(event.currentTarget.value) }}
          data={[{ value: NONE, label: t('import:mapping.notInFile') }, ...(field.orValue === true ? [{ value: VALUE, label: t('import:mapping.oneValue') }] : []), ...options.map(column => ({ value: column, label: column }))]} />
        {source.kind === 'value' && (
          <TextInput label={t('import:mapping.valueFor', { field: label })} value={source.value}
            onChange={event => { onChange(withSource(mapping, field, { kind: 'value', value: event.currentTarget.value }), field.path) }} />
        )}
      </div>
      {guess && (
        <div className={classes['guess']}>
          <Badge tone="warn">{t('import:mapping.guess', { percent: format.percent(sure) })}</Badge>
          <Button size="compact-xs" variant="default" onClick={() => { onConfirm(field.path) }}>{t('import:mapping.confirm', { field: label })}</Button>
        </div>
      )}
      {field.path === 'order.placedOn.column' && source.kind === 'column' && <DateFormat mapping={mapping} onChange={onChange} />}
    </div>
  )
}

function DateFormat({ mapping, onChange }: Pick<MappingFormProps, 'mapping' | 'onChange'>): ReactNode {
  const { t } = useTranslation()
  const formats = mappingValue(mapping, 'order.placedOn.formats')
  const now = Array.isArray(formats) && formats.length > 0 ? formats.map(String) : ['iso']
  const joined = now.join(' | ')
  const patterns = [...new Set<string>([joined, ...DATE_PATTERNS])]
  return (
    <NativeSelect size="xs" label={t('import:mapping.dateFormat')} value={joined}
      onChange={event => { onChange(withValue(mapping, 'order.placedOn.formats', event.currentTarget.value.split(' | '))) }}
      data={patterns.map(pattern => ({ value: pattern, label: pattern === 'iso' ? t('import:mapping.iso') : pattern }))} />
  )
}

function Reading({ mapping, onChange }: MappingFormProps): ReactNode {
  const { t } = useTranslation()
  const kind = mappingValue(mapping, 'order.kind')
  const separator = mappingValue(mapping, 'csv.separator')
  const flag = (path: string): boolean => mappingValue(mapping, path) === true
  return (
    <>
      <NativeSelect size="xs" label={t('import:mapping.kind')} value={kind === 'invoice' ? 'invoice' : 'order'} onChange={event => { onChange(withValue(mapping, 'order.kind', event.currentTarget.value)) }}
        data={(['order', 'invoice'] as const).map(value => ({ value, label: t(`import:mapping.kinds.${value}`) }))} />
      <NativeSelect size="xs" label={t('import:mapping.separator')} value={typeof separator === 'string' ? separator : ''}
        onChange={event => { onChange(withValue(mapping, 'csv.separator', event.currentTarget.value === '' ? undefined : event.currentTarget.value)) }}
        data={[{ value: '', label: t('import:mapping.separators.guessed') }, { value: ',', label: t('import:mapping.separators.comma') }, { value: ';', label: t('import:mapping.separators.semicolon') }, { value: '\t', label: t('import:mapping.separators.tab') }, { value: '|', label: t('import:mapping.separators.bar') }]} />
      <NativeSelect size="xs" label={t('import:mapping.decimal')} value={mappingValue(mapping, 'csv.decimal') === ',' ? ',' : '.'} onChange={event => { onChange(withValue(mapping, 'csv.decimal', event.currentTarget.value)) }}
        data={[{ value: '.', label: t('import:mapping.decimals.point') }, { value: ',', label: t('import:mapping.decimals.comma') }]} />
      <NativeSelect size="xs" label={t('import:mapping.negative')} value={mappingValue(mapping, 'reject.negativeQuantity') === 'return' ? 'return' : 'reject'}
        onChange={event => { onChange(withValue(mapping, 'reject.negativeQuantity', event.currentTarget.value)) }}
        data={[{ value: 'reject', label: t('import:mapping.negatives.reject') }, { value: 'return', label: t('import:mapping.negatives.return') }]} />
      <Checkbox data-wide label={t('import:mapping.zeroPrice')} checked={flag('reject.zeroPrice')} onChange={event => { onChange(withValue(mapping, 'reject.zeroPrice', event.currentTarget.checked)) }} />
      <Checkbox data-wide label={t('import:mapping.duplicates')} checked={flag('reject.duplicateLines')} onChange={event => { onChange(withValue(mapping, 'reject.duplicateLines', event.currentTarget.checked)) }} />
    </>
  )
}

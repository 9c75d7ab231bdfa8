import { ActionIcon, Autocomplete, Button, Checkbox, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { intlLocale } from '../../app/i18n.ts'
import { useEngineQuery } from '../../app/queries.ts'
import { KeyHint } from '../../components/key-hint.tsx'
import { Code } from '../../components/values.tsx'
import classes from './new-order.module.css'
import { emptyLine, isEmptyLine, type FormErrors, type FormLine } from './order-form.ts'
import { typedNumber } from '../../app/typed-number.ts'

type Field = 'item' | 'description' | 'quantity' | 'unit' | 'price' | 'tax' | 'percent'

const FIELDS: readonly Field[] = ['item', 'description', 'quantity', 'unit', 'price', 'tax', 'percent']
const NUMBERS: readonly Field[] = ['quantity', 'price', 'percent']

export interface LinesGridProps {
  readonly tenant: string
  readonly lines: readonly FormLine[]
  readonly errors: FormErrors
  readonly onChange: (change: (lines: readonly FormLine[]) => readonly FormLine[]) => void
}

/** The lines, for the keyboard: Enter and the arrows walk the rows, Enter at the end adds one, Alt+Backspace removes one. */
export function LinesGrid({ tenant, lines, errors, onChange }: LinesGridProps): ReactNode {
  const { t } = useTranslation()
  const table = useRef<HTMLTableElement>(null)
  const focus = (row: number, field: Field): void => {
    // The row may be just about to appear.
    requestAnimationFrame(() => { table.current?.querySelector<HTMLInputElement>(`[data-row="${row}"] input[data-field="${field}"]`)?.focus() })
  }
  const add = (): void => {
    onChange(before => [...before, emptyLine(Math.max(0, ...before.map(line => line.key)) + 1, String(Math.max(0, ...before.map(line => Number.parseInt(line.id, 10) || 0)) + 1))])
    focus(lines.length, 'item')
  }
  const remove = (index: number): void => {
    onChange(before => before.length === 1 ? [emptyLine((before[0]?.key ?? 0) + 1, '1')] : before.filter((_, each) => each !== index))
    focus(Math.max(0, index - 1), 'item')
  }
  const keys = (event: KeyboardEvent<HTMLElement>, index: number, field: Field, choosing: boolean): void => {
    if (event.key === 'Backspace' && event.altKey) { event.preventDefault(); remove(index) }
    else if (choosing || event.ctrlKey || event.metaKey) return
    else if (event.key === 'Enter') {
      event.preventDefault()
      const line = lines[index]
      if (index < lines.length - 1) focus(index + 1, field)
      else if (line !== undefined && !isEmptyLine(line)) add()
    } else if (event.key === 'ArrowDown' && index < lines.length - 1) { event.preventDefault(); focus(index + 1, field) }
    else if (event.key === 'ArrowUp' && index > 0) { event.preventDefault(); focus(index - 1, field) }
  }
  const set = (index: number, change: Partial<FormLine>): void => { onChange(before => before.map((line, each) => each === index ? { ...line, ...change } : line)) }
  return (
    <section>
      <div className={classes['tableWrap']}>
        <table className={classes['grid']} ref={table} aria-label={t('new-order:lines')}>
          <thead>
            <tr>
              <th scope="col">{t('order:lines.id')}</th>
              {FIELDS.map(field => <th key={field} scope="col">{t(`new-order:line.${field}`)}</th>)}
              <th scope="col">{t('new-order:line.back')}</th><th scope="col"><span className="sr-only">{t('new-order:line.remove')}</span></th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              <tr key={line.key} data-row={index}>
                <td><Code quiet>{line.id}</Code></td>
                {FIELDS.map(field => (
                  <td key={field} data-field={field}>
                    {field === 'item'
                      ? <ItemCell tenant={tenant} line={line} error={errors.has(`${line.key}.item`)} onKeys={(event, choosing) => { keys(event, index, 'item', choosing) }} onChange={change => { set(index, change) }} />
                      : (
                        <TextInput variant="unstyled" aria-label={t('new-order:line.label', { field: t(`new-order:line.${field}`), line: line.id })} value={line[field]} data-field={field}
                          inputMode={NUMBERS.includes(field) ? 'decimal' : 'text'} error={errors.has(`${line.key}.${field}`)} autoComplete="off"
                          {...(NUMBERS.includes(field) ? { className: `num ${classes['number']}` } : {})}
                          onChange={event => { set(index, { [field]: event.currentTarget.value }) }} onKeyDown={event => { keys(event, index, field, false) }} />
                      )}
                  </td>
                ))}
                <td className={classes['center']}><Checkbox checked={line.back} aria-label={t('new-order:line.label', { field: t('new-order:line.back'), line: line.id })} onChange={event => { set(index, { back: event.currentTarget.checked }) }} /></td>
                <td className={classes['center']}><ActionIcon aria-label={t('new-order:line.removeOne', { line: line.id })} tabIndex={-1} onClick={() => { remove(index) }}><IconTrash size={14} /></ActionIcon></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes['gridFoot']}>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add}>{t('new-order:line.add')}</Button>
        <span className="small dim"><KeyHint keys="Enter" /> {t('new-order:keys.enter')} · <KeyHint keys="ArrowUp ArrowDown" /> {t('new-order:keys.arrows')} · <KeyHint keys="alt+⌫" /> {t('new-order:keys.remove')}</span>
      </div>
    </section>
  )
}

function ItemCell({ tenant, line, error, onKeys, onChange }: {
  tenant: string; line: FormLine; error: boolean; onKeys: (event: KeyboardEvent<HTMLElement>, choosing: boolean) => void; onChange: (change: Partial<FormLine>) => void
}): ReactNode {
  const { t, i18n } = useTranslation()
  const [focused, setFocused] = useState(false)
  const [open, setOpen] = useState(false)
  const [asked] = useDebouncedValue(line.item, 120)
  const items = useEngineQuery('items', { tenant, search: asked, limit: 8 }, { enabled: focused && asked.trim() !== '', keepPrevious: true })
  const found = focused && asked.trim() !== '' ? items.data ?? [] : []
  const choose = (chosen: string): void => {
    const item = found.find(each => each.item === chosen)
    onChange({
      item: chosen,
      ...(item?.description != null && line.description === '' ? { description: item.description } : {}),
      ...(item?.price != null && line.price === '' ? { price: typedNumber(item.price, intlLocale(i18n.language)) } : {}),
    })
  }
  return (
    <Autocomplete variant="unstyled" data={[...new Set(found.map(each => each.item))]} filter={({ options }) => options} value={line.item} error={error} data-field="item" autoComplete="off"
      aria-label={t('new-order:line.label', { field: t('new-order:line.item'), line: line.id })} comboboxProps={{ width: 320, position: 'bottom-start', shadow: 'none' }}
      onFocus={() => { setFocused(true) }} onBlur={() => { setFocused(false) }} onDropdownOpen={() => { setOpen(true) }} onDropdownClose={() => { setOpen(false) }}
      onChange={item => { onChange({ item }) }} onOptionSubmit={choose}
      renderOption={({ option }) => {
        const item = found.find(each => each.item === option.value)
        return <span className="clip"><Code>{option.value}</Code> <bdi className="dim">{item?.description}</bdi></span>
      }}
      onKeyDown={event => { onKeys(event, open && found.length > 0 && event.currentTarget.getAttribute('aria-activedescendant') !== null || open && found.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) }} />
  )
}

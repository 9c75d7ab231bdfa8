import { ActionIcon, TextInput } from '@mantine/core'
import { IconCalendar } from '@tabler/icons-react'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { intlLocale } from '../app/i18n.ts'
import { daysLater, parseTypedDate, typedDate } from '../app/typed-date.ts'
import classes from './date-field.module.css'

/**
 * A date, typed in the person's own order: the browser's field would follow the machine's locale instead. `onChange`
 * gets an ISO date, or what was typed where that is none. ↑ and ↓ move by a day; the button opens the machine's calendar.
 */
export function DateField({ label, value, error, onChange, required = false }: { label: string; value: string; error: string | null; onChange: (value: string) => void; required?: boolean }): ReactNode {
  const { t, i18n } = useTranslation()
  const locale = intlLocale(i18n.language)
  const picker = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const day = value.slice(0, 10)
  const shown = text === value || parseTypedDate(text, locale) === day ? text : typedDate(day, locale)
  const type = (typed: string): void => {
    setText(typed)
    onChange(parseTypedDate(typed, locale) ?? typed)
  }
  const show = (iso: string): void => {
    setText(typedDate(iso, locale))
    onChange(iso)
  }
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
    if (by === 0 || parseTypedDate(day, locale) === null) return
    event.preventDefault()
    show(daysLater(day, by))
  }
  return (
    <div className={classes['field']}>
      <TextInput label={label} dir="ltr" inputMode="numeric" autoComplete="off" value={typedDate(shown, locale)} error={error} withAsterisk={required} onKeyDown={move}
        onChange={event => { type(event.currentTarget.value) }} onBlur={() => { setText(typedDate(day, locale)) }}
        rightSection={<ActionIcon size="sm" aria-label={t('common:calendar', { name: label })} onClick={() => { picker.current?.showPicker() }}><IconCalendar size={14} /></ActionIcon>} />
      <input ref={picker} type="date" className={classes['picker']} tabIndex={-1} aria-hidden="true" value={parseTypedDate(day, locale) ?? ''} onChange={event => { if (event.currentTarget.value !== '') show(event.currentTarget.value) }} />
    </div>
  )
}

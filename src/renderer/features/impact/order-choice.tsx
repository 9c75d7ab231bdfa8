import { NumberInput, Radio, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommandInput } from '../../app/queries.ts'
import { DateField } from '../../components/date-field.tsx'
import classes from './impact.module.css'

type Orders = CommandInput<'start-impact'>['orders']

/** As it is typed. */
export interface TypedChoice {
  readonly way: 'last' | 'period' | 'all' | 'ids'
  readonly last: number | string
  readonly from: string
  readonly to: string
  readonly ids: string
}

const USUAL_LAST = 1000

export function emptyChoice(): TypedChoice {
  return { way: 'last', last: USUAL_LAST, from: '', to: '', ids: '' }
}

/** What is typed as the engine takes it; null while it is no choice. */
export function ordersOf({ way, last, from, to, ids }: TypedChoice): Orders | null {
  if (way === 'all') return { from: null, to: null }
  if (way === 'last') return typeof last === 'number' && last >= 1 ? { last } : null
  if (way === 'ids') {
    const named = ids.split(/[\s,;]+/).filter(each => each !== '')
    return named.length === 0 ? null : { ids: named }
  }
  const day = /^\d{4}-\d{2}-\d{2}$/
  if ((from === '' && to === '') || [from, to].some(each => each !== '' && !day.test(each))) return null
  return { from: from === '' ? null : from, to: to === '' ? null : to }
}

export function OrderChoiceFields({ choice, onChoice }: { choice: TypedChoice; onChoice: (choice: TypedChoice) => void }): ReactNode {
  const { t } = useTranslation()
  const change = (part: Partial<TypedChoice>): void => { onChoice({ ...choice, ...part }) }
  const day = (value: string): string | null => (value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value) ? null : t('impact:orders.noDate'))
  return (
    <fieldset className={classes['fieldset']}>
      <legend>{t('impact:orders.label')}</legend>
      <Radio.Group value={choice.way} onChange={way => { change({ way: way as TypedChoice['way'] }) }} aria-label={t('impact:orders.label')}>
        <div className={classes['choices']}>
          <Radio value="last" label={t('impact:orders.last')} /><Radio value="period" label={t('impact:orders.period')} />
          <Radio value="ids" label={t('impact:orders.ids')} /><Radio value="all" label={t('impact:orders.all')} />
        </div>
      </Radio.Group>
      {choice.way === 'last' && <NumberInput label={t('impact:orders.count')} className={classes['field']} min={1} max={100_000_000} allowDecimal={false} thousandSeparator value={choice.last} onChange={last => { change({ last }) }} />}
      {choice.way === 'period' && (
        <div className={classes['row']}>
          <DateField label={t('impact:orders.from')} value={choice.from} error={day(choice.from)} onChange={from => { change({ from }) }} />
          <DateField label={t('impact:orders.to')} value={choice.to} error={day(choice.to)} onChange={to => { change({ to }) }} />
        </div>
      )}
      {choice.way === 'ids' && <Textarea label={t('impact:orders.references')} description={t('impact:orders.referencesHint')} className={classes['field']} autosize minRows={2} value={choice.ids} onChange={event => { change({ ids: event.currentTarget.value }) }} />}
    </fieldset>
  )
}

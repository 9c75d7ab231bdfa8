import { Radio, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../app/use-format.ts'
import { DateField } from '../../components/date-field.tsx'
import classes from './profile-versions.module.css'

/** When a version becomes active: at once, or on a day at a time of the person's own clock. */
export interface When { readonly later: boolean; readonly day: string; readonly time: string }

export const AT_ONCE: When = { later: false, day: '', time: '00:00' }

/** ISO 8601 UTC; null at once; undefined where day and time are none, or are over. */
export function effectiveAtOf({ later, day, time }: When): string | null | undefined {
  if (!later) return null
  const at = /^\d{4}-\d\d-\d\d$/.test(day) && /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? new Date(`${day}T${time}:00`) : new Date(NaN)
  return Number.isNaN(at.getTime()) || at.getTime() <= Date.now() ? undefined : at.toISOString()
}

export function WhenFields({ when, onWhen, asked }: { when: When; onWhen: (when: When) => void; asked: boolean }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const at = effectiveAtOf(when)
  const wrong = asked && at === undefined ? t('profile-versions:when.wrong') : null
  return (
    <Radio.Group label={t('profile-versions:when.label')} value={when.later ? 'later' : 'now'} onChange={value => { onWhen({ ...when, later: value === 'later' }) }}>
      <div className={classes['choices']}>
        <Radio value="now" label={t('profile-versions:when.now')} />
        <Radio value="later" label={t('profile-versions:when.later')} />
      </div>
      {when.later && (
        <>
          <div className={classes['when']}>
            <DateField label={t('profile-versions:when.day')} value={when.day} error={wrong} required onChange={day => { onWhen({ ...when, day }) }} />
            <TextInput label={t('profile-versions:when.time')} dir="ltr" inputMode="numeric" placeholder="00:00" value={when.time} withAsterisk onChange={event => { onWhen({ ...when, time: event.currentTarget.value }) }} />
          </div>
          <p className="dim small" role="status">{typeof at === 'string' ? t('profile-versions:when.means', { at: format.exactTime(at) }) : t('profile-versions:when.zone')}</p>
        </>
      )}
    </Radio.Group>
  )
}

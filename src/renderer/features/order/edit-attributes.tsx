import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useHoldOpen } from '../../app/hold-open.ts'
import { intlLocale } from '../../app/i18n.ts'
import type { AttributeValue } from '../../app/attribute-fields.ts'
import { useAttributes } from '../../app/pack-attributes.ts'
import { invocation, useCommand } from '../../app/queries.ts'
import { readForm, startValues, type Complaints, type FormValues } from '../../app/schema-form.ts'
import { Dialog } from '../../components/dialog.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { SchemaFields } from '../../components/schema-form.tsx'
import classes from './order.module.css'

const NO_COMPLAINTS: Complaints = new Map()

/** Whose attributes: an order at the revision that the person sees, or an account. */
interface Bearer {
  readonly on: 'order' | 'account'
  readonly key: string
  /** As people call it. */
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly revision?: number
}

/** What packs let a person set of an order or an account; nothing where there is nothing to set. */
export function EditAttributes({ tenant, of }: { tenant: string; of: Bearer }): ReactNode {
  const { t } = useTranslation()
  const { fields } = useAttributes(of.on)
  const [open, setOpen] = useState(false)
  if (fields.length === 0) return null
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => { setOpen(true) }}>{t('pack-pages:attributes.edit')}</Button>
      {open && <AttributesDialog tenant={tenant} of={of} onClose={() => { setOpen(false) }} />}
    </>
  )
}

function AttributesDialog({ tenant, of, onClose }: { tenant: string; of: Bearer; onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation()
  const locale = intlLocale(i18n.language)
  const { fields, words } = useAttributes(of.on)
  const [start] = useState<FormValues>(() => startValues(fields, of.attributes, locale))
  const [values, setValues] = useState(start)
  const [complaints, setComplaints] = useState<Complaints>(NO_COMPLAINTS)
  const given = useRef(invocation())
  const set = useCommand('set-attributes', () => {
    notifications.show({ color: 'green', message: t('pack-pages:attributes.done', { reference: of.name }), closeButtonProps: { 'aria-label': t('common:close') } })
    onClose()
  })
  useHoldOpen(values !== start && !set.isSuccess ? 'unsaved' : null)
  const submit = (): void => {
    const read = readForm(fields, values, locale)
    if (read.input === null) return setComplaints(read.complaints)
    const entered = read.input as Record<string, AttributeValue>
    // What was taken out of its field is taken away.
    const attributes = Object.fromEntries(fields.map(({ name }) => [name, entered[name] ?? null]))
    set.mutate({ tenant, on: of.on, key: of.key, attributes, ...(of.revision === undefined ? {} : { revision: of.revision }), invocation: given.current })
  }
  return (
    <Dialog onClose={onClose} title={t('pack-pages:attributes.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className={classes['stages']} noValidate onSubmit={event => { event.preventDefault(); submit() }}>
        <p className={classes['plain']}>{t(of.on === 'order' ? 'pack-pages:attributes.amends' : 'pack-pages:attributes.counts')}</p>
        <SchemaFields fields={fields} values={values} complaints={complaints} words={words} focusFirst
          onChange={next => { setValues(next); setComplaints(NO_COMPLAINTS); set.reset(); given.current = invocation() }} />
        <RefusalAlert error={set.error} tone="warn" />
        <div className={classes['row']} style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>{t('pack-pages:back')}</Button>
          <Button type="submit" loading={set.isPending}>{t('pack-pages:attributes.save')}</Button>
        </div>
      </form>
    </Dialog>
  )
}

import { useMemo, useState } from 'react'
import { useAttributes } from '../../app/pack-attributes.ts'
import type { QueryOutput } from '../../app/queries.ts'
import { readForm, startValues, type Complaints, type FormValues } from '../../app/schema-form.ts'

const NO_COMPLAINTS: Complaints = new Map()
const NOTHING: Readonly<Record<string, never>> = {}

/** Attributes that packs ask for on an order, as they are entered. */
export function useEnteredAttributes(amended: QueryOutput<'order'> | null, locale: string) {
  const { fields, words } = useAttributes('order')
  const [typed, setTyped] = useState<FormValues | null>(null)
  const [complaints, setComplaints] = useState<Complaints>(NO_COMPLAINTS)
  const values = useMemo(() => typed ?? startValues(fields, amended?.order.attributes ?? {}, locale), [typed, fields, amended, locale])
  // A draft may lack what a submitted order must have.
  const draft = useMemo(() => fields.map(field => ({ ...field, required: false })), [fields])
  const entered = useMemo(() => (readForm(draft, values, locale).input ?? NOTHING) as Readonly<Record<string, string | number | boolean>>, [draft, values, locale])
  const shown = useMemo(() => fields.map(({ name }) => name), [fields])
  return {
    fields, words, values, complaints, entered, shown, changed: typed !== null,
    change(next: FormValues) { setTyped(next); setComplaints(NO_COMPLAINTS) },
    /** Whether what was entered can be stored; complains where not. */
    check(submit: boolean): boolean {
      const found = readForm(submit ? fields : draft, values, locale).complaints ?? NO_COMPLAINTS
      setComplaints(found)
      return found.size === 0
    },
  }
}

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UiAction } from '#engine/contracts/v1/index.ts'
import { useHoldOpen } from '../app/hold-open.ts'
import { intlLocale } from '../app/i18n.ts'
import { givenValues, type GivenFrom } from '../app/pack-given.ts'
import { plainName } from '../app/plain-name.ts'
import { usePackWords, type PackUi, type PackWords } from '../app/pack-ui.tsx'
import { invocation, useCommand } from '../app/queries.ts'
import { shownRefusal, type ShownRefusal } from '../app/refusal.ts'
import { formFields, readForm, startValues, type Complaints, type FormField, type FormValues } from '../app/schema-form.ts'
import { Dialog } from './dialog.tsx'
import classes from './pack-actions.module.css'
import { RefusalBox } from './refusal.tsx'
import { SchemaFields, type FieldWords } from './schema-form.tsx'

const NO_COMPLAINTS: Complaints = new Map()

/** Those of a pack's buttons that the person may press. */
export function allowedActions(pack: PackUi, actions: readonly UiAction[] | undefined): readonly UiAction[] {
  return (actions ?? []).filter(action => {
    const command = pack.commands.find(each => each.name === action.command)
    return command !== undefined && pack.permissions.includes(command.permission)
  })
}

/** Buttons of a pack, each with the form that its command asks for. */
export function PackActions({ tenant, pack, actions, from, primary = false, compact = false }: {
  tenant: string; pack: PackUi; actions: readonly UiAction[] | undefined; from: GivenFrom; primary?: boolean; compact?: boolean
}): ReactNode {
  const [asking, setAsking] = useState<UiAction | null>(null)
  const words = usePackWords(pack.pack)
  const allowed = allowedActions(pack, actions)
  const first = primary ? allowed.find(action => action.dangerous !== true) : undefined
  return (
    <>
      {allowed.map(action => (
        <Button key={action.id} variant={action === first ? 'filled' : 'default'} {...(compact ? { size: 'compact-xs' as const } : {})} {...(action.dangerous === true ? { color: 'red', variant: 'outline' } : {})}
          onClick={() => { setAsking(action) }}>
          {words(`action.${action.id}`) ?? action.id}
        </Button>
      ))}
      {asking !== null && <ActionDialog tenant={tenant} pack={pack} action={asking} from={from} onClose={() => { setAsking(null) }} />}
    </>
  )
}

function ActionDialog({ tenant, pack, action, from, onClose }: { tenant: string; pack: PackUi; action: UiAction; from: GivenFrom; onClose: () => void }): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const form = useActionForm({ tenant, pack, action, from, onClose })
  const title = words(`action.${action.id}`) ?? action.id
  const dangerous = action.dangerous === true
  return (
    <Dialog onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className={classes['form']} noValidate onSubmit={event => { event.preventDefault(); form.submit() }}>
        {dangerous && <p className={classes['lost']}>{words(`lost.${action.id}`) ?? t('pack-pages:lost')}</p>}
        <SchemaFields fields={form.fields} values={form.values} complaints={form.complaints} words={fieldWords(action.command, words)} onChange={form.change} focusFirst={!dangerous} />
        {form.refusal !== null && <RefusalBox tone="warn" refusal={form.refusal} />}
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose} {...(dangerous ? { 'data-autofocus': true } : {})}>{t('pack-pages:back')}</Button>
          <Button type="submit" loading={form.pending} {...(dangerous ? { color: 'red' } : {})}>{title}</Button>
        </div>
      </form>
    </Dialog>
  )
}

function useActionForm({ tenant, pack, action, from, onClose }: { tenant: string; pack: PackUi; action: UiAction; from: GivenFrom; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const words = usePackWords(pack.pack)
  const locale = intlLocale(i18n.language)
  const schema = pack.commands.find(each => each.name === action.command)?.input ?? {}
  const [given] = useState(() => givenValues(action.given ?? {}, from))
  const [fields] = useState(() => {
    const all = formFields(schema)
    return action.fields === undefined ? all.filter(field => given[field.name] === undefined) : formFields(schema, action.fields)
  })
  const [start] = useState(() => startValues(fields, given, locale))
  const [values, setValues] = useState<FormValues>(start)
  const [complaints, setComplaints] = useState<Complaints>(NO_COMPLAINTS)
  const repeated = useRef<{ of: string; as: ReturnType<typeof invocation> } | null>(null)
  const command = useCommand('pack-command', () => {
    notifications.show({ color: 'green', message: t('pack-pages:done', { action: words(`action.${action.id}`) ?? action.id }), closeButtonProps: { 'aria-label': t('common:close') } })
    onClose()
  })
  useHoldOpen(values !== start && !command.isSuccess ? 'unsaved' : null)

  const refusal = command.error === null ? null : refusalOf(shownRefusal(command.error, t), words)
  const submit = (): void => {
    const read = readForm(fields, values, locale)
    if (read.input === null) {
      setComplaints(read.complaints)
      requestAnimationFrame(() => { document.querySelector<HTMLElement>('[role="dialog"] [aria-invalid="true"]')?.focus() })
      return
    }
    // What the form shows counts as it stands there, also where it was emptied.
    const input = { ...Object.fromEntries(Object.entries(given).filter(([name]) => !fields.some(field => field.name === name))), ...read.input }
    const text = JSON.stringify(input)
    // The same order to the engine while the person repeats the same form.
    if (repeated.current?.of !== text) repeated.current = { of: text, as: invocation() }
    command.mutate({ tenant, pack: pack.pack, command: action.command, input, invocation: repeated.current.as })
  }
  return {
    fields, values, pending: command.isPending, refusal,
    complaints: refusal === null ? complaints : atField(refusal, fields, complaints),
    change(next: FormValues) { setValues(next); setComplaints(NO_COMPLAINTS); command.reset() },
    submit,
  }
}

/** The pack's own reason in its own words, where it is one. */
function refusalOf(refusal: ShownRefusal, words: PackWords): ShownRefusal {
  const { code } = refusal.values
  const said = refusal.code === 'KS-PACK-REFUSED' && typeof code === 'string' ? words(code, refusal.values) : null
  return said === null ? refusal : { ...refusal, message: said }
}

/** A refusal that names a field stands at the field, too. */
function atField({ values: { field }, message }: ShownRefusal, fields: readonly FormField[], complaints: Complaints): Complaints {
  const known = fields.flatMap(each => [each, ...each.fields]).some(({ path }) => path === field)
  return typeof field === 'string' && known ? new Map([...complaints, [field, { key: 'refused', values: { message } }]]) : complaints
}

/** Texts of a command's fields, as the pack brings them. */
export function fieldWords(command: string, words: PackWords): FieldWords {
  return {
    label: path => words(`field.${command}.${path}`) ?? plainName(path),
    hint: ({ path, schema }) => words(`hint.${command}.${path}`) ?? (typeof schema['description'] === 'string' ? schema['description'] : null),
    option: (path, value) => words(`option.${command}.${path}.${value}`) ?? String(value),
  }
}

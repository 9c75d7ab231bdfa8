import { ActionIcon, Button, Menu, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDots } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { intlLocale } from '../../app/i18n.ts'
import { invocation, useCommand, useEngineQuery } from '../../app/queries.ts'
import { formFields, readForm, startValues, type Complaints, type FormValues, type JsonSchema } from '../../app/schema-form.ts'
import { useTenant } from '../../app/session.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { SchemaFields, type FieldWords } from '../../components/schema-form.tsx'
import type { PackVersion } from './pack-state.tsx'
import type { Removed } from './removal-outcome.tsx'
import classes from './packs.module.css'

const ACTIONS = ['enable', 'again', 'disable', 'undo', 'remove', 'removeFromSite'] as const
type Action = (typeof ACTIONS)[number]
const DANGEROUS: readonly Action[] = ['disable', 'remove', 'removeFromSite']
const NO_COMPLAINTS: Complaints = new Map()
const NO_SETTINGS: JsonSchema = {}

/** What can be done with a pack for this tenant; each says its consequences first. */
export function PackControls({ pack, versions, onRemoved }: { pack: PackVersion; versions: readonly PackVersion[]; onRemoved: (removed: Removed) => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const [asking, setAsking] = useState<Action | null>(null)
  const running = versions.find(each => each.tenants.some(use => use.tenant === tenant))
  const use = running?.tenants.find(each => each.tenant === tenant)
  if (!may('packs.manage')) return null
  const runs = running?.digest === pack.digest
  const usable = pack.state === 'bundled' || pack.state === 'trusted'
  const offered: readonly Action[] = [
    ...(runs ? use?.state === 'enabled' ? ['disable' as const] : ['again' as const] : usable ? ['enable' as const] : []),
    ...(runs ? ['undo' as const] : []), ...(running === undefined || !may('packs.install') ? [] : ['remove' as const]),
    ...(may('packs.install') && versions.some(each => each.state !== 'bundled') ? ['removeFromSite' as const] : []),
  ]
  const [first, ...rest] = offered
  const label = (action: Action): string => t(`packs:action.${action}`, { version: pack.version })
  return (
    <>
      {first !== undefined && <Button variant={first === 'enable' || first === 'again' ? 'filled' : 'default'} onClick={() => { setAsking(first) }}>{label(first)}</Button>}
      {rest.length > 0 && (
        <Menu>
          <Menu.Target><ActionIcon variant="default" aria-label={t('packs:more')}><IconDots size={16} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>{rest.map(action => <Menu.Item key={action} {...(DANGEROUS.includes(action) ? { color: 'red' } : {})} onClick={() => { setAsking(action) }}>{label(action)}</Menu.Item>)}</Menu.Dropdown>
        </Menu>
      )}
      {asking !== null && <ControlDialog action={asking} pack={pack} running={running ?? null} label={label(asking)} onClose={() => { setAsking(null) }} onRemoved={onRemoved} />}
    </>
  )
}

function ControlDialog({ action, pack, running, label, onClose, onRemoved }: { action: Action; pack: PackVersion; running: PackVersion | null; label: string; onClose: () => void; onRemoved: (removed: Removed) => void }): ReactNode {
  const { t } = useTranslation()
  const { title } = useTenant()
  const [reason, setReason] = useState('')
  const described = useEngineQuery('pack', { digest: pack.digest }, { staleMs: Infinity })
  // A tenant that runs the pack already keeps its settings.
  const contracts = action === 'enable' && running === null ? described.data?.manifest?.contracts ?? [] : []
  const schema = contracts.map(({ config }) => config).find(config => Object.keys(config['properties'] ?? {}).length > 0) ?? NO_SETTINGS
  const control = useControl(action, pack, onClose, onRemoved)
  const config = useConfig(schema)
  const dangerous = DANGEROUS.includes(action)
  const submit = (): void => {
    const given = config.read()
    if (given !== null) control.run(reason, given)
  }
  return (
    <Dialog onClose={onClose} title={label} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className={classes['form']} noValidate onSubmit={event => { event.preventDefault(); submit() }}>
        <p className={classes['plain']}>{t(`packs:consequence.${action}`, { pack: pack.title, version: pack.version, tenant: title, before: running?.version ?? '', runs: String(running !== null) })}</p>
        {config.fields.length > 0 && <SchemaFields fields={config.fields} values={config.values} complaints={config.complaints} words={CONFIG_WORDS} onChange={config.change} />}
        <Textarea label={t('common:reason')} value={reason} onChange={event => { setReason(event.currentTarget.value) }} autosize minRows={2} maxLength={1000} data-autofocus />
        <RefusalAlert error={control.error} tone="warn" />
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose}>{t('packs:back')}</Button>
          <Button type="submit" loading={control.pending} {...(dangerous ? { color: 'red' } : {})}>{label}</Button>
        </div>
      </form>
    </Dialog>
  )
}

/** A pack's config is named and described by its own schema. */
const CONFIG_WORDS: FieldWords = {
  label: path => path,
  hint: ({ schema }) => (typeof schema['description'] === 'string' ? schema['description'] : null),
  option: (_path, value) => String(value),
}

function useConfig(schema: JsonSchema) {
  const { i18n } = useTranslation()
  const locale = intlLocale(i18n.language)
  const fields = formFields(schema)
  const [typed, setTyped] = useState<FormValues | null>(null)
  const [complaints, setComplaints] = useState<Complaints>(NO_COMPLAINTS)
  const values = typed ?? startValues(fields, {}, locale)
  return {
    fields, values, complaints,
    change(next: FormValues) { setTyped(next); setComplaints(NO_COMPLAINTS) },
    /** Null where something is wrong with it. */
    read(): Record<string, unknown> | null {
      const read = readForm(fields, values, locale)
      if (read.complaints !== null) setComplaints(read.complaints)
      return read.input
    },
  }
}

function useControl(action: Action, pack: PackVersion, onDone: () => void, onRemoved: (removed: Removed) => void) {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const done = (): void => {
    notifications.show({ color: 'green', message: t(`packs:done.${action}`, { pack: pack.title, version: pack.version }), closeButtonProps: { 'aria-label': t('common:close') } })
    onDone()
  }
  const enable = useCommand('enable-pack', done)
  const disable = useCommand('disable-pack', done)
  const undo = useCommand('undo-pack', done)
  const remove = useCommand('remove-pack', removed => {
    onRemoved(removed)
    onDone()
  })
  const on = { tenant, pack: pack.id }
  const run = (reason: string, config: Record<string, unknown>): void => {
    const given = invocation(reason)
    switch (action) {
      case 'enable':
      case 'again': return enable.mutate({ ...on, version: pack.version, ...(Object.keys(config).length === 0 ? {} : { config }), invocation: given })
      case 'disable': return disable.mutate({ ...on, invocation: given })
      case 'undo': return undo.mutate({ ...on, invocation: given })
      case 'remove': return remove.mutate({ ...on, invocation: given })
      case 'removeFromSite': return remove.mutate({ pack: pack.id, invocation: given })
    }
  }
  const all = [enable, disable, undo, remove]
  return { run, pending: all.some(each => each.isPending), error: all.find(each => each.error !== null)?.error ?? null }
}

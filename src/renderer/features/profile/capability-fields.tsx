import { Checkbox, Select, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { pathText } from '../../components/value-editing.ts'
import { ObjectFields } from '../../components/value-form.tsx'
import { Code } from '../../components/values.tsx'
import { DEFAULTS, packsFor, type UsablePack } from './pack-catalog.ts'
import classes from './profile.module.css'
import { useEditor } from './editor-context.ts'
import { startingEntry } from './starting-entry.ts'

/** Who answers for a capability that one pack answers: a pack of the site, or what the product does itself. */
export function AnswerChoice({ capability }: { capability: string }): ReactNode {
  const { t } = useTranslation()
  const { document, catalog, editing } = useEditor()
  const path = ['capabilities', capability]
  const entry = valueAt(document.value, path)
  const current = isRecord(entry) ? entry : {}
  const packs = packsFor(capability, catalog.packs)
  const options = [
    ...(DEFAULTS[capability] ?? []).map(name => ({ value: `default ${name}`, label: t(`profile-editor:default.${name}`) })),
    ...packs.map(pack => ({ value: `pack ${pack.pack}`, label: pack.title })),
  ]
  const chosen = typeof current['pack'] === 'string' ? `pack ${current['pack']}` : typeof current['default'] === 'string' ? `default ${current['default']}` : null
  const data = chosen === null || options.some(each => each.value === chosen) ? options : [...options, { value: chosen, label: t('profile-editor:notHere', { name: chosen.split(' ')[1] }) }]
  const label = t(`profile-editor:who.${capability}`)
  const found = editing.problems(path)
  return (
    <Select label={label} description={t(`profile-editor:whoHint.${capability}`)} data={data} value={chosen} allowDeselect={false} disabled={editing.readOnly} data-path={pathText(path)} placeholder={t('value-form:choose')}
      error={found.length === 0 ? null : found.join(' ')}
      onChange={next => {
        if (next === null || next === chosen) return
        const [kind, name = ''] = next.split(' ')
        const pack = packs.find(each => each.pack === name)
        editing.edit([{ op: 'set', path, value: kind === 'default' || pack === undefined ? { default: name } : startingEntry(pack, document.value, path[1]) }], label)
      }} />
  )
}

/** The packs that share a capability, each switched on or off. */
export function AnswerSwitches({ capability }: { capability: string }): ReactNode {
  const { t } = useTranslation()
  const { document, catalog, editing } = useEditor()
  const path = ['capabilities', capability]
  const value = valueAt(document.value, path)
  const entries = (Array.isArray(value) ? value : []).filter(isRecord)
  const packs = packsFor(capability, catalog.packs)
  const missing = entries.filter(({ pack }) => typeof pack === 'string' && !packs.some(each => each.pack === pack))
  const indexOf = (pack: string): number => entries.findIndex(each => each['pack'] === pack)
  const label = t(`profile-editor:who.${capability}`)
  const found = editing.problems(path)
  const onOnly = DEFAULTS[capability]?.[0]
  const switchOn = (pack: UsablePack): void => {
    const stand = onOnly === undefined ? -1 : entries.findIndex(each => each['default'] === onOnly)
    // What the product answers by itself makes room for who really answers.
    editing.edit([...(stand === -1 ? [] : [{ op: 'remove' as const, path: [...path, stand] }]), { op: 'add', path, value: startingEntry(pack, document.value, capability) }], pack.title)
  }
  const switchOff = (name: string, title: string): void => {
    const index = indexOf(name)
    editing.edit(entries.length === 1 && onOnly !== undefined ? [{ op: 'set', path, value: [{ default: onOnly }] }] : [{ op: 'remove', path: [...path, index] }], title)
  }
  return (
    <fieldset className={classes['switches']} data-path={pathText(path)} tabIndex={-1}>
      <legend>{label}</legend>
      <p className={classes['hint']}>{t(`profile-editor:whoHint.${capability}`)}</p>
      {found.map(message => <p key={message} className={classes['problem']}>{message}</p>)}
      {packs.length === 0 && missing.length === 0 && <p className="dim">{t('profile-editor:noPacks')}</p>}
      {packs.map(pack => (
        <Checkbox key={pack.pack} disabled={editing.readOnly} checked={indexOf(pack.pack) !== -1} label={pack.title} description={<Code quiet>{pack.pack}</Code>}
          onChange={event => { if (event.currentTarget.checked) switchOn(pack); else switchOff(pack.pack, pack.title) }} />
      ))}
      {missing.map(entry => {
        const name = String(entry['pack'])
        return <Checkbox key={name} checked disabled={editing.readOnly} label={t('profile-editor:notHere', { name })} onChange={() => { switchOff(name, name) }} />
      })}
    </fieldset>
  )
}

/** Settings of the pack at a place of the document, made from its own schema. */
export function PackSettings({ path }: { path: readonly PathKey[] }): ReactNode {
  const { t } = useTranslation()
  const { document, catalog, editing } = useEditor()
  const entry = valueAt(document.value, path)
  if (!isRecord(entry) || typeof entry['pack'] !== 'string') return null
  const name = entry['pack']
  const pack = catalog.find(name)
  const schema = catalog.config(name, path[1])
  const version = typeof entry['version'] === 'string' ? entry['version'] : ''
  const found = [...editing.problems([...path, 'pack']), ...editing.problems([...path, 'config']), ...(path.length > 2 ? editing.problems(path) : [])]
  const at = [...path, 'version']
  return (
    <section className={classes['settings']} aria-label={t('profile-editor:settingsOf', { pack: pack?.title ?? name })}>
      <h3 className={classes['settingsTitle']}>{t('profile-editor:settingsOf', { pack: pack?.title ?? name })}</h3>
      {pack !== undefined && <p className={classes['hint']}>{pack.description}</p>}
      {found.map(message => <p key={message} className={classes['problem']}>{message}</p>)}
      {pack === undefined && catalog.known && <p className={classes['hint']}>{t('profile-editor:notHereHint')}</p>}
      {schema !== null && <ObjectFields schema={schema} root={schema} path={[...path, 'config']} value={entry['config']} />}
      {schema !== null && !isRecord(schema['properties']) && <p className="dim">{t('profile-editor:noSettings')}</p>}
      <TextInput label={t('profile-editor:versions')} description={t('profile-editor:versionsHint', { here: pack?.versions.join(t('settings:listComma')) ?? '–' })} key={version} defaultValue={version} dir="ltr" data-path={pathText(at)} className={classes['short'] ?? ''} disabled={editing.readOnly}
        error={editing.problems(at).join(' ') || null}
        onBlur={event => { const next = event.currentTarget.value.trim(); if (next !== version) editing.edit([next === '' ? { op: 'remove', path: at } : { op: 'set', path: at, value: next }], t('profile-editor:versions')) }} />
    </section>
  )
}

/** Settings of every pack of a list, one below the other. */
export function ListSettings({ capability }: { capability: string }): ReactNode {
  const { document } = useEditor()
  const value = valueAt(document.value, ['capabilities', capability])
  return <>{(Array.isArray(value) ? value : []).map((entry, index) => isRecord(entry) && typeof entry['pack'] === 'string' ? <PackSettings key={entry['pack']} path={['capabilities', capability, index]} /> : null)}</>
}

import { ActionIcon, Button, FileButton, Select } from '@mantine/core'
import { IconPhoto, IconTrash } from '@tabler/icons-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ORDER_COLUMNS, SITE_ENTRIES, WORK_ENTRIES } from '#engine/core/console-parts.ts'
import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import { consoleTexts } from '../../app/i18n.ts'
import { useAttributes } from '../../app/pack-attributes.ts'
import { usePackMenu } from '../../app/pack-menu.ts'
import { focusIn, pathText, type Suggestion } from '../../components/value-editing.ts'
import { EntryControls } from '../../components/value-form.tsx'
import fields from '../../components/value-form.module.css'
import { useEditor } from './editor-context.ts'
import { LanguageTexts } from './language-texts.tsx'
import type { UsablePack } from './pack-catalog.ts'
import classes from './profile.module.css'

const MOST_LOGO_BYTES = 48_000

/** What the menu shows: the console's entries and those of packs, in the order of the profile. */
export function MenuField(): ReactNode {
  const { t } = useTranslation()
  const packs = usePackMenu()
  const { document } = useEditor()
  const asksPeople = typeof valueAt(document.value, ['capabilities', 'approval', 'pack']) === 'string'
  const known = useMemo(() => [
    ...[...WORK_ENTRIES, ...SITE_ENTRIES].map(id => ({ value: id as string, label: t(`common:nav.${id}`) })), ...packs.map(({ id, title }) => ({ value: id, label: title })),
  ], [t, packs])
  // An entry for approvals leads nowhere where every order is approved by itself.
  return <OrderedNames path={['look', 'navigation']} known={known} all={known.flatMap(({ value }) => value === 'approvals' && !asksPeople ? [] : [value])} />
}

/** What the list of orders shows. */
export function ColumnsField(): ReactNode {
  const { t } = useTranslation()
  const { fields: attributes, words } = useAttributes('order')
  const known = useMemo(() => [
    ...ORDER_COLUMNS.map(id => ({ value: id as string, label: t(`orders:column.${id}`) })), ...attributes.map(({ name }) => ({ value: name, label: words.label(name) })),
  ], [t, attributes, words])
  return <OrderedNames path={['look', 'columns']} known={known} all={known.map(({ value }) => value)} />
}

/** A list of known names whose order counts. Empty means: as usual; who wants it otherwise begins with `all`, and never with one alone. */
function OrderedNames({ path, known, all }: { path: readonly string[]; known: readonly Suggestion[]; all: readonly string[] }): ReactNode {
  const { t } = useTranslation()
  const { document, editing, words } = useEditor()
  const value = valueAt(document.value, path)
  const names = Array.isArray(value) ? value.map(String) : []
  const label = words.label(path, {})
  const free = known.filter(each => !names.includes(each.value))
  const labelOf = (name: string): string => known.find(each => each.value === name)?.label ?? name
  return (
    <fieldset className={fields['part']} data-path={pathText(path)} tabIndex={-1}>
      <legend>{label}</legend>
      <p className={fields['hint']}>{words.hint(path, {})}</p>
      {editing.problems(path).map(message => <p key={message} className={fields['problem']}>{message}</p>)}
      {names.length === 0 && <p className={fields['none']}>{t('profile-editor:asUsual')}</p>}
      {names.length > 0 && (
        <ol className={fields['order']}>
          {names.map((name, index) => (
            <li key={`${name} ${index}`} data-path={pathText([...path, index])}>
              <span><bdi>{labelOf(name)}</bdi>{editing.problems([...path, index]).map(message => <span key={message} className={fields['problem']}> {message}</span>)}</span>
              {!editing.readOnly && <span className={fields['controls']}><EntryControls path={path} index={index} entries={names} name={labelOf(name)} /></span>}
            </li>
          ))}
        </ol>
      )}
      {!editing.readOnly && (
        <div className={classes['row']}>
          {names.length > 0 && <Select aria-label={t('value-form:add', { name: label })} placeholder={t('value-form:add', { name: label })} data={free} value={null} searchable disabled={free.length === 0} nothingFoundMessage={t('value-form:nothingFound')}
            onChange={chosen => { if (chosen !== null) editing.edit([{ op: 'add', path, value: chosen }], label) }} />}
          {names.length === 0 && <div><Button variant="default" onClick={() => { editing.edit([{ op: 'set', path, value: all }], label); focusIn(path) }}>{t('profile-editor:beginWithAll')}</Button></div>}
          {names.length > 0 && <Button variant="subtle" color="gray" onClick={() => { editing.edit([{ op: 'remove', path }], label); focusIn(path) }}>{t('profile-editor:backToUsual')}</Button>}
        </div>
      )}
    </fieldset>
  )
}

/** A picture, taken from a file into the document. */
export function LogoField(): ReactNode {
  const { t } = useTranslation()
  const { document, editing, words } = useEditor()
  const [problem, setProblem] = useState<string | null>(null)
  const path = ['look', 'logo']
  const value = valueAt(document.value, path)
  const label = words.label(path, {})
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return
    if (!['image/svg+xml', 'image/png'].includes(file.type) || file.size > MOST_LOGO_BYTES) {
      setProblem(t('profile-editor:logoWrong'))
      return
    }
    setProblem(null)
    const bytes = new Uint8Array(await file.arrayBuffer())
    editing.edit([{ op: 'set', path, value: `data:${file.type};base64,${btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))}` }], label)
  }
  return (
    <fieldset className={fields['part']} data-path={pathText(path)} tabIndex={-1}>
      <legend>{label}</legend>
      <p className={fields['hint']}>{words.hint(path, {})}</p>
      {[...editing.problems(path), ...(problem === null ? [] : [problem])].map(message => <p key={message} className={fields['problem']} role="alert">{message}</p>)}
      {typeof value === 'string' && value.startsWith('data:image/') && <img className={classes['logo']} src={value} alt={t('profile-editor:logoAlt')} />}
      {!editing.readOnly && (
        <div className={classes['row']}>
          <FileButton accept="image/svg+xml,image/png" onChange={file => { void take(file) }}>
            {props => <Button {...props} variant="default" leftSection={<IconPhoto size={14} />}>{t('profile-editor:logoChoose')}</Button>}
          </FileButton>
          {value !== undefined && <Button variant="subtle" color="gray" leftSection={<IconTrash size={14} />} onClick={() => { editing.edit([{ op: 'remove', path }], label) }}>{t('value-form:remove', { name: label })}</Button>}
        </div>
      )}
    </fieldset>
  )
}

const OFFERED = 60

/** Texts of the packs that the document names, by the keys under which a profile says them otherwise. Those with places for values are left out. */
function textsOfPacks(packs: readonly UsablePack[]): { readonly key: string; readonly text: string }[] {
  return packs.flatMap(({ pack, screens }) => Object.entries(screens?.texts ?? {}).map(([key, text]) => ({ key: `${pack}:${key}`, text }))).filter(({ text }) => !text.includes('{'))
}

/** Texts of the console and of packs in the customer's own words: found by what they say now. */
export function WordingField(): ReactNode {
  const { t, i18n } = useTranslation()
  const { catalog, document, editing, words } = useEditor()
  const path = ['look', 'wording']
  const value = valueAt(document.value, path)
  const own = isRecord(value) ? value : {}
  const texts = useMemo(() => [...consoleTexts(i18n.language), ...textsOfPacks(catalog.packs)], [i18n.language, catalog])
  const label = words.label(path, {})
  const free = texts.filter(each => own[each.key] === undefined).map(each => ({ value: each.key, label: each.text }))
  const now = (key: string): string => texts.find(each => each.key === key)?.text ?? key
  return (
    <fieldset className={fields['part']} data-path={pathText(path)} tabIndex={-1}>
      <legend>{label}</legend>
      <p className={fields['hint']}>{words.hint(path, {})}</p>
      {editing.problems(path).map(message => <p key={message} className={fields['problem']}>{message}</p>)}
      {Object.entries(own).map(([key, text]) => <WordedText key={key} at={[...path, key]} now={now(key)} value={text} />)}
      {Object.keys(own).length === 0 && <p className={fields['none']}>{t('value-form:none')}</p>}
      {!editing.readOnly && (
        <Select aria-label={t('profile-editor:findText')} placeholder={t('profile-editor:findText')} searchable data={free} limit={OFFERED} value={null} nothingFoundMessage={t('value-form:nothingFound')}
          renderOption={({ option }) => <span>{option.label} <bdi dir="ltr" className="code dim">{option.value}</bdi></span>}
          onChange={key => {
            if (key === null) return
            editing.edit([{ op: 'set', path: [...path, key], value: { [i18n.language]: now(key) } }], label)
            focusIn([...path, key])
          }} />
      )}
    </fieldset>
  )
}

function WordedText({ at, now, value }: { at: readonly string[]; now: string; value: unknown }): ReactNode {
  const { t } = useTranslation()
  const { editing } = useEditor()
  return (
    <fieldset className={fields['entry']} data-path={pathText(at)}>
      <legend>{now}</legend>
      <div className={fields['entryBody']}>
        <bdi dir="ltr" className="code dim">{at.at(-1)}</bdi>
        {editing.problems(at).map(message => <p key={message} className={fields['problem']}>{message}</p>)}
        <LanguageTexts at={at} value={value} />
      </div>
      {!editing.readOnly && <div className={fields['controls']}><ActionIcon variant="subtle" color="gray" aria-label={t('value-form:remove', { name: now })} title={t('value-form:remove', { name: now })} onClick={() => { editing.edit([{ op: 'remove', path: at }], now); focusIn(at.slice(0, -1)) }}><IconTrash size={14} /></ActionIcon></div>}
    </fieldset>
  )
}

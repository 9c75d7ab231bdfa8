import { Button, FileButton, Select, TextInput } from '@mantine/core'
import { IconPhoto, IconTrash } from '@tabler/icons-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ORDER_COLUMNS, SITE_ENTRIES, WORK_ENTRIES } from '#engine/core/console-parts.ts'
import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import { consoleTexts } from '../../app/i18n.ts'
import { useAttributes } from '../../app/pack-attributes.ts'
import { usePackMenu } from '../../app/pack-menu.ts'
import { pathText, type Suggestion } from '../../components/value-editing.ts'
import { EntryControls } from '../../components/value-form.tsx'
import fields from '../../components/value-form.module.css'
import { useEditor } from './editor-context.ts'
import type { UsablePack } from './pack-catalog.ts'
import classes from './profile.module.css'

const MOST_LOGO_BYTES = 48_000

/** What the menu shows: the console's entries and those of packs, in the order of the profile. */
export function MenuField(): ReactNode {
  const { t } = useTranslation()
  const packs = usePackMenu()
  const known = useMemo(() => [
    ...[...WORK_ENTRIES, ...SITE_ENTRIES].map(id => ({ value: id as string, label: t(`common:nav.${id}`) })), ...packs.map(({ id, title }) => ({ value: id, label: title })),
  ], [t, packs])
  return <OrderedNames path={['look', 'navigation']} known={known} />
}

/** What the list of orders shows. */
export function ColumnsField(): ReactNode {
  const { t } = useTranslation()
  const { fields: attributes, words } = useAttributes('order')
  const known = useMemo(() => [
    ...ORDER_COLUMNS.map(id => ({ value: id as string, label: t(`orders:column.${id}`) })), ...attributes.map(({ name }) => ({ value: name, label: words.label(name) })),
  ], [t, attributes, words])
  return <OrderedNames path={['look', 'columns']} known={known} />
}

/** A list of known names whose order counts. Empty means: as usual. */
function OrderedNames({ path, known }: { path: readonly string[]; known: readonly Suggestion[] }): ReactNode {
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
          <Select aria-label={t('value-form:add', { name: label })} placeholder={t('value-form:add', { name: label })} data={free} value={null} searchable disabled={free.length === 0} nothingFoundMessage={t('value-form:nothingFound')}
            onChange={chosen => { if (chosen !== null) editing.edit([{ op: 'add', path, value: chosen }], label) }} />
          {names.length === 0 && <Button variant="default" onClick={() => { editing.edit([{ op: 'set', path, value: known.map(each => each.value) }], label) }}>{t('profile-editor:beginWithAll')}</Button>}
          {names.length > 0 && <Button variant="subtle" color="gray" onClick={() => { editing.edit([{ op: 'remove', path }], label) }}>{t('profile-editor:backToUsual')}</Button>}
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
          onChange={key => { if (key !== null) editing.edit([{ op: 'set', path: [...path, key], value: { [i18n.language]: now(key) } }], label) }} />
      )}
    </fieldset>
  )
}

function WordedText({ at, now, value }: { at: readonly string[]; now: string; value: unknown }): ReactNode {
  const { t } = useTranslation()
  const { editing } = useEditor()
  const languages = ['en', 'de', 'ar'] as const
  return (
    <fieldset className={fields['entry']} data-path={pathText(at)}>
      <legend>{now}</legend>
      <div className={fields['entryBody']}>
        <bdi dir="ltr" className="code dim">{at.at(-1)}</bdi>
        {editing.problems(at).map(message => <p key={message} className={fields['problem']}>{message}</p>)}
        {languages.map(language => <LanguageText key={language} at={at} language={language} value={value} />)}
      </div>
      {!editing.readOnly && <div className={fields['controls']}><Button variant="subtle" color="gray" size="compact-sm" onClick={() => { editing.edit([{ op: 'remove', path: at }], now) }}>{t('value-form:remove', { name: now })}</Button></div>}
    </fieldset>
  )
}

/** One text for all languages becomes one for each as soon as one differs. */
function LanguageText({ at, language, value }: { at: readonly string[]; language: 'en' | 'de' | 'ar'; value: unknown }): ReactNode {
  const { t } = useTranslation()
  const { editing } = useEditor()
  const all = isRecord(value) ? value : typeof value === 'string' ? { en: value, de: value, ar: value } : {}
  const text = typeof all[language] === 'string' ? all[language] : ''
  const label = t(`common:languageName.${language}`)
  return (
    <TextInput key={`${editing.epoch} ${text}`} label={label} lang={language} dir={language === 'ar' ? 'rtl' : 'ltr'} defaultValue={text} disabled={editing.readOnly} data-path={pathText([...at, language])} onBlur={event => {
      const next = event.currentTarget.value
      if (next === text) return
      const { [language]: _before, ...others } = all
      editing.edit([{ op: 'set', path: at, value: next.trim() === '' ? others : { ...others, [language]: next } }], label, pathText([...at, language]))
    }} />
  )
}

import { Select } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey, ProfileEdit } from '#engine/profiles/finding.ts'
import type { ValueNode } from '../../app/value-schema.ts'
import { pathText, type ValueEditing, ValueEditingProvider } from '../../components/value-editing.ts'
import { ScalarField } from '../../components/value-field.tsx'
import fields from '../../components/value-form.module.css'
import { useEditor } from './editor-context.ts'
import { LanguageTexts } from './language-texts.tsx'
import classes from './profile.module.css'
import { comparable, itemOf, type Operator, operatorIn, operatorsOf, type Setting, settingAt, settingsIn, testOf, TESTS } from './rule-settings.ts'

/** Fields of their own for what the rules of a profile look at; null for every other place. */
export function ruleFields(path: readonly PathKey[], value: unknown): ReactNode | null {
  if (path[0] !== 'constraints') return null
  if (path.length === 4 && (path[2] === 'when' || path[2] === 'then')) return <ConditionFields path={path} value={value} />
  return path.length === 3 && path[2] === 'because' && isRecord(value) ? <BecauseFields path={path} value={value} /> : null
}

/** Why, where it is said in several languages. */
function BecauseFields({ path, value }: { path: readonly PathKey[]; value: unknown }): ReactNode {
  const { editing, words } = useEditor()
  return (
    <fieldset className={fields['part']} data-path={pathText(path)} tabIndex={-1}>
      <legend>{words.label(path, {})}</legend>
      <p className={fields['hint']}>{words.hint(path, {})}</p>
      {editing.problems(path).map(message => <p key={message} className={fields['problem']}>{message}</p>)}
      <LanguageTexts at={path} value={value} />
    </fieldset>
  )
}

/** One condition as a sentence: a pack or a setting, what is asked of it, and the value that it is compared with. */
function ConditionFields({ path, value }: { path: readonly PathKey[]; value: unknown }): ReactNode {
  const { t } = useTranslation()
  const { document, schemas, catalog, words, editing } = useEditor()
  const settings = useMemo(() => schemas === null ? [] : settingsIn(document.value, schemas), [document.value, schemas])
  const condition = isRecord(value) ? value : {}
  const pack = typeof condition['pack'] === 'string' && condition['pack'] !== '' ? condition['pack'] : null
  const address = typeof condition['path'] === 'string' ? condition['path'] : null
  const setting = address === null ? undefined : settingAt(address, settings)
  const node = setting?.node ?? null
  const about = pack !== null ? `pack ${pack}` : address === null ? null : `path ${setting?.address ?? address}`
  const written = operatorIn(condition)
  // A value that was cleared leaves nothing to tell the question by; it is still asked.
  const [asked, setAsked] = useState<Operator | null>(written)
  const operator = about === null ? null : written ?? asked
  const label = words.label(path.slice(0, 3), {})
  const edit = (edits: readonly ProfileEdit[]): void => { editing.edit(edits, label) }

  const choose = (next: string | null): void => {
    if (next === null || next === about) return
    const [kind, ...name] = next.split(' ')
    const chosen = settingAt(name.join(' '), settings)
    const first = operatorsOf(kind === 'pack' ? null : chosen?.node ?? null)[0] ?? 'said'
    setAsked(first)
    edit([{ op: 'set', path, value: { [kind === 'pack' ? 'pack' : 'path']: name.join(' '), ...started(first, chosen?.node ?? null) } }])
  }
  const ask = (next: string | null): void => {
    const chosen = operatorsFor(about, node, operator).find(each => each === next)
    if (chosen === undefined || chosen === operator) return
    setAsked(chosen)
    const kept = Object.keys(condition).filter(key => key !== 'pack' && key !== 'path')
    edit([...kept.map(key => ({ op: 'remove' as const, path: [...path, key] })), ...Object.entries(started(chosen, node)).map(([key, to]) => ({ op: 'set' as const, path: [...path, key], value: to }))])
  }
  const shown = useWhatIsThere(settings, about)
  const found = ['', 'pack', 'path'].flatMap(key => editing.problems(key === '' ? path : [...path, key]))
  // What is asked for before anything is chosen is the choice.
  const problem = found.length === 0 ? null : about === null ? t('profile-editor:rule.whatHint') : found.join(' ')
  return (
    <div className={classes['condition']} data-path={pathText(path)}>
      <Select aria-label={t('profile-editor:rule.what')} placeholder={t('profile-editor:rule.whatHint')} data={shown} value={about} allowDeselect={false} searchable disabled={editing.readOnly}
        data-path={pathText([...path, pack === null ? 'path' : 'pack'])} nothingFoundMessage={t('value-form:nothingFound')} maxDropdownHeight={280}
        error={problem} onChange={choose} />
      {about !== null && (
        <Select aria-label={t('profile-editor:rule.asked')} placeholder={t('value-form:choose')} allowDeselect={false} disabled={editing.readOnly} value={operator} onChange={ask}
          data={operatorsFor(about, node, operator).map(each => ({ value: each, label: t(`profile-editor:rule.operator.${each}`) }))} />
      )}
      {operator !== null && <ComparedWith path={path} operator={operator} condition={condition} setting={setting ?? null} settings={settings} />}
      {catalog.known && pack !== null && catalog.find(pack) === undefined && <p className={fields['hint']}>{t('profile-editor:notHereHint')}</p>}
    </div>
  )
}

/** What an operator is written with at first; a text that only a person can know is left out, and the findings ask for it. */
function started(operator: Operator, node: ValueNode | null): Record<string, unknown> {
  const test = testOf(operator, node)
  return test === null || test.value === '' || (Array.isArray(test.value) && test.value[0] === '') ? {} : { [test.key]: test.value }
}

/** What is asked already can be asked, whatever the place is by now. */
function operatorsFor(about: string | null, node: ValueNode | null, operator: Operator | null): readonly Operator[] {
  if (about === null) return []
  const known = about.startsWith('pack ') ? operatorsOf(null) : node === null ? [...TESTS, 'said', 'unsaid'] as const : operatorsOf(node)
  return operator === null || known.includes(operator) ? known : [...known, operator]
}

/** The packs of the site and the settings of the document, by the words that the forms have for them. */
function useWhatIsThere(settings: readonly Setting[], about: string | null) {
  const { t } = useTranslation()
  const { catalog, words } = useEditor()
  return useMemo(() => {
    const known = [
      { group: t('profile-editor:rule.settings'), items: settings.map(({ address, at }) => ({ value: `path ${address}`, label: words.place(at) })) },
      { group: t('profile-editor:rule.packs'), items: catalog.packs.map(({ pack, title }) => ({ value: `pack ${pack}`, label: title })) },
    ]
    if (about === null || known.some(({ items }) => items.some(each => each.value === about))) return known
    return [...known, { group: t('profile-editor:rule.elsewhere'), items: [{ value: about, label: about.slice(about.indexOf(' ') + 1) }] }]
  }, [t, settings, catalog, words, about])
}

/** The value that a condition compares with, entered as the setting itself is. */
function ComparedWith({ path, operator, condition, setting, settings }: {
  path: readonly PathKey[]; operator: Operator; condition: Readonly<Record<string, unknown>>; setting: Setting | null; settings: readonly Setting[]
}): ReactNode {
  const { t } = useTranslation()
  const { words, editing } = useEditor()
  const spoken = t('profile-editor:rule.value')
  const ofSetting = useMemo<ValueEditing>(() => setting === null ? editing : {
    ...editing, words: { ...words, option: (_path, schema, value) => words.option(setting.at, schema, value) }, suggest: (_path, schema) => editing.suggest(setting.at, schema),
  }, [editing, words, setting])
  if (operator === 'used' || operator === 'unused' || operator === 'said' || operator === 'unsaid') return null
  const at = [...path, operator]
  const value = condition[operator]
  if (operator === 'same') {
    const others = settings.filter(each => comparable(each) && each.address !== setting?.address).map(each => ({ value: each.address, label: words.place(each.at) }))
    const chosen = typeof value === 'string' ? settingAt(value, settings)?.address ?? value : null
    return (
      <Select aria-label={spoken} placeholder={t('value-form:choose')} searchable allowDeselect={false} disabled={editing.readOnly} value={chosen} data-path={pathText(at)} nothingFoundMessage={t('value-form:nothingFound')}
        data={chosen === null || others.some(each => each.value === chosen) ? others : [...others, { value: chosen, label: chosen }]} error={editing.problems(at).join(' ') || null}
        onChange={next => { if (next !== null && next !== chosen) editing.edit([{ op: 'set', path: at, value: next }], spoken, pathText(at)) }} />
    )
  }
  const own = setting?.node ?? null
  const node: ValueNode = operator === 'version' ? { kind: 'text', schema: { pattern: '' }, options: [] }
    : operator === 'has' ? itemOf(own)
    : operator === 'in' ? { kind: 'texts', schema: { type: 'array', items: own?.schema ?? {} }, options: [] }
    : own ?? { kind: 'plain', schema: {}, options: [] }
  return <ValueEditingProvider value={ofSetting}><ScalarField bare node={node} path={at} value={value} required spoken={spoken} /></ValueEditingProvider>
}

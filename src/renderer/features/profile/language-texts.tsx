import { TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { LOCALES, type Locale } from '../../app/i18n.ts'
import { pathText } from '../../components/value-editing.ts'
import { useEditor } from './editor-context.ts'

/** A text in the languages of the console: one for all becomes one for each as soon as one differs. */
export function LanguageTexts({ at, value }: { at: readonly PathKey[]; value: unknown }): ReactNode {
  return LOCALES.map(language => <LanguageText key={language} at={at} language={language} value={value} />)
}

function LanguageText({ at, language, value }: { at: readonly PathKey[]; language: Locale; value: unknown }): ReactNode {
  const { t } = useTranslation()
  const { editing } = useEditor()
  const all = isRecord(value) ? value : typeof value === 'string' ? { en: value, de: value, ar: value } : {}
  const text = typeof all[language] === 'string' ? all[language] : ''
  const label = t(`common:languageName.${language}`)
  return (
    <TextInput key={`${editing.epoch} ${text}`} label={label} lang={language} dir={language === 'ar' ? 'rtl' : 'ltr'} defaultValue={text} disabled={editing.readOnly} data-path={pathText([...at, language])}
      error={editing.problems([...at, language]).join(' ') || null} onBlur={event => {
        const next = event.currentTarget.value
        if (next === text) return
        const { [language]: _before, ...others } = all
        editing.edit([{ op: 'set', path: at, value: next.trim() === '' ? others : { ...others, [language]: next } }], label, pathText([...at, language]))
      }} />
  )
}

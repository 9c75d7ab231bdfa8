import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { useFormat } from '../../app/use-format.ts'
import { valueInWords, type ValueSpeech } from '../../components/value-in-words.ts'
import { useEditor } from './editor-context.ts'
import { operatorIn, settingAt, settingsIn } from './rule-settings.ts'
import { schemaAt } from './schema-at.ts'

/** Any value of the document as a person reads it, by the words of the forms. */
export function useValueWords(): (at: readonly PathKey[], value: unknown) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const { words, catalog, schemas, document } = useEditor()
  return useMemo(() => {
    const settings = schemas === null ? [] : settingsIn(document.value, schemas)
    const schemaOf = (at: readonly PathKey[]) => schemas === null ? {} : schemaAt(at, document.value, schemas)?.schema ?? {}
    const titleOf = (pack: string): string => catalog.find(pack)?.title ?? pack
    const speech: ValueSpeech = {
      t, format, label: at => words.label(at, schemaOf(at)), option: (at, value) => words.option(at, schemaOf(at), value),
      whole(at, value) {
        if (!isRecord(value)) return null
        if (at[0] === 'constraints' && at.length === 4) return condition(value)
        if (typeof value['default'] === 'string') return t(`profile-editor:default.${value['default']}`, { defaultValue: value['default'] })
        return typeof value['pack'] === 'string' ? titleOf(value['pack']) : null
      },
    }
    /** A condition of a rule: "Approval › Above the limit is Ask people". */
    const condition = (value: Readonly<Record<string, unknown>>): string => {
      const asked = operatorIn(value)
      const setting = typeof value['path'] === 'string' ? settingAt(value['path'], settings) : undefined
      const about = typeof value['pack'] === 'string' ? titleOf(value['pack']) : setting === undefined ? String(value['path'] ?? '') : words.place(setting.at)
      const other = asked === 'same' && typeof value['same'] === 'string' ? settingAt(value['same'], settings) : undefined
      const compared = asked === null || value[asked] === undefined ? '' : other !== undefined ? words.place(other.at) : valueInWords(value[asked], setting?.at ?? [], speech)
      return [about, asked === null ? '' : t(`profile-editor:rule.operator.${asked}`), compared].filter(part => part !== '').join(' ')
    }
    return (at, value) => valueInWords(value, at, speech)
  }, [t, format, words, catalog, schemas, document.value])
}

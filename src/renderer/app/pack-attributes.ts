import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { attributeFields, type AttributesOn } from './attribute-fields.ts'
import { packText } from './pack-texts.ts'
import { usePackScreens } from './pack-ui.tsx'
import type { FormField } from './schema-form.ts'
import { useFormat } from './use-format.ts'

/** Texts of attributes, from the packs that declare them. */
export interface AttributeWords {
  label(name: string): string
  hint(field: FormField): string | null
  option(name: string, value: string | number): string
}

export function useAttributes(on: AttributesOn): { readonly names: readonly string[]; readonly fields: readonly FormField[]; readonly words: AttributeWords; readonly isDeclared: (name: string) => boolean } {
  const { i18n } = useTranslation()
  const format = useFormat()
  const { packs } = usePackScreens()
  return useMemo(() => {
    const said = (name: string, key: (own: string) => string): string | null => {
      const pack = packs.find(each => name.startsWith(`${each.pack}.`))
      return pack === undefined ? null : packText(pack.pack, key(name.slice(pack.pack.length + 1)), {}, { locale: i18n.language, format, scale: null, texts: pack.texts })
    }
    const words: AttributeWords = {
      label: name => said(name, own => `attribute.${own}`) ?? name,
      hint: ({ path, schema }) => said(path, own => `hint.attribute.${own}`) ?? (typeof schema['description'] === 'string' ? schema['description'] : null),
      option: (name, value) => said(name, own => `option.attribute.${own}.${value}`) ?? String(value),
    }
    const names = packs.flatMap(({ pack, attributes }) => attributes.filter(each => each.on === on).map(({ name }) => `${pack}.${name}`))
    return { names, fields: attributeFields(packs, on), words, isDeclared: (name: string) => said(name, own => `attribute.${own}`) !== null }
  }, [packs, on, i18n.language, format])
}

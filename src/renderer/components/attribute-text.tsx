import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttributeWords } from '../app/pack-attributes.ts'

/** The value of an attribute, in the words of the pack that declares it. */
export function AttributeText({ name, value, words }: { name: string; value: unknown; words: AttributeWords }): ReactNode {
  const { t } = useTranslation()
  if (typeof value === 'boolean') return <>{t(value ? 'common:yes' : 'common:no')}</>
  return <bdi>{typeof value === 'string' || typeof value === 'number' ? words.option(name, value) : JSON.stringify(value)}</bdi>
}

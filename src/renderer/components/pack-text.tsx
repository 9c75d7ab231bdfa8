import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { packText, type MoneyScale } from '../app/pack-texts.ts'
import { usePackUi } from '../app/pack-ui.tsx'
import { useFormat } from '../app/use-format.ts'
import { Code } from './values.tsx'

/** What a pack says, in the person's language; else its code and values, readable. */
export function PackText({ pack, code, values, scale = null }: { pack: string; code: string; values: Readonly<Record<string, unknown>>; scale?: MoneyScale | null }): ReactNode {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const texts = usePackUi(pack)?.texts
  const text = packText(pack, code, values, { locale: i18n.language, format, scale, texts })
  if (text !== null) return <bdi>{text}</bdi>
  // The defaults that a profile may name are the core's own.
  if (pack === 'keelson' && i18n.exists(`common:default.${code}`)) return <>{t(`common:default.${code}`)}</>
  const listed = Object.entries(values).filter(([, value]) => value !== null).map(([name, value]) => `${name} ${String(value)}`).join(', ')
  return <span><Code>{code}</Code>{listed !== '' && <> <bdi dir="ltr" className="dim">{listed}</bdi></>}</span>
}

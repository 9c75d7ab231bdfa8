import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { packText } from './pack-texts.ts'
import { usePackScreens } from './pack-ui.tsx'
import { useFormat } from './use-format.ts'

export interface PackMenuEntry {
  /** As profiles list it: `<pack>.<entry>`. */
  readonly id: string
  readonly pack: string
  readonly page: string
  readonly title: string
}

/** Menu entries of the tenant's packs, as far as the person may see them. */
export function usePackMenu(): readonly PackMenuEntry[] {
  const { i18n } = useTranslation()
  const format = useFormat()
  const { packs } = usePackScreens()
  return useMemo(() => packs.flatMap(({ pack, ui, permissions, texts }) => (ui?.menu ?? [])
    .filter(({ permission }) => permission === undefined || permissions.includes(permission))
    .map(({ id, page }) => ({ id: `${pack}.${id}`, pack, page, title: packText(pack, `menu.${id}`, {}, { locale: i18n.language, format, scale: null, texts }) ?? id }))), [packs, i18n.language, format])
}

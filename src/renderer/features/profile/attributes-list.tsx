import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { valueAt } from '#engine/core/plain-values.ts'
import { packText } from '../../app/pack-texts.ts'
import { usePackScreens } from '../../app/pack-ui.tsx'
import { plainName } from '../../app/plain-name.ts'
import { useFormat } from '../../app/use-format.ts'
import table from '../../components/table.module.css'
import { Code } from '../../components/values.tsx'
import { useEditor } from './editor-context.ts'

/** What the packs of the document add to orders, lines and accounts. They come and go with their packs. */
export function AttributesList(): ReactNode {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { catalog, document } = useEditor()
  const { packs } = usePackScreens()
  const rows = packs.flatMap(({ pack, attributes, texts }) => attributes.map(each => ({
    ...each, pack, required: each.required || valueAt(document.value, ['attributes', `${pack}.${each.name}`, 'required']) === true,
    title: packText(pack, `attribute.${each.name}`, {}, { locale: i18n.language, format, scale: null, texts }) ?? plainName(each.name),
  })))
  if (rows.length === 0) return <p className="dim">{t('profile-editor:noAttributes')}</p>
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('profile-editor:section.attributes')}>
      <table className={table['table']}>
        <thead><tr><th scope="col">{t('profile-editor:name')}</th><th scope="col">{t('profile-editor:attributeOn')}</th><th scope="col">{t('profile-editor:layer.pack')}</th><th scope="col">{t('profile-editor:attributeNeeded')}</th></tr></thead>
        <tbody>{rows.map(row => (
          <tr key={`${row.pack} ${row.on} ${row.name}`}>
            <th scope="row">{row.title} <Code quiet>{row.pack}.{row.name}</Code></th><td>{t(`profile-editor:on.${row.on}`)}</td>
            <td>{catalog.find(row.pack)?.title ?? row.pack}</td><td>{t(row.required ? 'profile-editor:yes' : 'profile-editor:no')}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  )
}

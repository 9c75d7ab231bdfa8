import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Row, ShownColumn, UiAction } from '#engine/contracts/v1/index.ts'
import { isOfRow, type GivenFrom } from '../app/pack-given.ts'
import { usePackWords, type PackUi } from '../app/pack-ui.tsx'
import { allowedActions, PackActions } from './pack-actions.tsx'
import classes from './pack-actions.module.css'
import { isAmount, PackValue, shownAs } from './pack-value.tsx'
import { Facts } from './page.tsx'
import table from './table.module.css'

/** Fields of one row of a pack. */
export function PackFields({ tenant, pack, query: name, fields, row }: { tenant: string; pack: PackUi; query: string; fields: readonly ShownColumn[]; row: Row }): ReactNode {
  const words = usePackWords(pack.pack)
  const query = pack.queries.find(each => each.name === name)
  return <Facts items={fields.map(shown => [
    words(`column.${query?.table}.${shown.column}`) ?? shown.column,
    <PackValue key={shown.column} tenant={tenant} pack={pack.pack} query={query} shown={shown} row={row} />,
  ] as const)} />
}

/** A short list of rows of a pack, with buttons for the list and for each row. */
export function PackTable({ tenant, pack, query: name, columns, rows, label, actions, from, more, none }: {
  tenant: string; pack: PackUi; query: string; columns: readonly ShownColumn[]; rows: readonly Row[]; label: string
  actions: readonly UiAction[] | undefined; from: GivenFrom; more: boolean; none: string
}): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const query = pack.queries.find(each => each.name === name)
  const alignment = (shown: ShownColumn) => isAmount(shownAs(shown, query)) ? table['end'] : undefined
  const ofRows = allowedActions(pack, actions?.filter(isOfRow))
  const ofList = actions?.filter(action => !isOfRow(action))
  return (
    <>
      {rows.length === 0 ? <p className="dim">{none}</p> : (
        <div className={table['scroll']} tabIndex={0} role="region" aria-label={label}>
          <table className={table['table']}>
            <thead><tr>
              {columns.map(shown => <th key={shown.column} scope="col" className={alignment(shown)}>{words(`column.${query?.table}.${shown.column}`) ?? shown.column}</th>)}
              {ofRows.length > 0 && <th scope="col"><span className="sr-only">{t('pack-pages:actions')}</span></th>}
            </tr></thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={(query?.key ?? []).map(key => String(row[key])).join(' ') || index}>
                  {columns.map(shown => (
                    <td key={shown.column} className={alignment(shown)}>
                      <PackValue tenant={tenant} pack={pack.pack} query={query} shown={shown} row={row} />
                    </td>
                  ))}
                  {ofRows.length > 0 && <td><div className={classes['rowButtons']}><PackActions tenant={tenant} pack={pack} actions={ofRows} from={{ ...from, row }} compact /></div></td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more && <p className="dim small">{t('pack-pages:firstRows', { count: rows.length })}</p>}
      {ofList !== undefined && ofList.length > 0 && <div className={classes['listButtons']}><PackActions tenant={tenant} pack={pack} actions={ofList} from={from} /></div>}
    </>
  )
}

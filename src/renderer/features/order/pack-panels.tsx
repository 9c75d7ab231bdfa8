import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UiPanel } from '#engine/contracts/v1/index.ts'
import { queryParameters } from '../../app/pack-given.ts'
import { usePackRows } from '../../app/pack-rows.ts'
import { usePackScreens, usePackWords, type PackUi } from '../../app/pack-ui.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { PackActions } from '../../components/pack-actions.tsx'
import { PackFields, PackTable } from '../../components/pack-fields.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

/** What packs show beside an order. */
export function PackPanels({ tenant, order }: { tenant: string; order: OrderPageData['order'] }): ReactNode {
  const { packs } = usePackScreens()
  return packs.flatMap(pack => (pack.ui?.panels ?? []).map(panel => <PackPanel key={`${pack.pack} ${panel.id}`} tenant={tenant} pack={pack} panel={panel} order={order} />))
}

function PackPanel({ tenant, pack, panel, order: { id, reference, account } }: { tenant: string; pack: PackUi; panel: UiPanel; order: OrderPageData['order'] }): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const from = useMemo(() => ({ order: { id, reference, account } }), [id, reference, account])
  const parameters = useMemo(() => queryParameters(panel.with, from), [panel.with, from])
  const query = pack.queries.find(each => each.name === panel.query)
  const hidden = query?.permission != null && !pack.permissions.includes(query.permission)
  const { rows, error, more } = usePackRows({ tenant, pack: pack.pack, query: panel.query, parameters }, !hidden)
  if (hidden) return null
  const title = words(`panel.${panel.id}`) ?? panel.id
  const [row] = rows ?? []
  return (
    <section aria-label={title}>
      <h2 className={classes['h2']}>{title}</h2>
      {rows === undefined ? error === null ? <LoadingLines lines={2} /> : <RefusalAlert error={error} tone="warn" />
        : rows.length === 1 && row !== undefined
          ? <>
            <PackFields tenant={tenant} pack={pack} query={panel.query} fields={panel.fields} row={row} />
            <div className={classes['panelActions']}><PackActions tenant={tenant} pack={pack} actions={panel.actions} from={{ ...from, row }} /></div>
          </>
          : <PackTable tenant={tenant} pack={pack} query={panel.query} columns={panel.fields} rows={rows} label={title} actions={panel.actions} from={from} more={more} none={t('pack-pages:none')} />}
    </section>
  )
}

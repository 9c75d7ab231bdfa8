import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { endsOfClass } from '#engine/core/decisions/change-classes.ts'
import { minorToDecimal } from '../../app/format.ts'
import type { QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { csvOf, saveFile } from '../../components/save-file.ts'
import table from '../../components/table.module.css'
import { Code, Count, Money } from '../../components/values.tsx'
import classes from './impact.module.css'

type Classes = NonNullable<QueryOutput<'impact-result'>['summary']>['distribution']

const WIDTH = 960
const HEIGHT = 200
const EDGE = { side: 12, top: 22, bottom: 26 }

/** How much more or less is to be paid, in classes of percent: a picture, and the numbers behind it. It reads left to right in every language. */
export function Distribution({ runId, classes: found }: { runId: string; classes: Classes }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant } = useTenant()
  const nameOf = ({ from, to }: Pick<Classes[number], 'from' | 'to'>): string => {
    const percent = (value: number): string => format.percent(value / 100)
    if (from === null) return t('impact:distribution.below', { to: percent(to ?? 0) })
    return to === null ? t('impact:distribution.above', { from: percent(from) }) : t('impact:distribution.between', { from: percent(from), to: percent(to) })
  }
  const first = Math.min(...found.map(each => each.class))
  const last = Math.max(...found.map(each => each.class))
  // Classes between those that hold something are shown empty, so that the axis has no gaps.
  const shown = Array.from({ length: last - first + 1 }, (_, index) => {
    const ends = endsOfClass(first + index)
    return { name: nameOf(ends), fall: ends.to !== null && ends.to <= 0, orders: found.filter(each => each.class === first + index).reduce((sum, each) => sum + each.orders, 0) }
  })
  const save = (): void => {
    saveFile(`impact-${runId}-distribution.csv`, [csvOf([
      [t('impact:distribution.class'), t('impact:changes.currency'), t('impact:counts.orders'), t('impact:changes.change')],
      ...found.map(each => [nameOf(each), each.currency, each.orders, minorToDecimal(each.deltaMinor, each.exponent)]),
    ])], 'text/csv')
  }
  return (
    <div className={classes['inset']}>
      <p className={classes['legend']}><span data-fall>{t('impact:distribution.less')}</span> <span>{t('impact:distribution.more')}</span></p>
      <div className={classes['plot']} role="img" aria-label={t('impact:distribution.described', { classes: shown.map(({ name, orders }) => `${name}: ${format.number(orders)}`).join('; ') })}><Bars bars={shown} /></div>
      <details>
        <summary>{t('impact:distribution.table')}</summary>
        <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('impact:distribution.title')}>
          <table className={table['table']} style={{ maxWidth: '44rem' }}>
            <thead><tr><th scope="col">{t('impact:distribution.class')}</th><th scope="col">{t('impact:changes.currency')}</th><th scope="col" className={table['end']}>{t('impact:counts.orders')}</th><th scope="col" className={table['end']}>{t('impact:changes.change')}</th></tr></thead>
            <tbody>
              {found.map(each => (
                <tr key={`${each.class} ${each.currency}`}>
                  <th scope="row"><Link to="/t/$tenant/impact/$runId" params={{ tenant, runId }} search={{ class: String(each.class), currency: each.currency }} hash="changes" resetScroll={false}>{nameOf(each)}</Link></th>
                  <td><Code>{each.currency}</Code></td><td className={table['end']}><Count value={each.orders} /></td>
                  <td className={table['end']}><Money minor={each.deltaMinor} currency={each.currency} exponent={each.exponent} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Button variant="default" size="compact-xs" leftSection={<IconDownload size={12} />} onClick={save}>{t('jobs:export')}</Button>
      </details>
    </div>
  )
}

function Bars({ bars }: { bars: readonly { readonly name: string; readonly fall: boolean; readonly orders: number }[] }): ReactNode {
  const format = useFormat()
  const most = Math.max(1, ...bars.map(({ orders }) => orders))
  const step = (WIDTH - 2 * EDGE.side) / bars.length
  const bar = Math.min(72, step * 0.7)
  const inner = HEIGHT - EDGE.top - EDGE.bottom
  const foot = HEIGHT - EDGE.bottom
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line x1={EDGE.side} x2={WIDTH - EDGE.side} y1={foot} y2={foot} className={classes['axis']} />
      {bars.map(({ name, fall, orders }, index) => {
        const middle = EDGE.side + step * (index + 0.5)
        const height = orders === 0 ? 0 : Math.max(2, inner * orders / most)
        return (
          <g key={name}>
            <rect x={middle - bar / 2} width={bar} y={foot - height} height={height} className={fall ? classes['fall'] : classes['rise']} />
            <text x={middle} y={foot - height - 6} textAnchor="middle" className={classes['value']}>{format.number(orders)}</text>
            <text x={middle} y={foot + 16} textAnchor="middle" className={classes['tick']}>{name}</text>
          </g>
        )
      })}
    </svg>
  )
}

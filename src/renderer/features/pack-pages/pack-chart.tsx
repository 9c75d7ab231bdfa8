import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Row, UiChart } from '#engine/contracts/v1/index.ts'
import { usePackRows } from '../../app/pack-rows.ts'
import { usePackWords, type PackUi } from '../../app/pack-ui.tsx'
import { useFormat } from '../../app/use-format.ts'
import { PackValue } from '../../components/pack-value.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { csvOf, saveFile } from '../../components/save-file.ts'
import table from '../../components/table.module.css'
import { chartScale } from './chart-scale.ts'
import classes from './pack-pages.module.css'

const NO_PARAMETERS = {}
const WIDTH = 960
const HEIGHT = 170
const EDGE = { left: 64, right: 12, top: 10, bottom: 26 }
/** Names below the axis that fit beside each other. */
const TICKS = 12

/** A picture of a query, with its numbers behind it; it reads left to right in every language. */
export function PackChart({ tenant, pack, chart, title }: { tenant: string; pack: PackUi; chart: UiChart; title: string }): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const { rows = [], error, refetch } = usePackRows({ tenant, pack: pack.pack, query: chart.query, parameters: NO_PARAMETERS })
  const query = pack.queries.find(each => each.name === chart.query)
  const name = (column: string): string => words(`column.${query?.table}.${column}`) ?? column
  const label = t('pack-pages:chart.label', { y: name(chart.y), x: name(chart.x) })
  if (error !== null && rows.length === 0) return <ErrorState error={error} onRetry={() => { void refetch() }} />
  if (rows.length === 0) return null
  const save = (): void => { saveFile(`${title}.csv`, [csvOf([[name(chart.x), name(chart.y)], ...rows.map(row => [String(row[chart.x] ?? ''), String(row[chart.y] ?? '')])])], 'text/csv') }
  return (
    <details open className={classes['chart']}>
      <summary>{label}</summary>
      <div className={classes['plot']} role="img" aria-label={t('pack-pages:chart.described', { chart: label, count: rows.length })}><Plot rows={rows} chart={chart} /></div>
      <details>
        <summary>{t('pack-pages:chart.table')}</summary>
        <div className={classes['table']} tabIndex={0} role="region" aria-label={label}>
          <table className={table['table']}>
            <thead><tr><th scope="col">{name(chart.x)}</th><th scope="col" className={table['end']}>{name(chart.y)}</th></tr></thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}>
                  <th scope="row"><PackValue tenant={tenant} pack={pack.pack} query={query} shown={{ column: chart.x }} row={row} /></th>
                  <td className={table['end']}><PackValue tenant={tenant} pack={pack.pack} query={query} shown={{ column: chart.y, as: 'number' }} row={row} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Button variant="default" size="compact-xs" leftSection={<IconDownload size={12} />} onClick={save}>{t('pack-pages:chart.export')}</Button>
      </details>
    </details>
  )
}

function Plot({ rows, chart }: { rows: readonly Row[]; chart: UiChart }): ReactNode {
  const format = useFormat()
  const values = rows.map(row => Number(row[chart.y] ?? 0))
  const { low, high, ticks } = chartScale(values)
  const inner = WIDTH - EDGE.left - EDGE.right
  const y = (value: number): number => EDGE.top + (HEIGHT - EDGE.top - EDGE.bottom) * (high - value) / (high - low)
  const step = inner / rows.length
  const x = (index: number): number => EDGE.left + step * (index + 0.5)
  const named = Math.ceil(rows.length / TICKS)
  const nameOf = (row: Row): string => {
    const text = String(row[chart.x] ?? '')
    const shown = /^\d{4}-\d{2}-\d{2}/.test(text) ? format.date(text) : text
    return shown.length > 14 ? `${shown.slice(0, 13)}…` : shown
  }
  const bar = Math.min(48, step * 0.7)
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      {ticks.map(tick => (
        <g key={tick}>
          <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(tick)} y2={y(tick)} className={tick === 0 ? classes['axis'] : classes['grid']} />
          <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end" className={classes['tick']}>{format.number(tick)}</text>
        </g>
      ))}
      {chart.kind === 'bar'
        ? values.map((value, index) => <rect key={index} x={x(index) - bar / 2} width={bar} y={Math.min(y(value), y(0))} height={Math.max(1, Math.abs(y(value) - y(0)))} className={classes['bar']} />)
        : <>
          <polyline points={values.map((value, index) => `${x(index)},${y(value)}`).join(' ')} className={classes['line']} />
          {values.length <= 60 && values.map((value, index) => <circle key={index} cx={x(index)} cy={y(value)} r={3} className={classes['bar']} />)}
        </>}
      {rows.map((row, index) => index % named === 0 && <text key={index} x={x(index)} y={HEIGHT - 8} textAnchor="middle" className={classes['tick']}>{nameOf(row)}</text>)}
    </svg>
  )
}

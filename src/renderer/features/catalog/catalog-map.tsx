import { Link } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { Section } from '../../components/page.tsx'
import table from '../../components/table.module.css'
import { Code } from '../../components/values.tsx'
import classes from './catalog.module.css'
import { type CatalogEntry, statusOf, usageOf, USES } from './entries.ts'
import { HALF, layoutMap, type MapMark } from './map-layout.ts'
import { UseBadge, UseShape } from './use-mark.tsx'

const LONGEST_NAME = { centre: 31, around: 44 } as const

/** The catalog as a picture: the core in the middle, the zones around it; below it the same as a table. */
export function CatalogMap({ entries }: { entries: readonly CatalogEntry[] }): ReactNode {
  const { t } = useTranslation()
  const { zones, marks, centre, rings } = useMemo(() => layoutMap(entries), [entries])
  return (
    <div className={classes['map']}>
      <ul className={classes['legend']} aria-label={t('catalog:map.legend')}>{USES.map(use => <li key={use}><UseBadge use={use} /></li>)}<li className="dim">{t('catalog:map.rings')}</li></ul>
      <div className={classes['picture']} tabIndex={0} role="region" aria-label={t('catalog:map.title')}>
        <svg viewBox={`${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`} className={classes['svg']} role="group" aria-label={t('catalog:map.title')}>
          <circle r={centre} className={classes['centre']} />
          {rings.map(radius => <circle key={radius} r={radius} className={classes['ring']} />)}
          {zones.map(({ zone, path, label }) => (
            <g key={zone}>
              <path d={path} className={classes['sector']} />
              <text x={label.x} y={label.y} transform={`rotate(${label.turn} ${label.x} ${label.y})`} className={classes['zone']} textAnchor="middle" dominantBaseline="central">{t(`catalog:zone.${zone}`)}</text>
            </g>
          ))}
          {marks.map(mark => <Mark key={mark.entry.id} mark={mark} />)}
        </svg>
      </div>
      <Section title={t('catalog:map.table')}><MapTable entries={entries} /></Section>
    </div>
  )
}

function Mark({ mark: { entry, x, y, label } }: { mark: MapMark }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const use = usageOf(entry, tenant)
  const longest = entry.zone === 'core' ? LONGEST_NAME.centre : LONGEST_NAME.around
  const name = entry.title.length > longest ? `${entry.title.slice(0, longest - 1)}…` : entry.title
  return (
    <Link to="/t/$tenant/catalog/$capability" params={{ tenant, capability: entry.id }} className={classes['markLink']} aria-label={t('catalog:map.mark', { name, use: t(`catalog:use.${use}`) })}>
      <title>{entry.title}</title>
      <g transform={`translate(${x} ${y})`} data-proposed={entry.stability === 'proposed' || undefined}><UseShape use={use} /></g>
      <text x={label.x} y={label.y} transform={`rotate(${label.turn} ${label.x} ${label.y})`} textAnchor={label.anchor} dominantBaseline="central" className={classes['name']} data-dim={entry.stability === 'proposed' || undefined}>{name}</text>
    </Link>
  )
}

function MapTable({ entries }: { entries: readonly CatalogEntry[] }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('catalog:map.table')}>
      <table className={table['table']}>
        <thead><tr>{(['title', 'zone', 'status', 'use', 'usedBy'] as const).map(name => <th key={name} scope="col">{t(`catalog:column.${name}`)}</th>)}</tr></thead>
        <tbody>
          {entries.map(entry => (
            <tr key={entry.id}>
              <th scope="row"><Link to="/t/$tenant/catalog/$capability" params={{ tenant, capability: entry.id }}>{entry.title}</Link></th>
              <td>{t(`catalog:zone.${entry.zone}`)}</td>
              <td>{t(`catalog:status.${statusOf(entry)}`)}</td>
              <td><UseBadge use={usageOf(entry, tenant)} /></td>
              <td>{entry.usedBy.length === 0 ? <span className="dim">–</span> : entry.usedBy.map(each => <span key={each.tenant}><Code>{each.tenant}</Code> </span>)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './catalog.module.css'
import type { CatalogEntry, Use } from './entries.ts'

/** ● here and elsewhere, ◆ only here, ▲ only elsewhere, ○ nobody: shape and colour say the same. Drawn around its middle, ten units wide. */
export function UseShape({ use }: { use: Use }): ReactNode {
  switch (use) {
    case 'both': return <circle r="4.6" className={classes['shape']} data-use={use} />
    case 'here': return <path d="M0-5.6 5.6 0 0 5.6-5.6 0Z" className={classes['shape']} data-use={use} />
    case 'elsewhere': return <path d="M0-5 5 4.4H-5Z" className={classes['shape']} data-use={use} />
    case 'nobody': return <circle r="4" className={classes['shape']} data-use={use} />
  }
}

function UseMark({ use }: { use: Use }): ReactNode {
  return <svg viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true"><UseShape use={use} /></svg>
}

export function UseBadge({ use }: { use: Use }): ReactNode {
  const { t } = useTranslation()
  return <span className={classes['use']}><UseMark use={use} />{t(`catalog:use.${use}`)}</span>
}

/** Contract and version that a capability comes through; a deprecated one says when it goes. */
export function Contracts({ entry }: { entry: CatalogEntry }): ReactNode {
  const { t } = useTranslation()
  if (entry.contracts.length === 0) return <span className="dim">–</span>
  return (
    <span className={classes['inline']}>
      {entry.contracts.map(({ contract, version, status, removedIn }) => (
        <span key={`${contract} ${version}`}>
          <bdi dir="ltr" className="code dim">{`${contract} ${version}`.trim()}</bdi>
          {status === 'deprecated' && <span className={classes['deprecated']}> {removedIn === null ? t('catalog:deprecated') : t('catalog:deprecatedUntil', { release: removedIn })}</span>}
        </span>
      ))}
    </span>
  )
}

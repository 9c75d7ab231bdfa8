import { Link } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './breadcrumbs.module.css'

export interface Crumb {
  readonly label: string
  /** Absent for the page itself. */
  readonly to?: string
  readonly params?: Readonly<Record<string, string>>
  /** A reference or id: keeps its direction. */
  readonly code?: boolean
}

let crumbs: readonly Crumb[] = []
const listeners = new Set<() => void>()

function set(next: readonly Crumb[]): void {
  crumbs = next
  for (const listener of [...listeners]) listener()
}

/** Says where the page is. Pass a stable array (`useMemo`). */
export function useBreadcrumbs(path: readonly Crumb[]): void {
  useEffect(() => {
    set(path)
    return () => { if (crumbs === path) set([]) }
  }, [path])
}

export function Breadcrumbs(): ReactNode {
  const { t } = useTranslation()
  const path = useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => { listeners.delete(listener) }
  }, () => crumbs)
  return (
    <nav aria-label={t('common:frame.breadcrumbs')} className={classes['crumbs']}>
      <ol>
        {path.map((crumb, index) => (
          <li key={index}>
            {crumb.to === undefined
              ? <span aria-current="page" className="clip">{crumb.code === true ? <bdi dir="ltr">{crumb.label}</bdi> : crumb.label}</span>
              : <Link to={crumb.to} params={crumb.params ?? {}} className="clip">{crumb.label}</Link>}
          </li>
        ))}
      </ol>
    </nav>
  )
}

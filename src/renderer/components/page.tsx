import { useEffect, type ReactNode } from 'react'
import classes from './page.module.css'

/**
 * A screen: its title (also the window's), actions at the end of the same line, then whatever it is about.
 * `fill` gives the rest of the height to a child that scrolls by itself, such as a list.
 */
export function Page({ title, heading, actions, children, fill = false, toolbar }: {
  title: string; heading?: ReactNode; actions?: ReactNode; toolbar?: ReactNode; children: ReactNode; fill?: boolean
}): ReactNode {
  useEffect(() => {
    document.title = `${title} · Keelson`
  }, [title])
  return (
    <div className={classes['page']} data-fill={fill || undefined}>
      <div className={classes['head']}>
        <h1 className={classes['title']}>{heading ?? title}</h1>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </div>
      {toolbar !== undefined && <div className={classes['toolbar']}>{toolbar}</div>}
      {children}
    </div>
  )
}

/** A part of a page under a heading, separated by a line. */
export function Section({ title, aside, children, id }: { title: ReactNode; aside?: ReactNode; children: ReactNode; id?: string }): ReactNode {
  return (
    <section className={classes['section']} id={id}>
      <div className={classes['sectionHead']}><h2 className={classes['sectionTitle']}>{title}</h2>{aside}</div>
      {children}
    </section>
  )
}

/** Names beside values. */
export function Facts({ items }: { items: readonly (readonly [ReactNode, ReactNode])[] }): ReactNode {
  return (
    <dl className={classes['facts']}>
      {items.map(([name, value], index) => <div key={index}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  )
}

import type { ReactNode } from 'react'
import type { Tone } from './badge.tsx'
import classes from './timeline.module.css'
import { Time } from './values.tsx'

export interface TimelineItem {
  readonly id: string
  readonly tone: Tone
  readonly text: ReactNode
  readonly time: string
  readonly who: ReactNode
  /** Why, in the words of who did it. */
  readonly reason?: string | null
  /** The raw event, behind a click. */
  readonly raw?: { readonly label: string; readonly content: string }
}

/** What happened, in words, newest last. */
export function Timeline({ label, items }: { label: string; items: readonly TimelineItem[] }): ReactNode {
  return (
    <ol className={classes['timeline']} aria-label={label}>
      {items.map(item => (
        <li key={item.id} data-tone={item.tone}>
          <div className={classes['text']}>{item.text}</div>
          {item.reason !== undefined && item.reason !== null && <blockquote className={classes['reason']}><bdi>{item.reason}</bdi></blockquote>}
          <div className={classes['meta']}><Time value={item.time} /> · {item.who}</div>
          {item.raw !== undefined && (
            <details className={classes['raw']}>
              <summary>{item.raw.label}</summary>
              <pre dir="ltr" className="code" tabIndex={0}>{item.raw.content}</pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  )
}

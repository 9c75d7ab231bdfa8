import type { ReactNode } from 'react'
import classes from './badge.module.css'

export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'info'

/** A short word with a mark; the mark's shape differs by tone, so that colour is never alone. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }): ReactNode {
  return <span className={classes['badge']} data-tone={tone}><Mark tone={tone} />{children}</span>
}

/** ● fine, ▲ look, ■ bad, ◆ under way, ○ nothing special. */
export function Mark({ tone }: { tone: Tone }): ReactNode {
  return (
    <svg viewBox="0 0 10 10" width="8" height="8" aria-hidden="true" className={classes['mark']} data-tone={tone}>
      {tone === 'ok' && <circle cx="5" cy="5" r="4.5" />}
      {tone === 'warn' && <path d="M5 .5 9.8 9.5H.2Z" />}
      {tone === 'bad' && <path d="M.8.8h8.4v8.4H.8Z" />}
      {tone === 'info' && <path d="M5 0 10 5 5 10 0 5Z" />}
      {tone === 'neutral' && <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.6" />}
    </svg>
  )
}

import type { HoldOpen } from '#src/preload/bridge.d.ts'

export interface Closing {
  /** What the window's page said of itself. */
  readonly why: HoldOpen | null
  /** False where the page is only loaded anew. */
  readonly closes: boolean
  /** Windows that stay open beside it. */
  readonly others: number
  /** The whole application ends. */
  readonly quitting: boolean
  /** The person has said, in this very attempt to quit, that running jobs may be left. */
  readonly jobsMayStop: boolean
}

/** What the person is asked before a window goes; null: nothing. A job is asked about once, and only where it would stop. */
export function questionBefore({ why, closes, others, quitting, jobsMayStop }: Closing): HoldOpen | null {
  if (why !== 'job') return why
  return closes && (quitting || others === 0) && !jobsMayStop ? 'job' : null
}

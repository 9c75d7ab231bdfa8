/**
 * When is a pack switched off? Never after a fixed number of incidents: a pack that decides thousands of orders a day
 * will meet some that it cannot bear, and each of those is held on its own. It is switched off when it fails for a
 * share of what it is asked: over the last `window` decisions at least `share` of them, and at least `minimum`
 * distinct orders, ended its worker (ran out of time or memory, or crashed). The same order failing again, as in a
 * replay, counts once.
 *
 * Pure: each function returns a new history.
 */
export interface IncidentRule {
  readonly window: number
  readonly minimum: number
  readonly share: number
}

export const INCIDENT_RULE: IncidentRule = { window: 200, minimum: 5, share: 0.2 }

/** The newest decisions, oldest first: runs of good ones, and the orders that failed between them. */
export type IncidentHistory = readonly (number | string)[]

export const NO_INCIDENTS: IncidentHistory = []

export function withDecisions(history: IncidentHistory, count: number, rule = INCIDENT_RULE): IncidentHistory {
  return count === 0 ? history : newest([...history, count], rule.window)
}

export function withIncident(history: IncidentHistory, order: string, rule = INCIDENT_RULE): IncidentHistory {
  return newest([...history.filter(entry => entry !== order), order], rule.window)
}

export function isTooHigh(history: IncidentHistory, rule = INCIDENT_RULE): boolean {
  let decisions = 0
  let failed = 0
  for (const entry of history) {
    decisions += typeof entry === 'number' ? entry : 1
    if (typeof entry === 'string') failed++
  }
  return failed >= rule.minimum && failed >= decisions * rule.share
}

function newest(history: IncidentHistory, window: number): IncidentHistory {
  const kept: (number | string)[] = []
  let room = window
  for (let i = history.length - 1; i >= 0 && room > 0; i--) {
    const entry = history[i] as number | string
    const fits = typeof entry === 'number' ? Math.min(entry, room) : entry
    room -= typeof fits === 'number' ? fits : 1
    const next = kept.at(-1)
    if (typeof fits === 'number' && typeof next === 'number') kept[kept.length - 1] = next + fits
    else kept.push(fits)
  }
  return kept.toReversed()
}

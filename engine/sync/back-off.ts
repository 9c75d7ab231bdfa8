/** How long to wait before trying again. */
export interface BackOff {
  readonly firstMs: number
  readonly factor: number
  readonly longestMs: number
}

export const OUT_OF_REACH: BackOff = { firstMs: 1_000, factor: 2, longestMs: 60_000 }
/** Central said no: trying often would change nothing, people must. */
export const REFUSED: BackOff = { firstMs: 60_000, factor: 2, longestMs: 15 * 60_000 }

/**
 * Milliseconds to wait after `failures` failures in a row (1 for the first): between half and all of the step, so that
 * sites that lost central together do not come back together. `random` is in [0, 1).
 */
export function waitAfter(failures: number, backOff: BackOff, random: number): number {
  const step = Math.min(backOff.longestMs, backOff.firstMs * backOff.factor ** Math.min(failures - 1, 30))
  return Math.round(step / 2 + (step / 2) * random)
}

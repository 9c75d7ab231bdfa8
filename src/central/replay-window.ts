/** Which counters of a key were taken: the highest, and a bit for each of the 32 below it (RFC 4303, section 3.4.3). */
export interface ReplayWindow {
  readonly highest: number
  readonly seen: number
}

const WIDTH = 32

/** The window after taking `counter`; null when it was taken before or is too old to tell. */
export function takeCounter(window: ReplayWindow, counter: number): ReplayWindow | null {
  if (counter > window.highest) {
    const shift = counter - window.highest
    const kept = shift > WIDTH ? 0 : (window.seen * 2 ** shift) % 2 ** WIDTH
    const previous = window.highest > 0 && shift <= WIDTH ? 2 ** (shift - 1) : 0
    return { highest: counter, seen: kept + previous }
  }
  const age = window.highest - counter
  if (age === 0 || age > WIDTH) return null
  const bit = 2 ** (age - 1)
  return Math.floor(window.seen / bit) % 2 === 1 ? null : { highest: window.highest, seen: window.seen + bit }
}

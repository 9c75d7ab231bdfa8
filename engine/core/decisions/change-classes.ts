/** Upper ends, in percent of what was to be paid, of the classes that changes of it are counted in; the last has none. */
export const CHANGE_CLASSES = [-50, -20, -10, -5, -2, -1, 0, 1, 2, 5, 10, 20, 50] as const

/** Class of a change of an amount; null where there is none, or nothing was to be paid before. */
export function changeClass(beforeMinor: number, afterMinor: number): number | null {
  if (beforeMinor === 0 || beforeMinor === afterMinor) return null
  const percent = (afterMinor - beforeMinor) / Math.abs(beforeMinor) * 100
  // A fall belongs to the class that it ends in from above, a rise to the one from below: 0 divides them.
  const at = CHANGE_CLASSES.findIndex(end => (percent < 0 ? percent < end : percent <= end))
  return at === -1 ? CHANGE_CLASSES.length : at
}

/** What a class holds, in percent; null: no end. */
export function endsOfClass(index: number): { readonly from: number | null; readonly to: number | null } {
  return { from: CHANGE_CLASSES[index - 1] ?? null, to: CHANGE_CLASSES[index] ?? null }
}

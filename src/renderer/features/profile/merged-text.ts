import { applyEdits } from '#engine/profiles/edits.ts'
import type { Merge } from '#engine/profiles/merge-profiles.ts'

/** Whose value a person takes in one place; null is not said yet. */
export type Choice = 'mine' | 'theirs' | null

/** The merged text, which has theirs where both changed, with what was chosen of mine in it. */
export function mergedText({ text, conflicts }: Merge, chosen: readonly Choice[]): string {
  const mine = conflicts.filter((_, index) => chosen[index] === 'mine')
  const whole = mine.find(({ path }) => path.length === 0)
  if (whole !== undefined) return String(whole.mine)
  // Later entries of a list first: taking one away moves those behind it.
  const edited = applyEdits(text, mine.toReversed().map(({ path, mine: value }) => value === undefined ? { op: 'remove', path } : { op: 'set', path, value }))
  return edited.ok ? edited.value : text
}

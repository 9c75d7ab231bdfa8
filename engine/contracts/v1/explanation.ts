/**
 * One rung of the ladder that explains a decision: a code with values. The text is made in the reader's language from
 * the pack's locales (`<pack>.<code>`), so a pack never builds a sentence.
 *
 * A value whose name ends in `Minor` is an amount in the units of the price decision, and is shown as money; every other
 * number that stands for a quantity, a rate or a limit is the decimal string that it was stated as.
 *
 * @example { code: 'tier', lineId: '3', values: { from: '12', percent: '5', beforeMinor: 1200, afterMinor: 1140 } }
 * @since v1
 */
export interface Explanation {
  readonly code: string
  readonly lineId?: string
  readonly values: Readonly<Record<string, string | number | boolean | null>>
}

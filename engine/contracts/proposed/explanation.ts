/**
 * One rung of the ladder that explains a decision: a code with values. The text is made in the reader's language from
 * the pack's locales (`<pack>.<code>`), so a pack never builds a sentence.
 *
 * @example { code: 'tier', lineId: '3', values: { from: '12', percent: '5', beforeMinor: 1200, afterMinor: 1140 } }
 * @since proposed
 */
export interface Explanation {
  readonly code: string
  readonly lineId?: string
  readonly values: Readonly<Record<string, string | number | boolean | null>>
}

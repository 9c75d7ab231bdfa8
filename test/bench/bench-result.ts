/** One row of the table. `ratio` is measured against another way in the same run; `floor` is what it must reach. */
export interface BenchResult {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio: number | null
  /** For a ratio the least, for an absolute figure (ratio null) the most that is allowed. */
  readonly floor: number | null
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** One promise of a contract, and how to see whether a pack keeps it. */
export interface ConformanceCheck {
  /** Contract that it belongs to, or `pack` where it is about the pack as a whole. */
  readonly contract: string
  /** What the pack does when it keeps the promise, e.g. `gives the same answers twice`. */
  readonly name: string
  /** Where it does not; [] where it keeps it. */
  run(): Promise<readonly Finding[]>
}

export interface Finding {
  readonly message: string
  /** What it was asked about, with what it said. */
  readonly details?: unknown
}

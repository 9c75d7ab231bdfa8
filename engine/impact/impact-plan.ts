import type { SiteValues } from '#engine/profiles/index.ts'
import type { OrderChoice, RunScope } from '#engine/projections/impact-orders.ts'

/** What orders are compared against: the profile that is active, or for each order the one that it was submitted under. */
export type Baseline = 'active' | 'own'

/** What a person, a wizard or the command line asks for; the candidate is resolved already. */
export interface ImpactRequest {
  readonly choice: OrderChoice
  readonly baseline: Baseline
  readonly candidate: CandidateRecord
  /** Packs of the candidate that the site does not have; the run keeps their bytes. */
  readonly besides: readonly { readonly digest: string; readonly bytes: Uint8Array }[]
}

/** A candidate as a run keeps it: enough to compose it again, whatever is published or installed meanwhile. */
export interface CandidateRecord {
  /** Title of the profile, or the packs with their versions. */
  readonly title: string
  readonly source: string
  /** SHA-256 of the source. */
  readonly sourceDigest: string
  /** What the site put over the values of the profile as the run was started. */
  readonly site: SiteValues
  /** Digest of each pack that it runs. */
  readonly packs: Readonly<Record<string, string>>
  /** Packs that were given with it, `id version`. */
  readonly given: readonly string[]
}

/** Everything that a run is told at its start. */
export interface ImpactPlan {
  readonly baseline: Baseline
  /** Profile version that is compared against; null where each order has its own. */
  readonly profileVersion: number | null
  readonly candidate: CandidateRecord
  readonly choice: OrderChoice
  readonly startedAt: number
  readonly scope: RunScope
}

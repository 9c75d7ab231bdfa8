import type { Refusal } from '#engine/core/refusal.ts'
import type { AcceptExpired } from '../media/index.ts'

/** What a person asked for. */
export interface InstallInput {
  /** Folder of the media. */
  readonly folder: string
  /** Those to install, in the newest version where none is named; all of the media where the list is empty. */
  readonly packs: readonly { readonly pack: string; readonly version?: string | undefined }[]
  /** Tenants whose profile takes the packs up at once. */
  readonly tenants: readonly string[]
  readonly acceptExpired: AcceptExpired | null
  /** Cases of profiles may come out differently than before; the reason of the install says why. */
  readonly acceptDifferences: boolean
}

export const INSTALL_STEPS = ['verify', 'compatibility', 'own-cases', 'profile-cases', 'activate'] as const
export type InstallStep = (typeof INSTALL_STEPS)[number]

/** One thing that was looked at, and what came of it. */
export interface InstallCheck {
  readonly step: InstallStep
  /** The pack with its version, or the profile. */
  readonly subject: string
  readonly outcome: 'passed' | 'warning' | 'refused'
  /** What was found, e.g. `KS-PACK-ENGINE`; for what passed, e.g. `own-cases-passed`. */
  readonly code: string
  readonly values: NonNullable<Refusal['values']>
  /** The first differences of cases, as a person reads them. */
  readonly details: readonly string[]
}

export interface InstallActivation {
  readonly tenant: string
  readonly packs: readonly string[]
  /** Version of the profile that takes the packs up; null where that was refused. */
  readonly profileVersion: number | null
  readonly error: Refusal | null
}

/** How far an install is; stored, so that a restart and a second window see the same. */
export interface InstallProgress {
  readonly step: InstallStep
  /** Of the step: packs, cases or tenants. */
  readonly done: number
  readonly total: number
  readonly fingerprint: string | null
  readonly packs: readonly { readonly pack: string; readonly version: string; readonly publisher: string; readonly digest: string; readonly bytes: number }[]
  readonly checks: readonly InstallCheck[]
  readonly activations: readonly InstallActivation[]
  readonly error: Refusal | null
}

export const NOT_BEGUN: InstallProgress = { step: 'verify', done: 0, total: 0, fingerprint: null, packs: [], checks: [], activations: [], error: null }

import type { Clock } from '#engine/core/ports.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import type { SigningKey } from '#engine/sync/keys.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import type { SyncReceipt } from '#engine/sync/receipt.ts'
import type { CentralFigures } from './central-figures.ts'
import type { CentralStore } from './central-store.ts'
import type { TryLimit } from './try-limit.ts'
import type { Verifier } from './verifier.ts'

export interface CentralParts {
  readonly store: CentralStore
  readonly verifier: Verifier
  readonly key: SigningKey
  readonly clock: Clock
  readonly log: SyncLog
  readonly adminToken: string
  readonly figures: CentralFigures
  /** Enrolments that failed, by where they came from. */
  readonly enrolments: TryLimit
  /** The network to this central is protected: requests may come without TLS from other machines. */
  readonly allowPlainHttp: boolean
  /** A proxy of ours ends TLS in front: what it says of who asks is true. */
  readonly behindProxy: boolean
}

/** An answer of central: a value, or a refusal, with the receipt of its head where that helps the site. */
export type Answer =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly refusal: Refusal; readonly receipt?: SyncReceipt | null }

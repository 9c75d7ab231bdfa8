import type { Clock } from '#engine/core/ports.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import type { SigningKey } from '#engine/sync/keys.ts'
import type { SyncLog } from '#engine/sync/ports.ts'
import type { SyncReceipt } from '#engine/sync/receipt.ts'
import type { CentralStore } from './central-store.ts'
import type { Verifier } from './verifier.ts'

export interface CentralParts {
  readonly store: CentralStore
  readonly verifier: Verifier
  readonly key: SigningKey
  readonly clock: Clock
  readonly log: SyncLog
  readonly adminToken: string
}

/** An answer of central: a value, or a refusal, with the receipt of its head where that helps the site. */
export type Answer =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly refusal: Refusal; readonly receipt?: SyncReceipt | null }

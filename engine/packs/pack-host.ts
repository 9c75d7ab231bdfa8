import type { DecisionKind, StepFailure } from '#engine/core/decisions/decision.ts'
import type { EventView, ReactorAnswer } from '#engine/contracts/v1/index.ts'
import type { Composition, PackUse } from './composition.ts'

/** One order to decide, from the step it is at to as far as it gets. */
export interface DecideOrder {
  /** Number of the order in its tenant's database; comes back with the answer. */
  readonly key: number
  readonly from: 'submitted' | 'validated' | 'priced'
  /** JSON text of the OrderView. */
  readonly view: string
  readonly exposure: { readonly openMinor: number; readonly openOrders: number }
  /** JSON text of the pricing decision, where the order is priced already. */
  readonly price: string | null
}

/** What one step came to. `answer` is the JSON text of the decision (see core/decisions), copied and checked by the host. */
export type DecideStep =
  | { readonly kind: DecisionKind; readonly ok: true; readonly answer: string; readonly inputDigest: string }
  | { readonly kind: DecisionKind; readonly ok: false; readonly failure: StepFailure }

export interface DecidedOrder {
  readonly key: number
  /** In the order of the pipeline; ends at the first step that fails, holds, refuses, rejects or asks. */
  readonly steps: readonly DecideStep[]
}

export type ReactedEvent =
  | { readonly id: string; readonly ok: true; readonly answer: ReactorAnswer }
  | { readonly id: string; readonly ok: false; readonly failure: StepFailure }

/**
 * The engine's side of a pack host. Started on demand, ended when idle; never rejects for what a pack does. Asked about
 * nothing, it starts the host and loads the packs, so that what comes next need not wait for that.
 */
export interface PackHost {
  decide(composition: Composition, orders: readonly DecideOrder[]): Promise<readonly DecidedOrder[]>
  react(composition: Composition, reactor: PackUse, events: readonly EventView[]): Promise<readonly ReactedEvent[]>
  status(): PackHostStatus
  close(): Promise<void>
}

export interface PackHostStatus {
  readonly state: 'idle' | 'running' | 'restarting'
  readonly generation: number
  readonly restarts: number
  /** SES and V8 of the host, once it has run. */
  readonly versions: { readonly ses: string; readonly v8: string } | null
}

/**
 * A message channel to a freshly started pack-host process. Supplied by whoever starts the engine: a forked Node process
 * on premises, a utility process in Electron.
 */
export interface PackHostChannel {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The process has ended, for whatever reason. Called once. */
  onClose(listener: (why: string) => void): void
  kill(): void
}

export type StartPackHost = (tenant: string) => Promise<PackHostChannel>

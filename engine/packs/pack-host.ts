import type { DecisionKind, StepFailure } from '#engine/core/decisions/decision.ts'
import type { ModuleFunction, ModuleFunctions } from '#engine/sandbox/module-functions.ts'
import type { AskedModule } from './asked-module.ts'
import type { Composition } from './composition.ts'

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

/** One question to a module. `subject` is what it is about, an event or an invocation: an incident names it. */
export type ModuleQuestion<F extends ModuleFunction = ModuleFunction> = F extends ModuleFunction
  ? { readonly fn: F; readonly subject: string; readonly input: ModuleFunctions[F]['input'] }
  : never

export type ModuleAnswer<F extends ModuleFunction = ModuleFunction> =
  | { readonly ok: true; readonly answer: ModuleFunctions[F]['answer'] }
  | { readonly ok: false; readonly failure: StepFailure }

/**
 * The engine's side of a pack host. Started on demand, ended when idle; never rejects for what a pack does. Asked about
 * nothing, it starts the host and loads the packs, so that what comes next need not wait for that.
 */
export interface PackHost {
  decide(composition: Composition, orders: readonly DecideOrder[]): Promise<readonly DecidedOrder[]>
  /** Asks a module that is no policy; an answer for each question, in their order. Folds of one call are a chain. */
  call<F extends ModuleFunction>(module: AskedModule, questions: readonly ModuleQuestion<F>[]): Promise<readonly ModuleAnswer<F>[]>
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

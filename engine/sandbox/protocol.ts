import type { PipelineContract, TableDeclaration } from '#engine/contracts/v1/index.ts'
import type { DecisionKind, StepFailure } from '#engine/core/decisions/decision.ts'
import type { TextColumn } from './text-column.ts'

/** What the host runs: the module of a contract, or that of a pack's life cycle. */
export type AskedContract = PipelineContract | 'report' | 'domain-module' | 'life-cycle'

/** What a step of the pipeline is called; `call` is the one step of a module that is no policy. */
export type StepKind = DecisionKind | 'call'

/** Their numbers in columns. */
export const STEP_KINDS = ['validation', 'pricing', 'approval', 'call'] as const satisfies readonly StepKind[]

export const KIND_OF_CONTRACT: Readonly<Record<AskedContract, StepKind>> = {
  'validation-rule': 'validation',
  'pricing-policy': 'pricing',
  'approval-policy': 'approval',
  'reactor': 'call',
  'report': 'call',
  'domain-module': 'call',
  'life-cycle': 'call',
}

/** Where orders enter the pipeline: the number in the `from` column is the index of the first step they need. */
export const FIRST_STEP = { submitted: 0, validated: 1, priced: 2 } as const

export interface PackHostLimits {
  /** Time that one order may take through all of its steps. */
  readonly orderMs: number
  /** An order that ran out of time is tried again, alone, with so many times the limit, before it counts. */
  readonly retryFactor: number
  /** Old-space heap of one worker. */
  readonly heapMb: number
  readonly workers: number
  /** A host without work for so long is ended. */
  readonly idleMs: number
  /** A host that has work and says nothing for so long is taken for dead. */
  readonly silenceMs: number
  /** Orders, and bytes of their texts, that travel in one message. */
  readonly batchOrders: number
  readonly batchBytes: number
}

/** A pack as the host runs it: no file, no name of a tenant's data, only what the call needs. */
export interface HostUse {
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly contract: AskedContract
  readonly contractVersion: string
  readonly entry: string
  /** JSON text of the config; parsed anew for each batch. */
  readonly config: string
  readonly configDigest: string
}

/** Who answers, in the order they are asked. Sent once, named by its id afterwards. */
export interface HostComposition {
  readonly uses: readonly HostUse[]
  readonly world: ModuleWorld
}

/** What the answers of a module may name. */
export interface ModuleWorld {
  readonly tables: readonly TableDeclaration[]
  /** Types of the events that its commands may append. */
  readonly emits: readonly string[]
  /** Names of the commands that its reactor may issue. */
  readonly issues: readonly string[]
  /** Kind of each delivery target of the profile, by name. */
  readonly targets: Readonly<Record<string, 'webhook' | 'file'>>
}

/** Of policies, whose answers name nothing but the order. */
export const NO_WORLD: ModuleWorld = { tables: [], emits: [], issues: [], targets: {} }

/** A step that must not be asked: its failure stands already. */
export interface BlockedStep {
  readonly kind: StepKind
  readonly failure: StepFailure
}

export type BatchColumns = OrderColumns | QuestionColumns

/** Orders to decide, as columns. */
export interface OrderColumns {
  readonly of: 'orders'
  /** JSON texts of the OrderViews. */
  readonly views: TextColumn
  /** FIRST_STEP of each order. */
  readonly from: Uint8Array
  readonly openMinor: Float64Array
  readonly openOrders: Float64Array
  /** JSON text of the pricing decision of an order that is priced already, else empty. */
  readonly prices: TextColumn
}

/** Questions to a module, as columns. */
export interface QuestionColumns {
  readonly of: 'questions'
  /** Of each question: index in MODULE_FUNCTIONS, and its input as JSON text; for a fold, the event. */
  readonly functions: Uint8Array
  readonly inputs: TextColumn
  /** How many rows each fold is about, and which of the rows below, one after the other. */
  readonly rowCounts: Uint32Array
  readonly rowIndexes: Uint32Array
  /** Each row once: its key, and what it holds as the batch begins, both as JSON. */
  readonly keys: TextColumn
  readonly rows: TextColumn
}

export type ToHost =
  | { readonly type: 'set-up'; readonly tenant: string; readonly limits: PackHostLimits }
  | { readonly type: 'code'; readonly digest: string; readonly entry: string; readonly text: string }
  | { readonly type: 'composition'; readonly id: number; readonly composition: HostComposition }
  | {
      readonly type: 'attempt'
      readonly attempt: number
      readonly composition: number
      readonly blocked: readonly BlockedStep[]
      /** Index of the last use to ask. Finds out which pack ends the process: nothing after it runs, or is even loaded. */
      readonly until: number
      /** Times the usual limit. */
      readonly factor: number
      readonly batch: BatchColumns
    }

/** What came of a batch, as columns: step s of all the steps belongs to the order whose counts reach it. */
export interface AnswerColumns {
  /** Steps of each order. */
  readonly counts: Uint8Array
  /** Of each step: index in STEP_KINDS, 1 where it was answered, SHA-256 of its input (32 bytes), answer or failure. */
  readonly kinds: Uint8Array
  readonly oks: Uint8Array
  readonly inputDigests: Uint8Array
  readonly texts: TextColumn
  /** Uses that answered the same input differently, with the order that showed it: none of their answers here count. */
  readonly nondeterministic: readonly { readonly use: number; readonly item: number }[]
  /** How each use did, in the order of the uses. */
  readonly figures: readonly UseFigures[]
}

/** What a use was asked in a batch, and what the calls took that were measured. */
export interface UseFigures {
  readonly asked: number
  readonly failed: number
  readonly measured: number
  readonly ms: number
  readonly longestMs: number
}

/** Why a worker was ended, and where it was: an item or use of -1 is not known. */
export interface Stop {
  readonly why: 'timeout' | 'memory' | 'fault'
  readonly item: number
  readonly use: number
  readonly message: string
}

export type FromHost =
  | { readonly type: 'ready'; readonly versions: { readonly ses: string; readonly v8: string } }
  | { readonly type: 'answered'; readonly attempt: number; readonly answers: AnswerColumns }
  | { readonly type: 'stopped'; readonly attempt: number; readonly stop: Stop }
  /** Still at it; names the order if it is slow (else -1), so that a crash knows where to look first. */
  | { readonly type: 'working'; readonly attempt: number; readonly item: number }

export const DEFAULT_LIMITS: PackHostLimits = {
  orderMs: 200, retryFactor: 10, heapMb: 256, workers: 2, idleMs: 60_000, silenceMs: 15_000,
  batchOrders: 5_000, batchBytes: 32 * 1024 * 1024,
}

import type {
  AnswerColumns, BatchColumns, BlockedStep, HostUse, ModuleWorld,
} from './protocol.ts'

/** One batch for one worker. Code travels with it: a worker may be minutes or milliseconds old. */
export interface WorkerTask {
  readonly tenant: string
  readonly uses: readonly (HostUse & { readonly code: string })[]
  readonly world: ModuleWorld
  readonly blocked: readonly BlockedStep[]
  readonly until: number
  readonly batch: BatchColumns
  readonly progress: SharedArrayBuffer
}

/** Asked of a new worker, so that a host that cannot run packs is known before it has work. */
export type WorkerRequest = WorkerTask | 'are-you-there'
export type WorkerReply = AnswerColumns | 'here'

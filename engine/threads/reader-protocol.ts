import type { Refusal } from '#engine/core/refusal.ts'
import type { ThreadFault } from './writer-protocol.ts'

export interface ToReader {
  readonly id: number
  readonly tenant: string
  readonly name: string
  readonly input: unknown
}

/** `ready` comes once, as soon as the thread is loaded. */
export type FromReader =
  | { readonly ready: true }
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly refusal: Refusal | null; readonly fault: ThreadFault | null }

import type { Refusal } from '#engine/core/refusal.ts'
import type { ThreadFault } from './writer-protocol.ts'

export interface ToReader {
  readonly id: number
  readonly tenant: string
  readonly name: string
  readonly input: unknown
}

export type FromReader =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly refusal: Refusal | null; readonly fault: ThreadFault | null }

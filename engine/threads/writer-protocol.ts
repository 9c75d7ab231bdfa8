import type { TenantCommandName } from '#engine/commands/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Result } from '#engine/core/refusal.ts'
import type { Composition } from '#engine/packs/composition.ts'
import type { SiteCommandName } from '#engine/site/site-commands.ts'

/** `interactive` groups close after 8 ms; `bulk` work yields to them between its transactions. */
export type Lane = 'interactive' | 'bulk'

export type ToWriter =
  | { readonly t: 'write'; readonly id: number; readonly tenant: string; readonly lane: Lane; readonly name: TenantCommandName; readonly invocation: Invocation; readonly input: unknown }
  | { readonly t: 'site'; readonly id: number; readonly name: SiteCommandName; readonly invocation: Invocation; readonly input: unknown }
  | { readonly t: 'composition'; readonly tenant: string; readonly composition: Composition }
  | { readonly t: 'close'; readonly id: number }

/** A bug or a storage fault that crossed the thread: rebuilt with its message, stack and code. */
export interface ThreadFault {
  readonly message: string
  readonly stack: string
}

export type FromWriter =
  | { readonly t: 'done'; readonly id: number; readonly result: Result<unknown> }
  | { readonly t: 'fault'; readonly id: number; readonly fault: ThreadFault }
  /** After a commit: the log of a tenant is at this place now. */
  | { readonly t: 'committed'; readonly tenant: string; readonly epoch: number; readonly sequence: number; readonly commands: readonly string[] }
  | { readonly t: 'mode'; readonly mode: StorageMode; readonly reason: string | null }

export type StorageMode = 'running' | 'read-only' | 'disk-full'

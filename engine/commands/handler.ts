import { sha256Hex } from '#engine/core/digest.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Result } from '#engine/core/refusal.ts'
import type { TenantWriter } from './tenant-writer.ts'

/**
 * One command: loads what it needs through the writer, lets the core decide, appends the events. Runs in a savepoint:
 * a refusal or a throw leaves nothing behind.
 */
export interface CommandHandler<Input, Output> {
  /** With it, the same invocation gives the first result; without, the command is naturally repeatable (internal ones). */
  readonly idempotent: boolean
  /** What of the input says that it is the same command; all of it where it is not said. */
  readonly identity?: (input: Input) => unknown
  handle(writer: TenantWriter, input: Input, invocation: Invocation): Result<Output>
}

export function command<Input, Output>(
  handle: CommandHandler<Input, Output>['handle'], identity?: (input: Input) => unknown,
): CommandHandler<Input, Output> {
  return { idempotent: true, handle, ...(identity === undefined ? {} : { identity }) }
}

/** Digest by which the same invocation is known to have come with the same content. */
export function payloadDigest(name: string, identity: unknown): string {
  return sha256Hex(`${name}\n${JSON.stringify(identity)}`)
}

/** The engine's own work: made repeatable by its own cursors and compare-and-set. */
export function internal<Input, Output>(handle: CommandHandler<Input, Output>['handle']): CommandHandler<Input, Output> {
  return { idempotent: false, handle }
}

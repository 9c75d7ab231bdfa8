import type { AppendOptions } from './tenant-writer.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import { packHead } from '#engine/projections/apply-event.ts'
import { command } from './handler.ts'

/** What a pack's domain module decided on a command; checked against its manifest already. */
export interface DecidedCommand {
  readonly pack: string
  readonly command: string
  readonly input: Readonly<Record<string, unknown>>
  /** Position of the pack's last event that the rows held which it was decided on; 0 where there was none. */
  readonly after: number
  readonly about: Pick<AppendOptions, 'orgpath' | 'orderId' | 'orderNo' | 'causationId'>
  readonly events: readonly {
    readonly type: string
    readonly data: Readonly<Record<string, unknown>>
    /** Fields of the data that are personal, and whose. */
    readonly personal: { readonly subject: string; readonly fields: readonly string[] } | null
  }[]
}

export interface PackCommandResult {
  readonly events: readonly { readonly id: string; readonly type: string }[]
  /** Position of the last of them in the log; null where the command changed nothing. */
  readonly position: number | null
}


/** Appends what a pack decided, all or nothing, if nothing of the pack was appended since. */
export const appendPackEvents = command<DecidedCommand, PackCommandResult>((writer, decided, invocation) => {
  const last = Number(writer.store.meta(packHead(decided.pack)) ?? 0)
  if (last !== decided.after) return refuse('KS-PACK-STALE', `${decided.pack} has moved on since this was decided.`, 'Try again.')
  const forgotten = decided.events.find(({ personal }) => personal !== null && writer.isForgotten(personal.subject))
  if (forgotten !== undefined) {
    return refuse('KS-PACK-FORGOTTEN', 'The person whom this is about was forgotten; nothing new can be kept of them.', 'Enter them anew, if that is allowed.')
  }
  let position: number | null = null
  const events = decided.events.map(({ type, data, personal }) => {
    const sealed = personal === null ? data : Object.fromEntries(Object.entries(data).map(([name, value]) =>
      [name, value !== null && personal.fields.includes(name) ? writer.sealFor(personal.subject, value) : value]))
    const appended = writer.appendOfPack(type, sealed, invocation, decided.about)
    position = appended.position
    return { id: appended.id, type }
  })
  return ok({ events, position })
}, ({ pack, command: name, input }) => packCommandIdentity(pack, name, input))

/** What makes two calls of one invocation the same: what was asked, not what came of it. */
export function packCommandIdentity(pack: string, name: string, input: Readonly<Record<string, unknown>>): unknown {
  return { pack, command: name, input }
}

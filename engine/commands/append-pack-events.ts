import type { Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { packHead } from '#engine/projections/apply-event.ts'
import { command, internal, payloadDigest } from './handler.ts'
import type { AppendOptions, TenantWriter } from './tenant-writer.ts'

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

/** One decided command of several, with the invocation that it was given by. */
export interface DecidedInvocation {
  readonly decided: Omit<DecidedCommand, 'after'>
  readonly invocation: Invocation
}

/** Appends what a pack decided, all or nothing, if nothing of the pack was appended since. */
export const appendPackEvents = command<DecidedCommand, PackCommandResult>((writer, decided, invocation) => {
  const stale = staleSince(writer, decided.pack, decided.after)
  return stale ?? append(writer, decided, invocation)
}, ({ pack, command: name, input }) => packCommandIdentity(pack, name, input))

/**
 * The same for commands of one pack that do not touch each other's rows, in one transaction. Each is refused by itself and
 * known again by its own invocation; whether they were given before, the caller has looked.
 */
export const appendAllPackEvents = internal<{ readonly pack: string; readonly after: number; readonly commands: readonly DecidedInvocation[] }, {
  readonly results: readonly Result<PackCommandResult>[]
}>((writer, { pack, after, commands }) => {
  const stale = staleSince(writer, pack, after)
  if (stale !== null) return stale
  const remember = writer.statements.get<[string, string, string, string], unknown>('INSERT INTO invocations (id, actor, payload_digest, result) VALUES (?, ?, ?, ?)')
  return ok({
    results: commands.map(({ decided, invocation }) => {
      const result = append(writer, decided, invocation)
      const { pack: name, command: what, input } = decided
      if (result.ok) remember.run(invocation.id, invocation.actor.id, payloadDigest('append-pack-events', packCommandIdentity(name, what, input)), JSON.stringify(result.value))
      return result
    }),
  })
})

function staleSince(writer: TenantWriter, pack: string, after: number): Result<never> | null {
  const last = Number(writer.store.meta(packHead(pack)) ?? 0)
  return last === after ? null : refuse('KS-PACK-STALE', `${pack} has moved on since this was decided.`, 'Try again.')
}

/** Refuses before it writes. */
function append(writer: TenantWriter, { about, events: decided }: Omit<DecidedCommand, 'after'>, invocation: Invocation): Result<PackCommandResult> {
  if (decided.some(({ personal }) => personal !== null && writer.isForgotten(personal.subject))) {
    return refuse('KS-PACK-FORGOTTEN', 'The person whom this is about was forgotten; nothing new can be kept of them.', 'Enter them anew, if that is allowed.')
  }
  let position: number | null = null
  const events = decided.map(({ type, data, personal }) => {
    const sealed = personal === null ? data : Object.fromEntries(Object.entries(data).map(([name, value]) =>
      [name, value !== null && personal.fields.includes(name) ? writer.sealFor(personal.subject, value) : value]))
    const appended = writer.appendOfPack(type, sealed, invocation, about)
    position = appended.position
    return { id: appended.id, type }
  })
  return ok({ events, position })
}

/** What makes two calls of one invocation the same: what was asked, not what came of it. */
export function packCommandIdentity(pack: string, name: string, input: Readonly<Record<string, unknown>>): unknown {
  return { pack, command: name, input }
}

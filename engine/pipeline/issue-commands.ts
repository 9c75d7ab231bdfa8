import type { IssuedCommand } from '#engine/contracts/v1/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { setAttributesInput } from '#engine/core/orders/set-attributes-input.ts'
import { ok, refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { PackCommands } from './pack-commands.ts'

/** An event that a reactor answered with commands. */
export interface ReactedTo {
  readonly event: EventEnvelope
  readonly orderNo: number | null
  /** What a person put in place of the event's data: shown to the pack as it is, in whatever version it reads. */
  readonly corrected?: { readonly data: unknown }
}

export interface IssuePorts {
  readonly tenant: string
  readonly writer: WriterClient
  readonly commands: PackCommands
  invocation(): Invocation
}

/** Reactors that may stand one behind the other: more is packs that answer each other without end. */
const MOST_HOPS = 20

/** A command of a reactor, and the event that it answers. */
export interface IssuedFor {
  readonly about: ReactedTo
  readonly command: IssuedCommand
}

/** Commands that are carried out together; a person's command to the same pack waits for as many. */
const TOGETHER = 100

/**
 * Carries out commands of a reactor, in their order as far as they concern each other, each once for (pack, event, key),
 * however often it is asked for. Rejects for what passes by itself: tables that are being made, a disk that is full.
 */
export async function issueCommands(ports: IssuePorts, pack: string, commands: readonly IssuedFor[]): Promise<readonly Result<unknown>[]> {
  const results: Result<unknown>[] = []
  for (let from = 0; from < commands.length;) {
    const owner = ownerOf(commands[from] as IssuedFor)
    let to = from + 1
    while (to < commands.length && to - from < TOGETHER && ownerOf(commands[to] as IssuedFor) === owner) to++
    const together = commands.slice(from, to)
    results.push(...await (owner === 'keelson' ? Promise.all(together.map(each => setAttributes(ports, pack, each))) : toPack(ports, pack, owner, together)))
    from = to
  }
  const passing = results.find(result => !result.ok && (result.refusal.code === 'KS-PACK-FOLDING' || result.refusal.code.startsWith('KS-STORE-')))
  if (passing?.ok === false) throw new RefusalError(passing.refusal)
  return results
}

function ownerOf({ command: { name } }: IssuedFor): string {
  return name.slice(0, name.indexOf('.'))
}

function invocationOf(ports: IssuePorts, pack: string, { about: { event }, command: { key, name } }: IssuedFor): Result<Invocation> {
  const hops = (event.hops ?? 0) + 1
  if (hops > MOST_HOPS) {
    return refuse('KS-PACK-LOOP', `${name} would be the answer to ${MOST_HOPS} answers of packs, one to the other.`, 'Look at what the packs react to; one of them must stop.', { pack, command: name })
  }
  return ok({
    ...ports.invocation(), id: `${pack}:${event.id}:${key}`, correlationId: event.correlationid, parentId: event.id, hops,
    actor: { id: `pack:${pack}`, kind: 'pack', method: 'engine', roles: [] },
  })
}

async function setAttributes(ports: IssuePorts, pack: string, issued: IssuedFor): Promise<Result<unknown>> {
  const invocation = invocationOf(ports, pack, issued)
  if (!invocation.ok) return invocation
  const { name, input } = issued.command
  const read = setAttributesInput.safeParse(input)
  // Many of them share a commit in the lane of people; alone in the other each would have one of its own.
  return read.success ? await ports.writer.run(ports.tenant, 'set-attributes', read.data, invocation.value, 'interactive')
    : refuse('KS-PACK-INPUT', `The input of ${name} is not as it must be: ${read.error.issues[0]?.message ?? ''}.`, 'Tell the publisher of the pack.', { pack, command: name })
}

async function toPack(ports: IssuePorts, pack: string, owner: string, commands: readonly IssuedFor[]): Promise<readonly Result<unknown>[]> {
  const invocations = commands.map(issued => invocationOf(ports, pack, issued))
  const calls = commands.flatMap(({ about: { event, orderNo }, command: { name, input } }, i) => {
    const invocation = invocations[i]
    if (invocation?.ok !== true) return []
    const about = { orgpath: event.orgpath, causationId: event.id, ...(event.subject === null || orderNo === null ? {} : { orderId: event.subject, orderNo }) }
    return [{ given: { pack: owner, command: name.slice(owner.length + 1), input, about }, invocation: invocation.value, nodes: null }]
  })
  const results = (await ports.commands.runAll(owner, calls)).values()
  return invocations.map(invocation => (invocation.ok ? results.next().value as Result<unknown> : invocation))
}

import type { IssuedCommand } from '#engine/contracts/v1/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { setAttributesInput } from '#engine/core/orders/set-attributes-input.ts'
import { refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { PackCommands } from './pack-commands.ts'

/** An event that a reactor answered with commands. */
export interface ReactedTo {
  readonly event: EventEnvelope
  readonly orderNo: number | null
}

export interface IssuePorts {
  readonly tenant: string
  readonly writer: WriterClient
  readonly commands: PackCommands
  invocation(): Invocation
}

/** Reactors that may stand one behind the other: more is packs that answer each other without end. */
const MOST_HOPS = 20

/**
 * Carries out a command of a reactor, once for each (pack, event, key), however often it is asked for. Rejects for what
 * passes by itself: tables that are being made, a disk that is full.
 */
export async function issueCommand(ports: IssuePorts, pack: string, about: ReactedTo, command: IssuedCommand): Promise<Result<unknown>> {
  const result = await issued(ports, pack, about, command)
  if (!result.ok && (result.refusal.code === 'KS-PACK-FOLDING' || result.refusal.code.startsWith('KS-STORE-'))) throw new RefusalError(result.refusal)
  return result
}

async function issued(ports: IssuePorts, pack: string, { event, orderNo }: ReactedTo, { key, name, input }: IssuedCommand): Promise<Result<unknown>> {
  const hops = (event.hops ?? 0) + 1
  if (hops > MOST_HOPS) {
    return refuse('KS-PACK-LOOP', `${name} would be the answer to ${MOST_HOPS} answers of packs, one to the other.`, 'Look at what the packs react to; one of them must stop.', { pack, command: name })
  }
  const invocation: Invocation = {
    ...ports.invocation(), id: `${pack}:${event.id}:${key}`, correlationId: event.correlationid, parentId: event.id, hops,
    actor: { id: `pack:${pack}`, kind: 'pack', method: 'engine', roles: [] },
  }
  if (name === 'keelson.set-attributes') {
    const read = setAttributesInput.safeParse(input)
    return read.success ? await ports.writer.run(ports.tenant, 'set-attributes', read.data, invocation, 'bulk')
      : refuse('KS-PACK-INPUT', `The input of ${name} is not as it must be: ${read.error.issues[0]?.message ?? ''}.`, 'Tell the publisher of the pack.', { pack, command: name })
  }
  const [owner = '', command = ''] = name.split('.')
  const about = { orgpath: event.orgpath, causationId: event.id, ...(event.subject === null || orderNo === null ? {} : { orderId: event.subject, orderNo }) }
  return await ports.commands.run({ pack: owner, command, input, about }, invocation, 'bulk')
}

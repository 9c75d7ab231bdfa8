import type { EventView } from '#engine/contracts/v1/index.ts'
import type { ConfirmedPrice } from '#engine/core/decisions/confirmed-price.ts'
import type { CoreEvents } from './event-types.ts'
import type { EventEnvelope } from './stored-event.ts'
import { lift } from './upcasters.ts'

/** Gives data of a newer event version as the one before had it, for handlers that were written for that. */
const DOWN_ADAPTERS: Readonly<Record<string, { readonly to: string; lower(data: never): unknown }>> = {
  // v2 says where a version comes from, and when it counts.
  'keelson.profile.published.v2': {
    to: 'keelson.profile.published.v1',
    lower: ({ version, digest, source, packs }: CoreEvents['keelson.profile.published.v2']) => ({ version, digest, source, packs }),
  },
  // v2 says net, tax and the currencies of the lines beside what is payable.
  'keelson.order.confirmed.v2': {
    to: 'keelson.order.confirmed.v1',
    lower: ({ price, ...data }: { readonly price: ConfirmedPrice | null }) => ({
      ...data,
      price: price === null ? null : { currency: price.currency, exponent: price.exponent, payableMinor: price.payableMinor },
    }),
  },
}

/**
 * The types under which the log may hold what a handler reads: an older version is lifted for it, a newer one lowered.
 *
 * @example storedTypes(['keelson.order.confirmed.v1']) // ['keelson.order.confirmed.v1', 'keelson.order.confirmed.v2']
 */
export function storedTypes(reads: readonly string[]): readonly string[] {
  const found = new Set(reads)
  for (const [newer, { to }] of Object.entries(DOWN_ADAPTERS)) if (found.has(to)) found.add(newer)
  for (const type of reads) for (let older = lift.from(type); older !== undefined; older = lift.from(older)) found.add(older)
  return [...found]
}

/** The event in the version that a handler reads: as it is stored, else lifted, else lowered. Throws for one that it does not read. */
function asRead(event: EventEnvelope, reads: readonly string[]): EventEnvelope {
  for (let current: EventEnvelope | undefined = event; current !== undefined; current = lift.once(current)) {
    if (reads.includes(current.type)) return current
  }
  for (let current: EventEnvelope | undefined = event; current !== undefined; current = lowered(current)) {
    if (reads.includes(current.type)) return current
  }
  throw new Error(`${event.type} was shown to a handler that reads ${reads.join(', ')}`)
}

/** An event as a pack sees it, in the version that its handler reads. */
export function eventView(event: EventEnvelope, reads: readonly string[]): EventView {
  const { id, type, source, subject, time, orgpath, data } = asRead(event, reads)
  return { id, type, source, subject, time, orgpath, data }
}

function lowered(event: EventEnvelope): EventEnvelope | undefined {
  const adapter = DOWN_ADAPTERS[event.type]
  return adapter === undefined ? undefined : { ...event, type: adapter.to, data: adapter.lower(event.data as never) }
}

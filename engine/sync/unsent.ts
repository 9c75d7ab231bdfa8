import { chainHash, NO_HASH, type LogPosition, type StoredEvent } from '#engine/log/stored-event.ts'
import { readParent } from './batch.ts'
import type { EventSource } from './ports.ts'

/** Before the first event of every log. */
export const START: LogPosition = { epoch: 1, sequence: 0, hash: NO_HASH }

/** Events that come next in a log, and the place in the chain before the first of them. */
export interface NextEvents {
  readonly after: LogPosition
  readonly events: readonly StoredEvent[]
  readonly head: LogPosition
  /** False when this log does not go on from `after`: what was acknowledged is not what it holds. */
  readonly chained: boolean
}

/** What comes after a position, in its epoch or the next; null when nothing does. */
export async function readNext(source: EventSource, tenant: string, position: LogPosition, limit: number): Promise<NextEvents | null> {
  const head = await source.head(tenant)
  if (head === null) return null
  for (let epoch = position.epoch; epoch <= head.epoch; epoch += 1) {
    const events = await source.read(tenant, epoch, epoch === position.epoch ? position.sequence : 0, limit)
    const first = events[0]
    if (first === undefined) continue
    const after = epoch === position.epoch ? position : parentOf(tenant, first)
    const chained = first.sequence === after.sequence + 1 && Buffer.compare(chainHash(after.hash, first.body), first.hash) === 0
    return { after, events, head, chained }
  }
  return null
}

/** True when this log holds exactly that event. */
export async function holds(source: EventSource, tenant: string, position: LogPosition): Promise<boolean> {
  const [event] = await source.read(tenant, position.epoch, position.sequence - 1, 1)
  return event !== undefined && event.sequence === position.sequence && Buffer.compare(event.hash, position.hash) === 0
}

/** How many events wait and since when; the sequence runs on from epoch to epoch. */
export async function countUnsent(
  source: EventSource, tenant: string, position: LogPosition,
): Promise<{ readonly count: number; readonly oldestAt: string | null }> {
  const next = await readNext(source, tenant, position, 1)
  const first = next?.events[0]
  if (next === null || first === undefined) return { count: 0, oldestAt: null }
  const { time } = JSON.parse(first.body) as { time: string }
  return { count: Math.max(1, next.head.sequence - first.sequence + 1), oldestAt: time }
}

function parentOf(tenant: string, first: StoredEvent): LogPosition {
  const parent = readParent((JSON.parse(first.body) as { data: unknown }).data)
  if (parent === null) throw new Error(`epoch ${first.epoch} of ${tenant} does not name its parent`)
  return parent
}

import { chainHash, NO_HASH, type LogPosition } from '#engine/log/stored-event.ts'
import { readParent } from './batch.ts'
import type { EventRange } from './event-range.ts'
import type { EventSource } from './ports.ts'

/** Before the first event of every log. */
export const START: LogPosition = { epoch: 1, sequence: 0, hash: NO_HASH }

/** Events that come next in a log, and the place in the chain before the first of them. */
export interface NextEvents {
  readonly after: LogPosition
  readonly range: EventRange
  readonly head: LogPosition
  /** False when this log does not go on from `after`: what was acknowledged is not what it holds. */
  readonly chained: boolean
}

/** What comes after a position, in its epoch or the next; null when nothing does. */
export async function readNext(source: EventSource, tenant: string, position: LogPosition, limit: number): Promise<NextEvents | null> {
  const head = await source.head(tenant)
  if (head === null) return null
  for (let epoch = position.epoch; epoch <= head.epoch; epoch += 1) {
    const range = await source.read(tenant, epoch, epoch === position.epoch ? position.sequence : 0, limit)
    if (range === null) continue
    const first = firstBody(range)
    const after = epoch === position.epoch ? position : parentOf(tenant, epoch, first)
    const chained = range.firstSequence === after.sequence + 1 && Buffer.compare(chainHash(after.hash, first), range.firstHash) === 0
    return { after, range, head, chained }
  }
  return null
}

/** True when this log holds exactly that event. */
export async function holds(source: EventSource, tenant: string, position: LogPosition): Promise<boolean> {
  const hash = await source.hashAt(tenant, position.epoch, position.sequence)
  return hash !== null && Buffer.compare(hash, position.hash) === 0
}

/** How many events wait and since when; the sequence runs on from epoch to epoch. */
export async function countUnsent(
  source: EventSource, tenant: string, position: LogPosition,
): Promise<{ readonly count: number; readonly oldestAt: string | null }> {
  const next = await readNext(source, tenant, position, 1)
  if (next === null) return { count: 0, oldestAt: null }
  const { time } = JSON.parse(firstBody(next.range)) as { time: string }
  return { count: Math.max(1, next.head.sequence - next.range.firstSequence + 1), oldestAt: time }
}

function firstBody({ bodies }: EventRange): string {
  const end = bodies.indexOf(10)
  return Buffer.from(bodies.buffer, bodies.byteOffset, end < 0 ? bodies.byteLength : end).toString('utf8')
}

function parentOf(tenant: string, epoch: number, firstBody: string): LogPosition {
  const parent = readParent((JSON.parse(firstBody) as { data: unknown }).data)
  if (parent === null) throw new Error(`epoch ${epoch} of ${tenant} does not name its parent`)
  return parent
}

import type { CoreEvents } from '#engine/log/event-types.ts'
import type { PackManifest } from '#engine/contracts/v1/index.ts'

/** Events of the core that packs are told of, in the version that is written today; resources/guide/events.md describes each. */
const CORE_EVENTS = [
  'keelson.account.registered.v1', 'keelson.account.attributed.v1',
  'keelson.order.drafted.v2', 'keelson.order.submitted.v1', 'keelson.order.amended.v1', 'keelson.order.recomposed.v1', 'keelson.order.retried.v1', 'keelson.order.validated.v1',
  'keelson.order.held.v1', 'keelson.order.priced.v1', 'keelson.order.approval-asked.v1', 'keelson.order.approval-given.v1', 'keelson.order.approved.v1', 'keelson.order.rejected.v1',
  'keelson.order.confirmed.v2', 'keelson.order.fulfilled.v1', 'keelson.order.closed.v1', 'keelson.order.cancelled.v1', 'keelson.decision.failed.v1', 'keelson.import.finished.v1',
] as const satisfies readonly (keyof CoreEvents)[]

/** Versions of former times, which packs that were written for them go on getting. */
const FORMER = ['keelson.order.drafted.v1', 'keelson.order.confirmed.v1'] as const

export const READABLE_EVENTS: ReadonlySet<string> = new Set<string>([...CORE_EVENTS, ...FORMER])

/** What a pack names among its `reads` as events of the core that there are not: its handler would never be called. */
export function unknownReads(manifest: Pick<PackManifest, 'implements'>): string[] {
  const reads = manifest.implements.flatMap(part => part.reads ?? [])
  return [...new Set(reads)].filter(type => type.startsWith('keelson.') && !READABLE_EVENTS.has(type))
}

export function unknownReadText(type: string): string {
  return `reads ${type}, which is no event of the core: see "Events that a pack can read" in the guide`
}

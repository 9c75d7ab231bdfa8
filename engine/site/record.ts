import type { Invocation } from '#engine/core/invocation.ts'
import type { CoreEvents } from '#engine/log/event-types.ts'
import { applySiteEvent, type SiteEvent, type SiteEventType } from './apply-site-event.ts'
import type { SiteWriter } from './site-writer.ts'

/** Appends an event to the site's log and folds it into its rows. */
export function record<T extends SiteEventType>(site: SiteWriter, type: T, data: CoreEvents[T], invocation: Invocation): void {
  site.append(type, data, invocation)
  applySiteEvent(site.statements, { type, data } as SiteEvent, { timeMs: site.clock.now(), actor: invocation.actor.id })
}

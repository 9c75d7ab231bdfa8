import type { CoreEvents } from '#engine/log/event-types.ts'
import type { StatementCache } from '#engine/store/sqlite.ts'

/** Events of the site's log that rows are made from. */
export type SiteEventType =
  | 'keelson.pack.installed.v1' | 'keelson.pack.removed.v1' | 'keelson.pack.revoked.v1' | 'keelson.trust.root-added.v1' | 'keelson.trust.updated.v1'
  | 'keelson.capability.requested.v1' | 'keelson.capability.request-closed.v1'

export type SiteEvent = { readonly [T in SiteEventType]: { readonly type: T; readonly data: CoreEvents[T] } }[SiteEventType]

/** The one fold from the site's log to its rows of packs, trust and requests. */
export function applySiteEvent(statements: StatementCache, event: SiteEvent, at: { readonly timeMs: number; readonly actor: string }): void {
  switch (event.type) {
    case 'keelson.pack.installed.v1': {
      const { digest, pack, version, publisher, title, origin, install } = event.data
      statements.get<[string, string, string, string, string, string, string | null, number, string], unknown>(`
        INSERT INTO packs (digest, pack, version, publisher, title, origin, install, installed_at, installed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (digest) DO UPDATE SET origin = excluded.origin, install = excluded.install, installed_at = excluded.installed_at,
          installed_by = excluded.installed_by, removed_at = NULL`)
        .run(digest, pack, version, publisher, title, origin, install, at.timeMs, at.actor)
      return
    }
    case 'keelson.pack.removed.v1':
      statements.get<[number, string], unknown>('UPDATE packs SET removed_at = ? WHERE digest = ?').run(at.timeMs, event.data.digest)
      return
    case 'keelson.pack.revoked.v1':
      statements.get<[string, string], unknown>('UPDATE packs SET revoked = ? WHERE digest = ?').run(event.data.why, event.data.digest)
      return
    case 'keelson.capability.requested.v1': {
      const { request, title, text, customer, answers, suggested, outcome, reason } = event.data
      statements.get<[string, string, string, string | null, string, string, string, string, string, number], unknown>(`
        INSERT INTO capability_requests (id, title, text, customer, answers, suggested, outcome, reason, asked_by, asked_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')`)
        .run(request, title, text, customer, JSON.stringify(answers), suggested, outcome, reason, at.actor, at.timeMs)
      return
    }
    case 'keelson.capability.request-closed.v1': {
      const { request, state, what, capability } = event.data
      statements.get<[string, string, string | null, string, number, string], unknown>('UPDATE capability_requests SET state = ?, what = ?, capability = ?, closed_by = ?, closed_at = ? WHERE id = ?')
        .run(state, what, capability, at.actor, at.timeMs, request)
      return
    }
    case 'keelson.trust.root-added.v1':
    case 'keelson.trust.updated.v1':
      statements.get<[string], unknown>('INSERT INTO trust (one, state) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET state = excluded.state')
        .run(JSON.stringify(event.data.state))
      return
  }
}

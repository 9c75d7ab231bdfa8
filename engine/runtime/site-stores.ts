import type { SessionStore, UserStore } from '#engine/access/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { RefusalError, type Result } from '#engine/core/refusal.ts'
import type { SiteReader } from '#engine/site/site-reader.ts'
import type { Enrolment, EventSource, SyncCursor, SyncStateStore } from '#engine/sync/ports.ts'
import { SITE_STREAM } from '#engine/sync/protocol.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'

/** The ports of access and sync over site.db and the tenants' logs: read at once, written by the writer. */
export interface StorePorts {
  readonly site: SiteReader
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly invocation: () => Invocation
}

function done<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}

export function userStore({ site, writer, invocation }: StorePorts): UserStore {
  return {
    byNameKey: nameKey => Promise.resolve(site.userByNameKey(nameKey)),
    byId: id => Promise.resolve(site.userById(id)),
    list: () => Promise.resolve(site.users()),
    create: async user => done(await writer.site('create-user', user, invocation())),
    setPassword: async (id, passwordHash) => void done(await writer.site('set-password', { id, passwordHash }, invocation())),
    savePreferences: async (id, preferences) => void done(await writer.site('save-preferences', { id, preferences }, invocation())),
  }
}

export function sessionStore({ site, writer, invocation }: StorePorts): SessionStore {
  return {
    create: async session => void done(await writer.site('create-session', session, invocation())),
    byTokenHash: tokenHash => Promise.resolve(site.session(tokenHash)),
    touch: async (tokenHash, lastUsedAt) => void done(await writer.site('touch-session', { tokenHash, lastUsedAt }, invocation())),
    remove: async tokenHash => void done(await writer.site('remove-session', { tokenHash }, invocation())),
    removeOthers: async (userId, keepTokenHash) => void done(await writer.site('remove-other-sessions', { userId, keepTokenHash }, invocation())),
    removeStale: async (lastUsedBefore, createdBefore) => void done(await writer.site('remove-stale-sessions', { lastUsedBefore, createdBefore }, invocation())),
  }
}

/** The logs that go to central: the site's own, and each tenant's; one whose first profile was refused has none. */
export function eventSource({ site, reader }: StorePorts, hasLog: (tenant: string) => boolean): EventSource {
  return {
    tenants: () => Promise.resolve([SITE_STREAM, ...site.tenants().filter(hasLog)]),
    head: async tenant => tenant === SITE_STREAM ? site.head() : await reader.read(tenant, 'log-head', {}),
    read: async (tenant, epoch, after, limit) =>
      tenant === SITE_STREAM ? site.events(epoch, after, limit) : await reader.read(tenant, 'event-range', { epoch, after, limit }, 'bulk'),
    hashAt: async (tenant, epoch, sequence) =>
      tenant === SITE_STREAM ? site.eventHash(epoch, sequence) : await reader.read(tenant, 'event-hash', { epoch, sequence }),
  }
}

export function syncStateStore({ site, reader, writer, invocation }: StorePorts): SyncStateStore {
  return {
    enrolment: () => Promise.resolve(site.enrolment() as Enrolment | null),
    saveEnrolment: async enrolment => void done(await writer.site('save-enrolment', { enrolment }, invocation())),
    cursor: async tenant => {
      const row = tenant === SITE_STREAM ? site.cursor() : await reader.read(tenant, 'sync-cursor', {})
      if (row === null) return null
      return {
        position: { epoch: row.epoch, sequence: row.sequence, hash: row.hash },
        receipt: row.receipt === null ? null : (JSON.parse(row.receipt) as SyncCursor['receipt']),
      }
    },
    saveCursor: async (tenant, position, receipt) => {
      const input = { ...position, receipt: receipt === null ? null : JSON.stringify(receipt) }
      if (tenant === SITE_STREAM) done(await writer.site('save-site-cursor', input, invocation()))
      else done(await writer.run(tenant, 'save-sync-cursor', input, { ...invocation(), tenant }))
    },
  }
}

import { ok } from '#engine/core/refusal.ts'
import type { PinnedPack } from '#engine/log/event-types.ts'
import { command, internal } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** A profile that has been read and resolved already; its organisation and accounts come with it. */
export interface ProfileToPublish {
  readonly digest: string
  readonly source: string
  /** By pack id: the exact bytes that this version is made of, whatever newer ones come. */
  readonly packs: Readonly<Record<string, PinnedPack>>
  readonly organisation: readonly { readonly path: string; readonly name: string }[]
  /** Packs with a reactor: each begins at the log's head, so that a new one does not tell the whole history again. */
  readonly reactors: readonly string[]
  /** Orders with the decisions that this profile must give them; absent: those that the tenant has stay. */
  readonly cases?: readonly unknown[]
  readonly accounts: readonly { readonly code: string; readonly name: string | null; readonly orgpath: string; readonly attributes: Readonly<Record<string, unknown>> }[]
}

/** Publishes a profile version and makes it the active one. A version never changes; the same source is the same version. */
export const publishProfile = command<ProfileToPublish, { readonly version: number; readonly digest: string }>((writer, profile, invocation) => {
  const known = writer.statements.get<[string], { version: number }>('SELECT version FROM profiles WHERE digest = ? ORDER BY version DESC LIMIT 1').get(profile.digest)
  const active = writer.store.activeProfileVersion()
  if (profile.cases !== undefined && writer.store.meta('profile-cases') !== JSON.stringify(profile.cases)) {
    writer.append('keelson.profile.cases-set.v1', { cases: profile.cases }, invocation, { orgpath: known === undefined ? profile.organisation[0]?.path ?? '/' : writer.store.rootPath() })
  }
  if (known !== undefined && known.version === active) return ok({ version: active, digest: profile.digest })
  const newNodes = profile.organisation.toSorted((a, b) => a.path.length - b.path.length)
  if (newNodes.length > 0) writer.append('keelson.organisation.defined.v1', { nodes: newNodes }, invocation, { orgpath: newNodes[0]?.path ?? '/' })
  const orgpath = writer.store.rootPath()
  const version = known?.version ?? 1 + (writer.statements.get<[], { v: number | null }>('SELECT max(version) AS v FROM profiles').get()?.v ?? 0)
  if (known === undefined) writer.append('keelson.profile.published.v1', { version, digest: profile.digest, source: profile.source, packs: profile.packs }, invocation, { orgpath })
  writer.append('keelson.profile.activated.v1', { version }, invocation, { orgpath })
  const { epoch, sequence, hash } = writer.log.head
  for (const pack of profile.reactors) {
    writer.statements.get<[string, number, number, Uint8Array], unknown>(
      'INSERT INTO cursors (name, epoch, sequence, hash) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING').run(`reactor:${pack}`, epoch, sequence, hash)
  }
  for (const account of profile.accounts) {
    if (writer.store.account(account.code) !== null) continue
    const id = writer.ids.next()
    writer.append('keelson.account.registered.v1', {
      id, code: account.code, name: account.name === null ? null : writer.sealFor(id, account.name), orgpath: account.orgpath, attributes: account.attributes,
    }, invocation, { orgpath: account.orgpath })
  }
  return ok({ version, digest: profile.digest })
})

/** A pack whose answers differed for the same input: it answers nothing more until a person looks. */
export const quarantinePack = internal<{ readonly pack: string; readonly digest: string; readonly why: string }, Record<string, never>>((writer, input, invocation) => {
  if (packState(writer, input) === 'quarantined') return ok({})
  writer.append('keelson.pack.quarantined.v1', input, invocation, { orgpath: writer.store.rootPath() })
  return ok({})
})

/** Switches a pack off for the tenant: by a person with a reason, or by the rate of its incidents. What needs it waits. */
export const disablePack = internal<{ readonly pack: string; readonly digest: string; readonly why: string; readonly by: 'person' | 'incidents' }, Record<string, never>>((writer, input, invocation) => {
  if (packState(writer, input) === 'disabled') return ok({})
  writer.append('keelson.pack.disabled.v1', input, invocation, { orgpath: writer.store.rootPath() })
  return ok({})
})

/** Lets a pack that was disabled, or put into quarantine, be asked again. */
export const enablePack = internal<{ readonly pack: string; readonly digest: string }, Record<string, never>>((writer, input, invocation) => {
  const state = packState(writer, input)
  if (state === null || state === 'ready') return ok({})
  writer.append('keelson.pack.enabled.v1', input, invocation, { orgpath: writer.store.rootPath() })
  return ok({})
})

function packState(writer: TenantWriter, { pack, digest }: { readonly pack: string; readonly digest: string }): string | null {
  return writer.statements.get<[string, string], { state: string }>('SELECT state FROM pack_states WHERE pack = ? AND digest = ?').get(pack, digest)?.state ?? null
}

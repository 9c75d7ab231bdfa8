import { canonicalJson } from '#engine/core/canonical-json.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import type { CoreEvents, InstalledPack } from '#engine/log/event-types.ts'
import { record } from './record.ts'
import type { SiteCommand, SiteWriter } from './site-writer.ts'

export type InstallState = 'queued' | 'running' | 'activating' | 'succeeded' | 'failed' | 'cancelled'

export interface RevokedPack { readonly pack: string; readonly version: string; readonly digest: string; readonly why: string }

/** What an install brings, whole: packs, trust and record become true in one transaction, or not at all. */
export interface InstallToCommit {
  readonly id: string
  readonly packs: readonly InstalledPack[]
  readonly revoked: readonly RevokedPack[]
  /** Trust state as the media left it; null where it is as before. */
  readonly trust: unknown
  readonly record: { readonly document: string; readonly signature: string }
  readonly progress: unknown
}

/** Everything that site.db knows about packs and trust is written here. */
export const packCommands = {
  'adopt-packs': ((site, input, invocation) => {
    for (const pack of input.packs) if (!isHere(site, pack.digest)) record(site, 'keelson.pack.installed.v1', pack, invocation)
    return ok({})
  }) satisfies SiteCommand<{ readonly packs: readonly InstalledPack[] }, object>,

  'save-trust': ((site, input, invocation) => {
    saveTrust(site, input.trust, invocation)
    for (const pack of input.revoked) revoke(site, pack, invocation)
    return ok({})
  }) satisfies SiteCommand<{ readonly trust: unknown; readonly revoked: readonly RevokedPack[] }, object>,

  'trust-root': ((site, input, invocation) => {
    record(site, 'keelson.trust.root-added.v1', { fingerprint: input.fingerprint, nameSpace: input.nameSpace, state: input.trust }, invocation)
    return ok({})
  }) satisfies SiteCommand<{ readonly fingerprint: string; readonly nameSpace: readonly string[]; readonly trust: unknown }, object>,

  'queue-install': ((site, input, invocation) => {
    const now = site.clock.now()
    site.statements.get<[string, string, string | null, string, string, number, number], unknown>(`
      INSERT INTO installs (id, state, started_by, reason, input, progress, created_at, updated_at) VALUES (?, 'queued', ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING`)
      .run(input.id, invocation.actor.id, invocation.reason, JSON.stringify(input.input), JSON.stringify(input.progress), now, now)
    return ok({ id: input.id })
  }) satisfies SiteCommand<{ readonly id: string; readonly input: unknown; readonly progress: unknown }, { readonly id: string }>,

  'move-install': ((site, input) => {
    const state = stateOf(site, input.id)
    if (state === null) return refuse('KS-INSTALL-UNKNOWN', 'There is no such install.', 'Look at the list of installs.', { install: input.id })
    if (hasEnded(state)) return ok({ state })
    // What was committed is true: it can be finished, and not be taken back half way.
    if (state === 'activating' && input.state === 'cancelled') return ok({ state })
    site.statements.get<[string, string, number, string], unknown>('UPDATE installs SET state = ?, progress = ?, updated_at = ? WHERE id = ?')
      .run(input.state, JSON.stringify(input.progress), site.clock.now(), input.id)
    return ok({ state: input.state })
  }) satisfies SiteCommand<{ readonly id: string; readonly state: InstallState; readonly progress: unknown }, { readonly state: InstallState }>,

  'commit-install': ((site, input, invocation) => {
    const state = stateOf(site, input.id)
    if (state !== 'running') return refuse('KS-INSTALL-CANCELLED', 'The install was cancelled.', 'Start it again.', { install: input.id })
    for (const pack of input.packs) {
      const taken = site.statements.get<[string, string, string], { digest: string }>(
        `SELECT digest FROM packs WHERE pack = ? AND version = ? AND digest <> ? AND origin = 'media' AND removed_at IS NULL`).get(pack.pack, pack.version, pack.digest)
      if (taken !== undefined) {
        return refuse('KS-PACK-VERSION-TAKEN', `Another pack ${pack.pack} ${pack.version} is installed.`, 'A published version never changes: ask the publisher for a new version.', { pack: pack.pack, version: pack.version })
      }
      if (!isHere(site, pack.digest)) record(site, 'keelson.pack.installed.v1', pack, invocation)
    }
    if (input.trust !== null) saveTrust(site, input.trust, invocation)
    for (const pack of input.revoked) revoke(site, pack, invocation)
    site.statements.get<[string, string, string], unknown>('INSERT INTO install_records (id, document, signature) VALUES (?, ?, ?)')
      .run(input.id, input.record.document, input.record.signature)
    site.statements.get<[string, number, string], unknown>(`UPDATE installs SET state = 'activating', progress = ?, updated_at = ? WHERE id = ?`)
      .run(JSON.stringify(input.progress), site.clock.now(), input.id)
    return ok({})
  }) satisfies SiteCommand<InstallToCommit, object>,

  'remove-pack': ((site, input, invocation) => {
    for (const pack of input.packs) if (isHere(site, pack.digest)) record(site, 'keelson.pack.removed.v1', pack, invocation)
    return ok({})
  }) satisfies SiteCommand<{ readonly packs: readonly CoreEvents['keelson.pack.removed.v1'][] }, object>,
} as const

function isHere(site: SiteWriter, digest: string): boolean {
  return site.statements.get<[string], unknown>('SELECT 1 FROM packs WHERE digest = ? AND removed_at IS NULL').get(digest) !== undefined
}

function stateOf(site: SiteWriter, id: string): InstallState | null {
  return site.statements.get<[string], { state: InstallState }>('SELECT state FROM installs WHERE id = ?').get(id)?.state ?? null
}

function hasEnded(state: InstallState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** Trust that is as it was before leaves no event: media is looked at often. */
function saveTrust(site: SiteWriter, state: unknown, invocation: Invocation): void {
  const known = site.statements.get<[], { state: string }>('SELECT state FROM trust').get()
  if (known !== undefined && canonicalJson(JSON.parse(known.state)) === canonicalJson(state)) return
  record(site, 'keelson.trust.updated.v1', { state }, invocation)
}

function revoke(site: SiteWriter, pack: RevokedPack, invocation: Invocation): void {
  const known = site.statements.get<[string], { revoked: string | null }>('SELECT revoked FROM packs WHERE digest = ?').get(pack.digest)
  if (known?.revoked === null) record(site, 'keelson.pack.revoked.v1', pack, invocation)
}

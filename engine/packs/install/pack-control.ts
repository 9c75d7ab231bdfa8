import type { Explanation, PackManifest } from '#engine/contracts/v1/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { withoutPack } from '#engine/profiles/edit-profile.ts'
import type { PackStore, StoredPack } from '#engine/runtime/pack-store.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import { composedPacks } from '../composed-packs.ts'
import { askBefore, moduleOf } from '../life-cycle.ts'
import { outlookOf } from './candidates.ts'
import { readsOf } from './pack-plan.ts'
import { newestFirst } from '../version-order.ts'

interface Ports {
  readonly packs: PackStore
  readonly tenant: TenantRuntime
}

export interface ChangedPack {
  readonly tenant: string
  readonly pack: string
  /** Version that the tenant runs from now on; null where it runs none. */
  readonly version: string | null
  readonly profileVersion: number
  /** What the pack says to it. */
  readonly notes: readonly Explanation[]
}

export interface EnableInput {
  readonly pack: string
  /** The version that runs already, or else the newest that may be loaded, where none is named. */
  readonly version?: string | undefined
  readonly config?: Readonly<Record<string, unknown>> | undefined
}

/** Has a tenant's profile run a pack, in a version, as a new version of the profile; lets one that was disabled be asked again. */
export async function enablePack({ packs, tenant }: Ports, { pack, version, config }: EnableInput, invocation: Invocation): Promise<Result<ChangedPack>> {
  const pinned = (await tenant.pins()).get(pack)
  const found = packToRun(packs, pack, version, pinned)
  if (!found.ok) return found
  const { digest, manifest, catalog } = found.value
  const outlook = await outlookOf(tenant, [{ digest, manifest, catalog }], { replacing: true, ...(config === undefined ? {} : { config }) })
  if (!outlook.ok) return outlook
  const agreed = await askBefore(tenant.host, moduleOf(outlook.value.composition, digest, manifest), 'onEnable', { pack: packs.ready(digest), locale: invocation.locale })
  if (!agreed.ok) return agreed
  const published = await tenant.profiles.publishNow(outlook.value.source, invocation, { chosen: outlook.value.chosen })
  if (!published.ok) return published
  const readmitted = await tenant.readmit(pack, digest, { ...invocation, id: `${invocation.id}:readmit` })
  if (!readmitted.ok) return readmitted
  return ok({ tenant: tenant.tenant, pack, version: manifest.version, profileVersion: published.value.version, notes: agreed.value })
}

/** Switches a pack off for a tenant; what needs it waits. Refused while another enabled pack needs it. */
export async function disablePack({ tenant, packs }: Ports, pack: string, invocation: Invocation): Promise<Result<ChangedPack>> {
  const running = await runningPack(tenant, pack)
  if (!running.ok) return running
  const needed = await consumersOf(packs, tenant, pack)
  if (needed.length > 0) return neededBy(pack, tenant.tenant, needed)
  const notes = await notesOf(packs, tenant, running.value.digest)
  const disabled = await tenant.disable(pack, running.value.digest, invocation.reason ?? `by ${invocation.actor.id}`, invocation)
  if (!disabled.ok) return disabled
  return ok({ tenant: tenant.tenant, pack, version: null, profileVersion: running.value.profileVersion, notes })
}

/** What a pack says before it is disabled. One that cannot say anything any more is disabled all the same. */
async function notesOf(packs: PackStore, tenant: TenantRuntime, digest: string): Promise<readonly Explanation[]> {
  const found = packs.find(digest)
  const composition = await tenant.activeComposition()
  if (composition === null || found.state !== 'ready') return []
  const said = await askBefore(tenant.host, moduleOf(composition, digest, found.pack.manifest), 'onDisable', { pack: found.pack, locale: 'en' })
  return said.ok ? said.value : []
}

/** Goes back to the version of a pack that the tenant ran before; to a profile without it where it ran none. */
export async function undoPack({ packs, tenant }: Ports, pack: string, invocation: Invocation): Promise<Result<ChangedPack>> {
  const running = await runningPack(tenant, pack)
  if (!running.ok) return running
  const { digest: now, profileVersion } = running.value
  const history = await tenant.pinHistory()
  // A version that rolled back stands where the one stood that it is like.
  const standsAt = (version: number): number => {
    const back = history.find(each => each.version === version)?.rolledBackTo ?? null
    return back === null ? version : standsAt(back)
  }
  const older = history.filter(({ version }) => version < standsAt(profileVersion))
  const before = older.find(({ pins }) => pins.get(pack) !== now)
  const digest = before?.pins.get(pack)
  if (before === undefined || (digest !== undefined && packs.find(digest).state !== 'ready')) {
    return refuse('KS-PACK-NO-UNDO', `There is no earlier version of ${pack} to go back to.`, 'Enable another version by name, or remove the pack.', { pack, tenant: tenant.tenant })
  }
  const active = await tenant.activeProfile()
  if (active === null) throw new Error('a pack runs under no profile')
  // The profile as it was, where nothing else was changed since; else the profile of now with the pack as it was.
  const sinceThen = before.version === older[0]?.version
  const without = digest === undefined && !sinceThen ? withoutPack(active.profile.source, pack) : ok(sinceThen ? before.source : active.profile.source)
  if (!without.ok) return without
  const chosen = sinceThen ? before.pins : new Map(digest === undefined ? [] : [[pack, digest]])
  const published = await tenant.profiles.publishNow(without.value, invocation, { chosen, rolledBackTo: sinceThen ? before.version : undefined })
  if (!published.ok) return published
  const known = digest === undefined ? undefined : packs.list().find(each => each.digest === digest)
  return ok({ tenant: tenant.tenant, pack, version: known?.version ?? null, profileVersion: published.value.version, notes: [] })
}

/** Enabled packs of a tenant that need a pack: they require it, or read what it emits. */
export async function consumersOf(packs: PackStore, tenant: TenantRuntime, pack: string): Promise<string[]> {
  const composition = await tenant.activeComposition()
  if (composition === null) return []
  const off = new Set(composition.unusable.map(each => each.pack))
  const manifests = new Map(packs.list().map(each => [each.digest, each.manifest]))
  return composedPacks(composition).filter(each => each.pack !== pack && !off.has(each.pack) && needs(manifests.get(each.digest) ?? null, pack)).map(each => each.pack)
}

export function neededBy(pack: string, tenant: string, consumers: readonly string[]): Result<never> {
  return refuse('KS-PACK-NEEDED', `${consumers.join(', ')} ${consumers.length === 1 ? 'needs' : 'need'} ${pack} in tenant ${tenant}.`,
    `Disable or remove ${consumers.join(', ')} first.`, { pack, tenant, consumers: consumers.join(', ') })
}

function needs(manifest: PackManifest | null, pack: string): boolean {
  return manifest !== null && ((manifest.requires ?? []).some(each => each.pack === pack) || readsOf(manifest).some(type => type.startsWith(`${pack}.`)))
}

function packToRun(packs: PackStore, pack: string, version: string | undefined, pinned: string | undefined): Result<StoredPack & { readonly manifest: PackManifest }> {
  const all = packs.list().filter(each => each.pack === pack).toSorted(newestFirst)
  if (all.length === 0) return refuse('KS-PACK-UNKNOWN', `There is no pack ${pack} on this site.`, 'See the list of packs, or install it from its media.', { pack })
  const named = version === undefined ? all : all.filter(each => each.version === version)
  if (named.length === 0) return refuse('KS-PACK-UNKNOWN', `There is no ${pack} ${version} on this site.`, `Take one that is there: ${all.map(each => each.version).join(', ')}.`, { pack, version: version ?? null })
  const usable = named.filter((each): each is StoredPack & { manifest: PackManifest } => each.manifest !== null && each.why === null)
  const [first] = usable
  const best = usable.find(each => each.digest === pinned) ?? first
  const [why] = named.flatMap(each => each.why ?? [])
  if (best === undefined) return why === undefined ? refuse('KS-PACK-UNKNOWN', `${pack} cannot be loaded.`, 'Install it again.', { pack }) : { ok: false, refusal: why }
  return ok(best)
}

async function runningPack(tenant: TenantRuntime, pack: string): Promise<Result<{ readonly digest: string; readonly profileVersion: number }>> {
  const active = await tenant.activeProfile()
  const digest = active === null ? undefined : (await tenant.pinHistory()).find(({ version }) => version === active.version)?.pins.get(pack)
  if (active === null || digest === undefined) return refuse('KS-PACK-NOT-ENABLED', `Tenant ${tenant.tenant} does not run ${pack}.`, 'See the list of packs for who runs it.', { pack, tenant: tenant.tenant })
  return ok({ digest, profileVersion: active.version })
}

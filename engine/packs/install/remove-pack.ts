import type { Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { sectionsNaming, withoutPack } from '#engine/profiles/edit-profile.ts'
import type { ExportedTables, PackLedger } from '#engine/runtime/pack-belongings.ts'
import type { PackStore, StoredPack } from '#engine/runtime/pack-store.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { consumersOf, neededBy } from './pack-control.ts'

interface Ports {
  readonly packs: PackStore
  readonly writer: WriterClient
}

export interface RemoveInput {
  readonly pack: string
  readonly tenants: readonly TenantRuntime[]
  /** Off the site as well: profiles can name it no more. */
  readonly fromSite: boolean
}

export interface RemovedFromTenant {
  readonly tenant: string
  readonly profileVersion: number
  readonly exported: ExportedTables | null
  readonly dropped: PackLedger
  /** What is left of the ledger: nothing. */
  readonly left: PackLedger
}

export interface RemovedPack {
  readonly pack: string
  readonly tenants: readonly RemovedFromTenant[]
  readonly versions: readonly { readonly version: string; readonly digest: string }[]
}

interface Planned { readonly tenant: TenantRuntime; readonly source: string | null; readonly profileVersion: number; readonly digest: string | undefined }

/**
 * Takes a pack out: out of profiles, its rows exported, everything that it owns dropped. What it decided stays, with its
 * receipts and the pack's bytes. Everything that could stand against it is asked before anything is done; cut off in the
 * middle, doing it again finishes it.
 */
export async function removePack(ports: Ports, { pack, tenants, fromSite }: RemoveInput, invocation: Invocation): Promise<Result<RemovedPack>> {
  const here = ports.packs.list().filter(each => each.pack === pack)
  if (here.length === 0) return refuse('KS-PACK-UNKNOWN', `There is no pack ${pack} on this site.`, 'See the list of packs.', { pack })
  const installed = here.filter(each => each.state !== 'bundled')
  if (fromSite && installed.length === 0) {
    return refuse('KS-PACK-BUNDLED', `${pack} comes with the product.`, 'Take it out of the tenants that run it instead.', { pack })
  }
  const planned: Planned[] = []
  for (const tenant of tenants) {
    const plan = await planFor(ports.packs, tenant, pack)
    if (!plan.ok) return plan
    planned.push(plan.value)
  }
  const removed: RemovedFromTenant[] = []
  for (const plan of planned) {
    const done = await removeFrom(plan, pack, here, invocation)
    if (!done.ok) return done
    if (done.value !== null) removed.push(done.value)
  }
  const versions = fromSite ? installed.map(({ version, digest }) => ({ version, digest })) : []
  if (versions.length > 0) {
    const marked = await ports.writer.site('remove-pack', { packs: versions.map(each => ({ pack, ...each })) }, invocation)
    if (!marked.ok) return marked
  }
  return ok({ pack, tenants: removed, versions })
}

/** The profile without the pack, or what stands against that. */
async function planFor(packs: PackStore, tenant: TenantRuntime, pack: string): Promise<Result<Planned>> {
  const active = await tenant.activeProfile()
  const digest = (await tenant.pinHistory()).find(({ version }) => version === active?.version)?.pins.get(pack)
  if (active === null || sectionsNaming(active.profile.source, pack).length === 0) return ok({ tenant, source: null, profileVersion: active?.version ?? 0, digest })
  const needed = await consumersOf(packs, tenant, pack)
  if (needed.length > 0) return neededBy(pack, tenant.tenant, needed)
  const source = withoutPack(active.profile.source, pack)
  if (source.ok) return ok({ tenant, source: source.value, profileVersion: active.version, digest })
  // One of several tenants: which profile it is, the person has to know.
  const { code, message, remedy, values } = source.refusal
  return refuse(code, `${tenant.tenant}: ${message}`, remedy, { ...values, tenant: tenant.tenant })
}

async function removeFrom({ tenant, source, profileVersion, digest }: Planned, pack: string, here: readonly StoredPack[], invocation: Invocation): Promise<Result<RemovedFromTenant | null>> {
  const own = { ...invocation, tenant: tenant.tenant }
  let version = profileVersion
  if (source !== null) {
    const published = await tenant.profiles.publishNow(source, { ...own, id: `${invocation.id}:${tenant.tenant}` })
    if (!published.ok) return published
    version = published.value.version
  }
  const dropped = await tenant.belongings.ledgerOf(pack)
  if (source === null && isEmpty(dropped)) return ok(null)
  const running = here.find(each => each.digest === digest) ?? here.find(each => dropped.files.includes(`${pack}@${each.digest}.db`))
  const exported = running === undefined ? null : tenant.belongings.exportRows(pack, running.digest, running.manifest?.tables ?? [])
  const done = await tenant.belongings.drop(pack, here.map(each => ({ version: each.version, digest: each.digest })), own)
  if (!done.ok) return done
  return ok({ tenant: tenant.tenant, profileVersion: version, exported, dropped, left: await tenant.belongings.ledgerOf(pack) })
}

function isEmpty({ states, cursors, parked, files }: PackLedger): boolean {
  return states === 0 && cursors.length === 0 && parked === 0 && files.length === 0
}

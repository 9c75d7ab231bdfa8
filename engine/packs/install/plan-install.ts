import { ok, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { PackStore } from '#engine/runtime/pack-store.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import { casesOf } from '../cases/index.ts'
import { composedPacks } from '../composed-packs.ts'
import type { AcceptExpired } from '../media/index.ts'
import { type Candidate, outlookOf, readCandidate, wantedTargets } from './candidates.ts'
import { compatibilityOf, type Finding } from './compatibility.ts'
import { type PackPlan, planOf } from './pack-plan.ts'
import type { TrustKeeper } from './trust-keeper.ts'
import { newestFirst } from '../version-order.ts'

export interface PlannedTenant {
  readonly tenant: string
  readonly packs: readonly {
    readonly pack: string
    /** Version that the tenant runs; null where it does not name the pack. */
    readonly from: string | null
    /** Version that it would run; null where it has no place for the pack. */
    readonly to: string | null
  }[]
  /** Why it cannot take the packs up. */
  readonly refusal: Refusal | null
}

/** What an install would do, for a person to read before anything happens. */
export interface InstallPlan {
  readonly packs: readonly (PackPlan & { readonly findings: readonly Finding[] })[]
  readonly tenants: readonly PlannedTenant[]
  /** Nothing that is known by now stands against it. */
  readonly ok: boolean
}

export interface PlanPorts {
  readonly engineVersion: string
  readonly packs: PackStore
  readonly trust: TrustKeeper
  readonly tenant: (tenant: string) => TenantRuntime
}

export interface PlanInput {
  readonly folder: string
  readonly packs: readonly { readonly pack: string; readonly version?: string | undefined }[]
  readonly tenants: readonly string[]
  readonly acceptExpired: AcceptExpired | null
}

/** Verifies the media and says what installing from it would do. Changes nothing. */
export async function planInstall(ports: PlanPorts, { folder, packs, tenants, acceptExpired }: PlanInput): Promise<Result<InstallPlan>> {
  const media = await ports.trust.peek(folder, acceptExpired)
  if (!media.ok) return media
  const targets = wantedTargets(media.value, packs)
  if (!targets.ok) return targets
  const candidates: Candidate[] = []
  for (const target of targets.value) {
    const read = await readCandidate(folder, target)
    if (!read.ok) return read
    candidates.push(read.value)
  }
  const planned = candidates.map(candidate => ({ ...plannedPack(ports, candidate), findings: findingsOf(ports, candidate, candidates) }))
  const plannedTenants: PlannedTenant[] = []
  for (const tenant of tenants) plannedTenants.push(await plannedTenant(ports.tenant(tenant), candidates))
  const refused = planned.some(({ findings }) => findings.some(({ level }) => level === 'refused')) || plannedTenants.some(({ refusal }) => refusal !== null)
  return ok({ packs: planned, tenants: plannedTenants, ok: !refused })
}

function plannedPack({ packs }: PlanPorts, { pack, bytes }: Candidate): PackPlan {
  const installed = packs.list().filter(each => each.pack === pack.manifest.id && each.manifest !== null)
    .toSorted(newestFirst).map(({ manifest }) => manifest)
  const cases = casesOf(pack)
  return planOf({ manifest: pack.manifest, digest: pack.digest, bytes: bytes.byteLength, cases: cases.ok ? cases.value.length : 0 }, installed[0] ?? null)
}

/** What stands against a candidate among the packs of the site and those that come with it. */
export function findingsOf({ engineVersion, packs }: Pick<PlanPorts, 'engineVersion' | 'packs'>, { pack }: Candidate, together: readonly Candidate[]): Finding[] {
  const here = packs.list().flatMap(({ digest, manifest }) => manifest === null ? [] : [{ digest, manifest }])
  return compatibilityOf(pack, { engineVersion, here, together: together.map(each => each.pack) })
}

async function plannedTenant(tenant: TenantRuntime, candidates: readonly Candidate[]): Promise<PlannedTenant> {
  const composition = await tenant.activeComposition()
  const running = new Map(composition === null ? [] : composedPacks(composition).map(({ pack, version }) => [pack, version]))
  const outlook = await outlookOf(tenant, candidates.map(({ pack }) => pack), { replacing: false })
  return {
    tenant: tenant.tenant,
    packs: candidates.map(({ pack: { manifest } }) => ({
      pack: manifest.id, from: running.get(manifest.id) ?? null,
      to: outlook.ok && outlook.value.chosen.has(manifest.id) ? manifest.version : running.get(manifest.id) ?? null,
    })),
    refusal: outlook.ok ? null : outlook.refusal,
  }
}

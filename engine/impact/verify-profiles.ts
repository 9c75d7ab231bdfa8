import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import type { EngineOptions } from '#engine/engine.ts'
import type { ProfileCase } from '#engine/packs/cases/index.ts'
import type { Composition, KnownPack, OpenPack } from '#engine/packs/composition.ts'
import { productProfiles, type ProfileWithCases, runProfileCases } from '#engine/packs/install/profile-checks.ts'
import { createPackHost, type PackHostClient } from '#engine/packs/pack-host-client.ts'
import { noActiveProfile, resolveProfile } from '#engine/profiles/index.ts'
import type { PackStore } from '#engine/runtime/pack-store.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'

export interface VerifyPorts {
  readonly options: Pick<EngineOptions, 'startPackHost' | 'clock' | 'log' | 'version' | 'resourcesFolder'>
  readonly packs: PackStore
}

/** What profiles are to run with, in place of what they run with now. */
export interface ReleaseCandidate {
  readonly packs: readonly OpenPack[]
  /** Version of the engine that would come; null: this one. */
  readonly engineVersion: string | null
}

export interface FailedCase {
  readonly profile: string
  readonly tenant: string | null
  /** Null where the profile cannot be composed at all. */
  readonly case: string | null
  readonly differences: readonly string[]
}

export interface Verified {
  readonly profiles: number
  readonly cases: number
  readonly passed: number
  readonly failed: readonly FailedCase[]
}

/**
 * Runs the golden cases of profiles: those that come with the product, and those of tenants. Under a candidate, a case that
 * fails now already, and just so, is not the candidate's doing and counts as passed. One pack host for all, ended after it.
 */
export async function verifyProfiles(ports: VerifyPorts, profiles: readonly ProfileWithCases[], candidate: ReleaseCandidate | null): Promise<Verified> {
  const host = hostFor(ports, candidate?.packs ?? [])
  const failed: FailedCase[] = []
  let cases = 0
  try {
    for (const each of profiles) {
      cases += each.cases.length
      const found = await verify(ports, each, candidate, host)
      failed.push(...found.map(({ title, differences }) => ({ profile: each.profile.id, tenant: each.tenant, case: title, differences })))
    }
  } finally {
    await host.close()
  }
  const cut = profiles.filter(each => failed.some(found => found.case === null && found.profile === each.profile.id && found.tenant === each.tenant)).reduce((sum, each) => sum + each.cases.length, 0)
  return { profiles: profiles.length, cases, passed: cases - cut - failed.filter(each => each.case !== null).length, failed }
}

/** Every profile that a site knows: each tenant's with its cases, or those of the profile it was made from, and all of the product. */
export async function profilesOf({ options }: VerifyPorts, tenants: readonly TenantRuntime[]): Promise<{ readonly tenants: ProfileWithCases[]; readonly product: ProfileWithCases[] }> {
  const product = productProfiles(join(options.resourcesFolder, 'profiles'))
  const own: ProfileWithCases[] = []
  for (const tenant of tenants) {
    const active = await tenant.activeProfile()
    if (active === null) continue
    own.push({ name: `${active.profile.id} (${tenant.tenant})`, tenant: tenant.tenant, profile: active.profile, cases: await tenant.cases() ?? casesLike(product, active.profile.id), pins: await tenant.pins() })
  }
  return { tenants: own, product }
}

/** Cases of the product's profile of the same id. */
export function casesLike(product: readonly ProfileWithCases[], id: string): readonly ProfileCase[] {
  return product.find(each => each.profile.id === id)?.cases ?? []
}

interface Found { readonly title: string | null; readonly differences: readonly string[] }

async function verify({ options, packs }: VerifyPorts, given: ProfileWithCases, candidate: ReleaseCandidate | null, host: PackHostClient): Promise<Found[]> {
  const here = packs.available()
  const compose = (known: readonly KnownPack[], engineVersion: string, preferred: ReadonlyMap<string, string>): Composition =>
    resolveProfile(given.profile, { packs: known, engineVersion, preferred }, given.tenant ?? given.name, 1)
  const now = compose(here, options.version, given.pins)
  if (candidate === null) return await differing(given, now, host)
  const chosen = new Map([...given.pins, ...candidate.packs.map(({ manifest, digest }) => [manifest.id, digest] as const)])
  const then = compose([...here, ...candidate.packs], candidate.engineVersion ?? options.version, chosen)
  const before = await differing(given, now, host)
  return (await differing(given, then, host)).filter(({ title, differences }) => !differences.every(each => before.some(now => now.title === title && now.differences.includes(each))))
}

async function differing(given: ProfileWithCases, composition: Composition, host: PackHostClient): Promise<Found[]> {
  const [unusable] = composition.unusable
  if (unusable !== undefined) return [{ title: null, differences: [`${unusable.code} ${unusable.message} ${unusable.remedy}`] }]
  const differences = await runProfileCases(given.profile, composition, given.cases, host)
  return given.cases.flatMap(({ title }, index) => ((differences[index]?.length ?? 0) === 0 ? [] : [{ title, differences: differences[index] ?? [] }]))
}

function hostFor({ options: { startPackHost, clock, log }, packs }: VerifyPorts, besides: readonly OpenPack[]): PackHostClient {
  return createPackHost({
    tenant: 'verify', start: startPackHost, clock, log,
    loadPack: digest => Promise.resolve(besides.find(pack => pack.digest === digest) ?? packs.ready(digest)),
  })
}

/** The profile of one tenant. Refuses with KS-PROFILE-NONE where it has none. */
export async function profileOf(ports: VerifyPorts, tenant: TenantRuntime): Promise<ProfileWithCases> {
  const { tenants: [own] } = await profilesOf(ports, [tenant])
  if (own === undefined) throw new RefusalError(noActiveProfile(tenant.tenant))
  return own
}

import { sha256Hex } from '#engine/core/digest.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { composedPacks } from '#engine/packs/composed-packs.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { outlookOf } from '#engine/packs/install/candidates.ts'
import { readProfile, withoutSecrets } from '#engine/profiles/index.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import type { CandidateRecord, ImpactRequest } from './impact-plan.ts'

/** A pack to try; `bytes` where the site does not have it. */
export interface CandidatePack {
  readonly pack: OpenPack
  readonly bytes: Uint8Array | null
}

/**
 * What a tenant's decisions are to be compared under: a profile document, packs, or both. Packs alone are put into the
 * active profile as an install would. Refuses what could not be published.
 */
export async function candidateOf(tenant: TenantRuntime, given: { readonly document: string | null; readonly packs: readonly CandidatePack[] }): Promise<Result<Pick<ImpactRequest, 'candidate' | 'besides'>>> {
  const packs = given.packs.map(({ pack }) => pack)
  const text = given.document === null ? await sourceWith(tenant, packs) : ok(withoutSecrets(given.document))
  if (!text.ok) return text
  const source = text.value
  const chosen = Object.fromEntries(packs.map(({ manifest, digest }) => [manifest.id, digest]))
  const site = await tenant.siteValues()
  const composed = await tenant.candidateComposition(source, chosen, packs, site)
  if (!composed.ok) return composed
  const names = packs.map(({ manifest: { id, version } }) => `${id} ${version}`)
  const read = readProfile(source)
  const candidate: CandidateRecord = {
    title: given.document === null ? names.join(', ') : [read.ok ? read.value.title : '', ...names].join(', '), source, sourceDigest: sha256Hex(source), site, given: names,
    packs: Object.fromEntries(composedPacks(composed.value).map(({ pack, digest }) => [pack, digest])),
  }
  return ok({ candidate, besides: given.packs.flatMap(({ pack: { digest }, bytes }) => (bytes === null ? [] : [{ digest, bytes }])) })
}

async function sourceWith(tenant: TenantRuntime, packs: readonly OpenPack[]): Promise<Result<string>> {
  if (packs.length === 0) return refuse('KS-IMPACT-NOTHING', 'There is nothing to compare with.', 'Name a profile document, a pack, or both.')
  const outlook = await outlookOf(tenant, packs, { replacing: false })
  return outlook.ok ? ok(outlook.value.source) : outlook
}

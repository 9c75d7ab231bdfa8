import { tenantsOf, type Principal } from '#engine/access/index.ts'
import { catalogOf, type UsingProfile } from '#engine/catalog/catalog.ts'
import { nameOfConstraint, siteConstraints } from '#engine/catalog/constraint.ts'
import { inLanguage } from '#engine/packs/pack-catalog.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { Gated } from './procedures.ts'

/** The capability catalog of the site. */
export function catalogProcedures({ queries }: Gated, runtime: SiteRuntime) {
  return {
    queries: {
      'catalog': queries.catalog.handler(async ({ input: { locale }, context: { principal } }) => {
        const packs = runtime.packs.available()
        return {
          entries: catalogOf(packs, await profilesSeenBy(principal, runtime), locale),
          constraints: siteConstraints(packs).map(each => ({
            name: nameOfConstraint(each), kind: each.kind, because: inLanguage(each.because, locale), source: each.source.from === 'pack' ? `${each.source.pack} ${each.source.version}` : each.source.from,
          })),
        }
      }),
    },
  }
}

/** Active profiles of the tenants that a person may see. */
async function profilesSeenBy(principal: Principal | null, runtime: SiteRuntime): Promise<UsingProfile[]> {
  const names = runtime.tenants().map(({ tenant }) => tenant)
  const seen = principal === null ? [] : tenantsOf(principal, names)
  const active = await Promise.all(seen.map(async tenant => ({ tenant, active: await runtime.tenant(tenant).activeProfile() })))
  return active.flatMap(({ tenant, active: found }) => found === null ? [] : [{ tenant, version: found.version, document: found.profile }])
}

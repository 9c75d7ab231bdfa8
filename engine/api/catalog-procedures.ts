import { tenantsOf, type Principal } from '#engine/access/index.ts'
import { catalogOf, type UsingProfile } from '#engine/catalog/catalog.ts'
import { catalogCheck } from '#engine/catalog/catalog-check.ts'
import type { RequestAnswers } from '#engine/core/capability-request.ts'
import { nameOfConstraint, siteConstraints } from '#engine/catalog/constraint.ts'
import { refuse } from '#engine/core/refusal.ts'
import { inLanguage } from '#engine/packs/pack-catalog.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { RequestRow } from '#engine/site/site-reader.ts'
import { actorOf } from './actors.ts'
import { unwrap, type Gated } from './procedures.ts'

/** The capability catalog of the site. */
export function catalogProcedures({ commands, queries }: Gated, runtime: SiteRuntime) {
  return {
    commands: {
      'classify-request': commands['classify-request'].handler(async ({ input: { invocation: _, ...input }, context: { principal, invocation } }) => {
        if (input.customer !== null && !seenBy(principal, runtime).includes(input.customer)) {
          unwrap(refuse('KS-ACCESS-DENIED', `You may not ask for something in the name of ${input.customer}.`, 'Name a tenant of this site in which you have a role, or none.', { tenant: input.customer }))
        }
        return unwrap(await runtime.writer.site('classify-request', input, invocation))
      }),
      'close-request': commands['close-request'].handler(async ({ input: { invocation: _, ...input }, context }) => unwrap(await runtime.writer.site('close-request', input, context.invocation))),
    },
    queries: {
      'catalog': queries.catalog.handler(async ({ input: { locale }, context: { principal } }) => {
        const packs = runtime.packs.available()
        return {
          entries: catalogOf(packs, await profilesSeenBy(principal, runtime), locale),
          // Versions of one pack may say the same: the newest one's words count.
          constraints: [...new Map(siteConstraints(packs).map(each => [nameOfConstraint(each), each])).values()].map(each => ({
            name: nameOfConstraint(each), kind: each.kind, because: inLanguage(each.because, locale), source: each.source.from === 'pack' ? `${each.source.pack} ${each.source.version}` : each.source.from,
          })),
        }
      }),
      'catalog-check': queries['catalog-check'].handler(({ input: { locale } }) => ({ findings: catalogCheck(runtime.packs.available(), locale) })),
      'capability-requests': queries['capability-requests'].handler(({ context: { principal } }) => {
        const seen = seenBy(principal, runtime)
        return { rows: runtime.site.capabilityRequests().filter(({ customer }) => customer === null || seen.includes(customer)).map(row => requestView(row, runtime)) }
      }),
    },
  }
}

function seenBy(principal: Principal | null, runtime: SiteRuntime): readonly string[] {
  return principal === null ? [] : tenantsOf(principal, runtime.tenants().map(({ tenant }) => tenant))
}

function requestView({ asked_by: askedBy, asked_at: askedAt, closed_by: closedBy, closed_at: closedAt, answers, ...row }: RequestRow, runtime: SiteRuntime) {
  return {
    ...row, answers: JSON.parse(answers) as RequestAnswers, askedBy: actorOf(runtime.site, askedBy), askedAt: new Date(askedAt).toISOString(),
    closedBy: closedBy === null ? null : actorOf(runtime.site, closedBy), closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
  }
}

/** Active profiles of the tenants that a person may see. */
async function profilesSeenBy(principal: Principal | null, runtime: SiteRuntime): Promise<UsingProfile[]> {
  const active = await Promise.all(seenBy(principal, runtime).map(async tenant => ({ tenant, active: await runtime.tenant(tenant).activeProfile() })))
  return active.flatMap(({ tenant, active: found }) => found === null ? [] : [{ tenant, version: found.version, document: found.profile }])
}
